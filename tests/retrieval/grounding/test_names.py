"""Names in a sentence, and whether a text has them."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against
from support.builders.vocabulary import Counts

from retrieval.grounding.alignment import Claim
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.name_matching import missing_names
from retrieval.nlp.lexicon import load_lexicon

REPORT = (
    "قال وزير الخارجية التركي مولود جاويش أوغلو في أنقرة إن الكرملين أبلغ حلف الناتو بموعد المناورات، "
    "وزار الرئيس الفرنسي ماكرون ولاية فلوريدا ثم مدينة قرنوش، ووصلت حركة حماس إلى القاهرة."
)


def missing(compared: Comparison) -> list[str]:
    return [compared.claim.terms[term].surface for term in missing_names(compared.claim, compared.whole)]


def names_of(sentence: str) -> set[str]:
    claim = Claim(sentence, Counts(), load_lexicon())
    return {claim.terms[term].surface for term in claim.names}


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("However, the Minister told Reuters of Florida.", {"reuters", "florida"}),
        ("Hamas and NATO were asked by President Macron.", {"hamas", "nato", "macron"}),
        ("Strikes hit the region on Tuesday.", set()),
        ("وقد لقوا حتفهم ومنهم من يستفيد من لقائهما حتى لا تصبح مأوى.", set()),
        ("زارت المديرة بلدة قرنوش.", {"قرنوش"}),
        ("وصل تشوفيرسكي أمس.", {"تشوفيرسكي"}),
        ("قصفت معرة النعمان.", {"معره", "النعمان"}),
        ("وصل وفد حماس إلى كاليفورنيا.", {"حماس", "كاليفورنيا"}),
    ],
)
def test_what_is_a_name(sentence: str, names: set[str]) -> None:
    assert names_of(sentence) == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Çavuşoğlu said in Ankara that Moscow had told NATO.",
        "Mevlut Cavusoglu spoke of the manoeuvres.",
        "Turkey's minister said that Russia had told the alliance.",
        "Emmanuel Macron visited Florida.",
        "قال تشاووش أوغلو إن روسيا أبلغت الناتو.",
        "زار ماكرون فلوريدا وقرنوش.",
        "Hamas arrived in Cairo.",
    ],
)
def test_a_text_has_a_name_however_it_writes_it(sentence: str) -> None:
    assert read_against(missing, sentence, REPORT) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Macron visited Georgia.", ["georgia"]),
        ("Macron visited Texas.", ["texas"]),
        ("Hezbollah arrived in Cairo.", ["hezbollah"]),
        ("The talks took place in Moscow.", ["moscow"]),
        ("زار ماكرون كاليفورنيا.", ["كاليفورنيا"]),
        ("زار ماكرون بلدة سردوك.", ["سردوك"]),
        ("قال لافروف إن روسيا أبلغت الناتو.", ["لافروف"]),
    ],
)
def test_a_name_that_no_text_has_is_found(sentence: str, names: list[str]) -> None:
    assert read_against(missing, sentence, REPORT) == names
