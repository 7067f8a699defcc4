"""Who a sentence says attacked, where it is no person."""

from __future__ import annotations

import pytest

from retrieval.archive.parties import attacker_in, is_attack


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("قال متحدث إن مسلحين من رعاة وادي الغلة هاجموا، فجر السبت، القرية", "مسلحين من رعاة وادي الغلة"),
        ("حين أطلق مسلحون من أم سدرة النار على رعاة كانوا يسقون إبلهم", "مسلحون من أم سدرة"),
        ("قصفت قوات النظام بالمدافع أحياء المدينة", "قوات النظام"),
        ("أطلق مسلحون النار وفروا", None),  # nobody is named
        ("وصلت قوات الأمن إلى المكان", None),
        ("هاجم مسلحون من تبن القرية وقصفت قوات الحزام الجبل", None),  # two
    ],
)
def test_the_only_party_that_attacks_is_named(text: str, party: str | None) -> None:
    found = attacker_in(text)
    assert (text[slice(*found[0])] if found else None) == party


def test_an_attack_is_told_by_its_verbs() -> None:
    assert is_attack("وهاجموا")
    assert not is_attack("زاروا")
