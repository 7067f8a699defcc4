"""Pure: the buttons under messages; what stands behind each is a short word that the bot keeps under a key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.rendering.answer_lines import LabelOf
from bot.rendering.judgements import Reason
from bot.telegram.messages.bidi import MARKS, inset, shortened, title_language
from bot.telegram.messages.texts import label
from retrieval.nlp.display import one_line
from retrieval.types import Answer, Citation, Language

PER_ROW = 4  # short buttons; Telegram shows 8 at most
MOST_SOURCES = 10  # buttons, a row each; Telegram takes 100 in all
MOST_SUGGESTED = 3
REASONS: Mapping[Reason, str] = {  # for which an answer may be bad, and what stands on their buttons
    "wrong": "reason_wrong",
    "off_topic": "reason_off_topic",
    "old": "reason_old",
    "other": "reason_other",
}
LONGEST_LABEL = 60  # code points of a question or a title on a button
LONGEST_OUTLET = 24  # of an outlet's name
MOST_WATCHES = 40  # in a list: lines of LONGEST_LABEL and what stands around them fit one message
DIGEST_HOURS = (6, 7, 8, 9, 12, 15, 18, 21)  # that are offered


@dataclass(frozen=True, slots=True)
class Button:
    """A button, and what it stands for, as "source:2", "later", "other_language", "good", "ask:0"."""

    text: str
    action: str
    url: str | None = None  # of a page, which opens in the action's place


Rows = tuple[tuple[Button, ...], ...]


def answer_buttons(
    answer: Answer, label_of: LabelOf, suggestions: Sequence[str] = (), *, is_narrowed: bool = False
) -> Rows:
    """Return the buttons under an answer: its sources, ratings, the other language, and what to ask next."""
    language, rows = answer.language, source_rows(answer, label_of)
    ratings = [Button(label(language, "good"), "good"), Button(label(language, "bad"), "bad")]
    if rows:
        ratings.append(Button(label(language, "wrong_source"), "wrong_source"))
    if is_narrowed:
        rows.append((Button(label(language, "leave_focus"), "leave"),))
    rows += [tuple(ratings), (Button(label(language, "other_language"), "other_language"),)]
    rows += [
        (Button(_shortened(question, language), f"ask:{at}"),)
        for at, question in enumerate(suggestions[:MOST_SUGGESTED])
    ]
    return laid_out(rows, language)


def source_buttons(answer: Answer, label_of: LabelOf) -> Rows:
    """Return the buttons of the sources of an answer."""
    return laid_out(source_rows(answer, label_of), answer.language)


def source_rows(answer: Answer, label_of: LabelOf) -> list[tuple[Button, ...]]:
    """Return a row for each source, which opens its page where there is one, and else the quote in its article.

    A page may be gone or behind a payment, and its passages cannot be turned here: for those that open a page, a row of
    small buttons opens the quote in its article, as the index has it.
    """
    cited = answer.citations[:MOST_SOURCES]
    rows = [(_source(citation, label_of(citation.article_id), answer.language),) for citation in cited]
    linked = [button.action for (button,) in rows if button.url]
    passages = [Button(label(answer.language, "passage", number=action.partition(":")[2]), action) for action in linked]
    return rows + [tuple(passages[at : at + PER_ROW]) for at in range(0, len(passages), PER_ROW)]


def _source(citation: Citation, title: str, language: Language) -> Button:
    """Return the button of a source: its number, its outlet and its title, laid out in the title's direction."""
    own = title_language(title, language)
    outlet = [inset(shortened(one_line(citation.source), LONGEST_OUTLET), own)] if citation.source else []
    named = " · ".join([str(citation.number), *outlet, inset(shortened(one_line(title), LONGEST_LABEL), own)])
    return Button(MARKS[own] + named, f"source:{citation.number}", citation.link_to(citation.quote))


def reason_buttons(language: Language) -> Rows:
    """Return the reasons for which an answer may be bad."""
    buttons = [Button(label(language, said), f"reason:{reason}") for reason, said in REASONS.items()]
    return laid_out([tuple(buttons[:2]), tuple(buttons[2:])], language)


def passage_buttons(language: Language, *, earlier: bool, later: bool) -> Rows:
    """Return the buttons under a passage that lead to its neighbours."""
    row = [Button(label(language, "earlier"), "earlier")] if earlier else []
    row += [Button(label(language, "later"), "later")] if later else []
    return laid_out([tuple(row)], language)


