"""Pure: pages of the archive: its articles as a list, the outlets and days to choose from, one article opened.

What a button leads to stands in what it sends: nothing of it is kept, and it works after a restart as before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.rendering.texts import TextKey, count_articles, date_in_words
from bot.telegram.messages.bidi import inset, localised, shortened
from bot.telegram.messages.html import Block
from bot.telegram.messages.keyboards import LONGEST_LABEL, PER_ROW, Button, Rows, laid_out
from bot.telegram.messages.layout import Message, article_block, line_block, messages_of, passage_messages
from bot.telegram.messages.replies import told
from bot.telegram.messages.texts import label, text
from retrieval.nlp.display import one_line
from retrieval.types import Article, Language, Span

ROWS_A_PAGE = 8  # articles, outlets or days listed at a time
_LONGEST_LISTED = (150, 60, 20)  # code points of a title or an outlet: the first at which a page is one message
UNSTATED = "none"  # stands for articles whose outlet, or whose day, is not known
_DATA = re.compile(
    r"(?P<verb>list|outlets|days|open|about)(?::(?P<article>[0-9a-f]{12}))?(?::(?P<passage>\d{1,4}))?"
    r"(?:@(?P<offset>\d{1,7}),(?P<outlet>[0-9a-f]{8}|none|),(?P<day>\d{4}-\d\d-\d\d|none|))?"
)
PageVerb = Literal["list", "outlets", "days", "open", "about"]


@dataclass(frozen=True, slots=True)
class View:
    """Which articles are listed: from a place on, of an outlet and a day; what is empty is open."""

    offset: int = 0
    outlet: str = ""  # the key of an outlet's name, or `UNSTATED`
    day: str = ""  # YYYY-MM-DD, or `UNSTATED`

    @property
    def is_filtered(self) -> bool:
        """Tell whether some articles are left out."""
        return bool(self.outlet or self.day)

    def after(self, verb: PageVerb, article: str = "", passage: int | None = None) -> str:
        """Return what a button sends that leads somewhere, and back to this view.

        >>> View(8, "", "2019-05-14").after("open", "cafe01cafe01", 2)
        'open:cafe01cafe01:2@8,,2019-05-14'
        """
        place = ":".join([verb, *([article] if article else []), *([] if passage is None else [str(passage)])])
        return f"{place}@{self.offset},{self.outlet},{self.day}"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a button leads: a list, a choice, or a passage of an article; and the list that it stands in."""

    verb: str
    view: View
    article: str = ""
    passage: int = 0


def step_of(action: str) -> Step | None:
    """Return where a button leads that sends something; None where it is none of these."""
    found = _DATA.fullmatch(action)
    if found is None or not _is_day(found["day"] or UNSTATED):
        return None
    view = View(int(found["offset"] or 0), found["outlet"] or "", found["day"] or "")
    return Step(found["verb"], view, found["article"] or "", int(found["passage"] or 0))


def _is_day(day: str) -> bool:
    """Tell whether there is such a day, or none is stated: whoever forges a button may send any digits."""
    try:
        return day == UNSTATED or bool(date.fromisoformat(day))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Choice:
    """An outlet or a day by its key, as it is called, and how many articles it has."""

    key: str
    name: str
    count: int


def list_message(articles: Sequence[Article], total: int, view: View, heading: str, language: Language) -> Message:
    """Return a page of articles by number, with buttons to open each, to turn the page and to choose others."""
    if not articles:
        return replace(told(language, "latest_none"), buttons=laid_out([_filters(view, language)], language))
    numbered = [
        Button(str(view.offset + place + 1), view.after("open", article.article_id, 0))
        for place, article in enumerate(articles)
    ]
    rows = [tuple(numbered[at : at + PER_ROW]) for at in range(0, len(numbered), PER_ROW)]
    rows += [_turns("list", total, view, language), _filters(view, language)]
    for longest in _LONGEST_LISTED:
        page, *more = messages_of(_lines(articles, view, heading, language, longest), laid_out(rows, language))
        if not more:
            break
    return page


