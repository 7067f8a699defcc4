"""The places and the people that quotes name."""

from __future__ import annotations

import pytest

from retrieval.expressions.names import NamedThing, NameReader
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.nlp.lexicon import load_lexicon


def shown(quote: QuoteTokens, named: NamedThing) -> str:
    return quote.text[slice(*quote.span(named.first, named.last))]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("انهار الجسر بقضاء قلعة سكر في المساء", "بقضاء قلعة سكر"),
        ("وُقّع في مقر غرفة تجارة إربد واطلعت الصحيفة", "مقر غرفة تجارة إربد"),
        ("عُثر عليهما قرب ناحية الفجر، وتبيّن", "قرب ناحية الفجر"),
        ("ازدهرت في شمال غرب سورية", "شمال غرب سورية"),
        ("ولد في ألمانيا ودرس", "ألمانيا"),
        ("في العاصمة الأردنية عمّان لهجوم", "العاصمة الأردنية عمّان"),
    ],
)
def test_a_place_is_named_whole(text: str, place: str) -> None:
    quote = QuoteTokens(text)
    assert [shown(quote, one) for one in NameReader(quote, load_lexicon()).places()] == [place]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("وقال محافظ ذي قار جاسم عبد الأمير الركابي للصحافيين", "جاسم عبد الأمير الركابي"),
        ("المتحدثة باسم اللجنة الطبيبة إيناس عوض الكريم في اتصال", "الطبيبة إيناس عوض الكريم"),
        ("تسلّم منتج الفيلم زياد شدراوي نيابة عنها", "زياد شدراوي"),
        ("هو كارل ماركس، ويعدّ من أهم", "كارل ماركس"),
        ("عيّن روبرت كينتنر رئيساً للشركة", "روبرت كينتنر"),
        ("أبرزهم لاري إليسون وغيره", "لاري إليسون"),
    ],
)
def test_a_person_is_named_whole_and_no_further(text: str, person: str) -> None:
    quote = QuoteTokens(text)
    assert [shown(quote, one) for one in NameReader(quote, load_lexicon()).people()] == [person]


def test_a_preposition_is_no_name_though_it_reads_as_one() -> None:
    quote = QuoteTokens("حصلت على العديد من الجوائز")
    assert list(NameReader(quote, load_lexicon()).people()) == []
