"""Which words one slip of a finger makes of others."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import normalise
from retrieval.nlp.typing_slips import one_slip_away


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goverment", "government"),  # left out
        ("presiddent", "president"),  # added
        ("minester", "minister"),  # another
        ("elcetion", "election"),  # changed over
        ("المحكنة", "المحكمة"),
        ("الحكومةة", "الحكومة"),
        ("المتشفى", "المستشفى"),
        ("الانتاخبات", "الانتخابات"),
    ],
)
def test_a_slip_of_the_finger_is_undone(typed: str, meant: str) -> None:
    assert normalise(meant) in set(one_slip_away(normalise(typed)))


@pytest.mark.parametrize(
    ("typed", "other"),
    [("govermnet", "government"), ("الخزرجي", "الخارجي"), ("camel", "caqel"), ("المحكمة", "المحكمة")],
)
def test_two_slips_and_a_letter_that_is_far_are_none(typed: str, other: str) -> None:
    assert normalise(other) not in set(one_slip_away(normalise(typed)))
