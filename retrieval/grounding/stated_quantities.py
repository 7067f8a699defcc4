"""Whether texts state the numbers and dates of a sentence, of the same thing where that can be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.negation import is_content
from retrieval.nlp.quantities import Quantity

AROUND = 4  # tokens on each side of a number that may say what it counts
COUNTED = 2  # tokens between a number and what it surely counts
_DUAL_ENDINGS = ("ين", "ان")
_SECOND = ("second", "ثاني", "ثان")
AS_NEAR = 0.5  # tokens by which two numbers may differ and both count it: «139 من أصل 176»


def unstated_quantities(claim: Claim, near: Sequence[AlignedText], whole: Sequence[AlignedText]) -> Iterator[Quantity]:
    """Yield the numbers and dates of a sentence that are not said, or said of another thing.

    `near` are the parts of the passages that come nearest to the sentence, `whole` the passages.
    """
    for quantity in claim.quantities:
        if not quantity.is_certain:
            if _is_another_of_its_kind(claim, quantity, near):
                yield quantity
            continue
        if any(_states(claim, quantity, text) for text in near):
            continue
        if any(_states(claim, quantity, text, elsewhere=True) for text in whole):
            continue
        is_two = quantity.kind == "number" and quantity.value == 2
        if is_two and (
            has_dual(counted_terms(claim, quantity), whole)
            or not any(_nearest(claim, quantity, text) for text in near)  # of a word that is not recognised
        ):
            continue
        yield quantity


def has_dual(counted: set[int], texts: Sequence[AlignedText]) -> bool:
    """Tell whether texts have two of what is counted, in one Arabic word: «ناديين», two clubs."""
    return any(
        token.text.endswith(_DUAL_ENDINGS) and counted & text.terms_at(at)
        for text in texts
        for at, token in enumerate(text.tokens)
    )


def _is_another_of_its_kind(claim: Claim, quantity: Quantity, texts: Sequence[AlignedText]) -> bool:
    """Tell whether a word that may be no number ("second") is one: the texts have another beside the same word."""
    beside = claim.terms_at(at for at in (quantity.first - 1, quantity.last + 1) if 0 <= at < len(claim.tokens))
    is_ordinal = claim.tokens[quantity.first].text.removeprefix("و").removeprefix("ال").startswith(_SECOND)
    if quantity.kind != "number" or not is_ordinal or not beside:
        return False
    others = [
        other
        for text in texts
        for other in text.quantities
        if other.kind == "number"
        and beside & text.terms_in(at for at in (other.first - 1, other.last + 1) if 0 <= at < len(text.tokens))
    ]
    return bool(others) and not any(quantity.agrees(other) for other in others)


def _states(claim: Claim, quantity: Quantity, text: AlignedText, *, elsewhere: bool = False) -> bool:
    """Tell whether a text states a quantity of the sentence, of the same thing where that can be seen."""
    same = [other for other in text.quantities if quantity.agrees(other)]
    if not same or quantity.kind != "number" or quantity.is_year:
        return bool(same)
    month = _month_beside(quantity, claim.quantities)
    if month is not None:
        return any(_month_beside(other, text.quantities) == month for other in same)
    nearest = _nearest(claim, quantity, text)
    if any(quantity.agrees(other) for other in nearest):
        return True
    if nearest:
        return False
    about = _terms_beside(claim, quantity)
    if not about:
        return not elsewhere
    return not elsewhere or any(_is_about(text, other, about) for other in same)


def _nearest(claim: Claim, quantity: Quantity, text: AlignedText) -> list[Quantity]:
    """Return the numbers that a text gives to the thing that a number of the sentence counts."""
    counted = counted_terms(claim, quantity)
    numbers: dict[int, list[Quantity]] = {}  # by token
    for other in text.quantities:
        if other.kind == "number" and not other.is_year:
            for at in range(other.first, other.last + 1):
                numbers.setdefault(at, []).append(other)
    found = []
    for at in range(len(text.tokens)) if numbers and counted else ():
        if counted & text.terms_at(at):
            beside = [number for near in range(at - COUNTED, at + COUNTED + 1) for number in numbers.get(near, ())]
            nearest = min((_distance(other, at) for other in beside), default=COUNTED)
            found += [other for other in beside if _distance(other, at) <= min(nearest + AS_NEAR, COUNTED)]
    return found


def counted_terms(claim: Claim, quantity: Quantity) -> set[int]:
    """Return the terms that say what a number of the sentence surely counts."""
    if quantity.is_unit:
        return {claim.of_surface[word] for word in (claim.tokens[quantity.first].text,) if word in claim.of_surface}
    following = range(quantity.last + 1, min(len(claim.tokens), quantity.last + 3))
    return claim.terms_at([at for at in following if is_content(claim.tokens[at].text)][:1])


def _distance(quantity: Quantity, at: int) -> float:
    """Return how far a number is from what it may count, in tokens; what stands before the number is further."""
    return at - quantity.last if at > quantity.last else quantity.first - at + 0.5


def _month_beside(day: Quantity, quantities: Sequence[Quantity]) -> float | None:
    """Return the month whose day a number is, if it is one."""
    beside = (other for other in quantities if other.kind == "month")
    return next((m.value for m in beside if -2 <= m.first - day.last <= 2 or 0 <= day.first - m.last <= 1), None)


def _terms_beside(claim: Claim, quantity: Quantity) -> set[int]:
    """Return the terms that say what a number of the sentence counts."""
    return claim.terms_at(at for at in _beside(quantity, len(claim.tokens)) if is_content(claim.tokens[at].text))


def _is_about(text: AlignedText, quantity: Quantity, about: set[int]) -> bool:
    return bool(about & text.terms_in(_beside(quantity, len(text.tokens))))


def _beside(quantity: Quantity, count: int) -> list[int]:
    """Return the tokens near a quantity's own."""
    around = range(max(0, quantity.first - AROUND), min(count, quantity.last + AROUND + 1))
    return [at for at in around if not quantity.first <= at <= quantity.last]