def _lines(articles: Sequence[Article], view: View, heading: str, language: Language, longest: int) -> list[Block]:
    """Return the lines of a page of articles, their titles and outlets of so many code points at most."""
    first = view.offset + 1
    listed = [
        article_block(article.label, article, language, f"{number}. ", longest=longest)
        for number, article in enumerate(articles, start=first)
    ]
    return [line_block(heading, language), *(replace(one, gap=at == 0) for at, one in enumerate(listed))]


def choice_message(
    verb: Literal["outlets", "days"], choices: Sequence[Choice], view: View, language: Language
) -> Message:
    """Return a page of outlets or days to choose from, from a place on, each with the number of its articles."""
    shown = choices[view.offset : view.offset + ROWS_A_PAGE]
    rows: list[tuple[Button, ...]] = [(Button(_choice(one, language), _chosen(verb, one, view)),) for one in shown]
    held = sum(one.count for one in choices)
    key: TextKey = "choose_outlets" if verb == "outlets" else "choose_days"
    asked = told(language, key, articles=count_articles(held, language))
    other: PageVerb = "days" if verb == "outlets" else "outlets"
    rows += [_turns(verb, len(choices), view, language)]
    rows += [(Button(label(language, other), replace(view, offset=0).after(other)), _all(language))]
    return replace(asked, buttons=laid_out(rows, language))


def article_message(article: Article, passages: Sequence[Span], at: int, view: View, language: Language) -> Message:
    """Return an article opened at one of its passages: read on, ask about it, open its page, go back to the list."""
    (page, *_) = passage_messages(article, passages[at], language)
    row = [Button(label(language, "earlier"), view.after("open", article.article_id, at - 1))] if at > 0 else []
    if at + 1 < len(passages):
        row.append(Button(label(language, "later"), view.after("open", article.article_id, at + 1)))
    link = article.link_to(article.text[passages[at].start : passages[at].end])
    rows: list[tuple[Button, ...]] = [tuple(row), (Button(label(language, "about"), f"about:{article.article_id}"),)]
    rows += [(Button(label(language, "page"), "", link),)] if link else []
    rows += [(Button(label(language, "back"), view.after("list")),)]
    return replace(page, buttons=laid_out(rows, language))


def focus_message(article: Article, language: Language) -> Message:
    """Return that questions are about an article from now on, with the button that ends that."""
    return told(language, "focused", leave_buttons(language), title=article.label)


def leave_buttons(language: Language) -> Rows:
    """Return the button that lets questions be about all articles again."""
    return ((Button(label(language, "leave_focus"), "leave"),),)


def heading_of(view: View, outlet: str | None, language: Language) -> str:
    """Return what a list is headed by: what is newest, or the outlet and the day that were chosen."""
    if not view.is_filtered:
        return localised(text(language, "latest"), language)
    day = day_name(view.day, language) if view.day else None
    return " · ".join(inset(shortened(one, max(_LONGEST_LISTED)), language) for one in (outlet, day) if one) + ":"


def day_name(day: str, language: Language) -> str:
    """Return a day in words, or that none is stated."""
    return label(language, "undated") if day == UNSTATED else date_in_words(day, language)


def _choice(choice: Choice, language: Language) -> str:
    return f"{inset(shortened(one_line(choice.name), LONGEST_LABEL), language)} ({choice.count})"


def _chosen(verb: Literal["outlets", "days"], choice: Choice, view: View) -> str:
    chosen = replace(view, offset=0, **{"outlet" if verb == "outlets" else "day": choice.key})
    return chosen.after("list")


def _turns(verb: PageVerb, total: int, view: View, language: Language) -> tuple[Button, ...]:
    """Return the buttons that turn to the page before and to the one after."""
    turns = []
    if view.offset:
        turns.append(
            Button(label(language, "newer"), replace(view, offset=max(view.offset - ROWS_A_PAGE, 0)).after(verb))
        )
    if view.offset + ROWS_A_PAGE < total:
        turns.append(Button(label(language, "older"), replace(view, offset=view.offset + ROWS_A_PAGE).after(verb)))
    return tuple(turns)


def _filters(view: View, language: Language) -> tuple[Button, ...]:
    first = replace(view, offset=0)
    choosing = (Button(label(language, verb), first.after(verb)) for verb in ("outlets", "days"))
    return (*choosing, *([_all(language)] if view.is_filtered else []))


def _all(language: Language) -> Button:
    return Button(label(language, "all"), View().after("list"))
