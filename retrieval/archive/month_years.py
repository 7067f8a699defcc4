"""Months without a year in a question about the archive: «في مايو» is the last May of which there are articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from retrieval.nlp.analysis import tokens
from retrieval.nlp.dates import MONTH_OF
from retrieval.nlp.word_lists import normalised

_BEFORE_MONTH = normalised(
    "في خلال اثناء شهر منذ قبل بعد حتى مقالات اخبار تقارير in during since before after until of from"
)


def with_years(text: str, days: Callable[[], Iterable[str]]) -> str:
    """Return a question whose months each have a year: the last of which some days, as YYYY-MM-DD, are in that month.

    >>> days = lambda: ["2018-05-02", "2019-05-14", "2019-11-02"]
    >>> with_years("كم مقالا عن إدلب في مايو؟", days), with_years("which articles mention Idlib in November", days)
    ('كم مقالا عن إدلب في مايو 2019؟', 'which articles mention Idlib in November 2019')
    >>> with_years("مقالات مايو", days), with_years("list articles from May", days)
    ('مقالات مايو 2019', 'list articles from May 2019')
    >>> with_years("news of 14 May 2018 and in June", days), with_years("may I ask", days)
    ('news of 14 May 2018 and in June', 'may I ask')
    """
    said = tokens(text)
    if not any(word in MONTH_OF for word, _, _ in said):
        return text
    held = frozenset(day[:7] for day in days())
    for at in range(len(said) - 1, 0, -1):
        month = MONTH_OF.get(said[at].text)
        has_year = at + 1 < len(said) and said[at + 1].text.isdecimal()
        if month is None or has_year or said[at - 1].text not in _BEFORE_MONTH:
            continue
        years = [one[:4] for one in held if int(one[5:]) == month]
        if years:
            text = f"{text[: said[at].end]} {max(years)}{text[said[at].end :]}"
    return text