def language_buttons() -> Rows:
    """Return the choice of a language, each in its own."""
    return ((Button(label("en", "english"), "language:en"), Button(label("ar", "arabic"), "language:ar")),)


def forget_buttons(language: Language) -> Rows:
    """Return the two answers to whether everything kept is to be deleted."""
    return laid_out(
        [(Button(label(language, "delete"), "forget:yes"), Button(label(language, "keep"), "forget:no"))], language
    )


def example_buttons(questions: Sequence[str], language: Language) -> Rows:
    """Return a button for each question to begin with, which says it whole; a longer one is not offered."""
    shown = [question for question in questions if len(question) <= LONGEST_LABEL]
    return tuple((Button(inset(question, language), f"example:{at}"),) for at, question in enumerate(shown))


def access_buttons(language: Language, person: int, but: Collection[str] = ("revoked",)) -> Rows:
    """Return what an admin can decide of a person; some decisions are not offered."""
    offered = {"approved": "approve", "denied": "deny", "revoked": "revoke"}
    row = (Button(label(language, said), f"{one}:{person}") for one, said in offered.items() if one not in but)
    return laid_out([tuple(row)], language)


def people_buttons(people: Sequence[int]) -> Rows:
    """Return a button for each person who was let in, which takes that back."""
    buttons = [Button(str(person), f"revoked:{person}") for person in people]
    return tuple(tuple(buttons[at : at + PER_ROW]) for at in range(0, len(buttons), PER_ROW))


def article_buttons(language: Language, subject: str) -> Rows:
    """Return the button under a message about an article; it names the article's file."""
    return ((Button(label(language, "remove"), f"remove:{subject}"),),)


def removal_buttons(language: Language, subject: str) -> Rows:
    """Return the two answers to whether an article is to be removed."""
    answers = (("delete", "removed"), ("keep", "kept"))
    return laid_out([tuple(Button(label(language, key), f"{action}:{subject}") for key, action in answers)], language)


def taken_buttons(language: Language) -> Rows:
    """Return what can be done with a file whose name another one has."""
    row = (Button(label(language, "replace"), "replace"), Button(label(language, "both"), "both"))
    return laid_out([row, (Button(label(language, "leave"), "leave"),)], language)


def watch_buttons(language: Language, watch_id: int, *, is_daily: bool, at_night: bool | None) -> Rows:
    """Return what can be done with a watch; `at_night` is None where there are no quiet hours."""
    telling = ("watch_at_once", "now") if is_daily else ("watch_daily", "daily")
    when = [Button(label(language, telling[0]), f"{telling[1]}:{watch_id}")]
    if not is_daily and at_night is not None:
        night = ("watch_not_at_night", "quiet") if at_night else ("watch_at_night", "night")
        when.append(Button(label(language, night[0]), f"{night[1]}:{watch_id}"))
    return laid_out([tuple(when), (Button(label(language, "watch_end"), f"end:{watch_id}"),)], language)


def hour_buttons(language: Language, watch_id: int) -> Rows:
    """Return the hours at which a watch can be told once a day."""
    hours = [Button(f"{hour}:00", f"hour:{watch_id}:{hour}") for hour in DIGEST_HOURS]
    return laid_out([tuple(hours[at : at + PER_ROW]) for at in range(0, len(hours), PER_ROW)], language)


def watch_list_buttons(watches: Sequence[tuple[int, int, str]], language: Language, action: str) -> Rows:
    """Return a button for each of some watches, given by key, number and words."""
    return tuple(
        (Button(_shortened(f"{number}. {text}", language), f"{action}:{key}"),) for key, number, text in watches
    )


def alert_buttons(language: Language, watch_ids: Sequence[int]) -> Rows:
    """Return the button under what is told of one watch, which ends it; below several none."""
    return ((Button(label(language, "watch_end"), f"stop:{watch_ids[0]}"),),) if len(watch_ids) == 1 else ()


def laid_out(rows: Sequence[tuple[Button, ...]], language: Language) -> Rows:
    """Return rows as a reader of the language expects them: Telegram lays a row out from left to right, always."""
    kept = [row for row in rows if row]
    return tuple(row[::-1] for row in kept) if language == "ar" else tuple(kept)


def _shortened(question: str, language: Language) -> str:
    whole = inset(question, language)
    if len(question) <= LONGEST_LABEL:
        return whole
    return inset(question[:LONGEST_LABEL].rsplit(" ", 1)[0].rstrip("،؛,:.") + "…", language)
