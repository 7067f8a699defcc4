"""Pure: what Sanad found, laid out as Telegram messages.

A quote stands in its blockquote as the article has it, without isolates inside, since whoever copies it must get the
article's words: at most one invisible direction mark before a line that Telegram would lay out the wrong way. All
else that Sanad says is isolated as on a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.rendering.answer_lines import (
    LabelOf,
    excerpt,
    frame,
    is_quotation,
    markers,
    quotes_beside,
    readings_mark,
    refusal,
    remarks,
    reply_lines,
    shown_text,
    tally,
    troubles,
    unanswered,
)
from bot.rendering.archive_lines import row_label
from bot.rendering.draft import AnswerDraft
from bot.rendering.side_lines import quotes_of_sides, side_line, sides_header
from bot.rendering.texts import TextKey, date_in_words
from bot.rendering.timeline_lines import also_in_line
from bot.telegram.messages.bidi import MARKS, inset, localised, sendable, shortened, title_language
from bot.telegram.messages.html import TIE, Block, Kind, Run, Style, html_of, plain_of, split_message
from bot.telegram.messages.keyboards import Rows, answer_buttons, passage_buttons
from bot.telegram.messages.texts import text
from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import isolate
from retrieval.types import Answer, Article, Citation, Language, Mode, Sentence, Span

_LONGEST_NAME = 300  # code points of a title or a source
LONGEST_QUOTE = 2500  # code points of a quote whose source must stand in the same message
OPEN_QUOTE = 700  # code points of a quote that is the answer, or stands below it; a longer one is folded
_ALL_MARKS = frozenset(MARKS.values())
_CONTEXT = 900  # code points of the article shown on either side of a quote


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is sent, in HTML and without a link preview, and as it reads; its buttons by rows."""

    html: str
    plain: str
    buttons: Rows = ()


def answer_messages(
    answer: Answer,
    label_of: LabelOf,
    suggestions: Sequence[str] = (),
    *,
    heading: TextKey | None = None,
    about: str | None = None,
) -> list[Message]:
    """Return an answer with its quotes, or what is held instead; the buttons stand under the last message.

    The question stands above it, in a `heading` that names it, where nobody wrote it in the chat; so does the title of
    the article that it was `about` alone.
    """
    if answer.outcome == "reply":
        return messages_of(_replied(answer))
    leading = [_question(answer, heading)] if heading and not answer.parts else []
    leading = [_titled(about, answer.language), *leading] if about else leading
    buttons = answer_buttons(answer, label_of, suggestions, is_narrowed=about is not None)
    return messages_of([*leading, *_answer_blocks(answer, label_of)], buttons)


def _answer_blocks(answer: Answer, label_of: LabelOf) -> list[Block]:
    """Return an answer, or several under their questions."""
    if not answer.parts:
        return _told(answer, label_of)
    blocks = [block for part in answer.parts for block in (_question(part), *_told(part, label_of))]
    return blocks + [replace(block, gap=True) for block in _own_lines(unanswered(answer), answer.language)]


def _told(answer: Answer, label_of: LabelOf) -> list[Block]:
    match answer.outcome:
        case "reply":
            return _replied(answer)
        case "not_covered":
            return _refused(answer)
        case _:
            return _found(answer, label_of)


def _titled(title: str, language: Language) -> Block:
    """Return the line that says which article alone was asked."""
    before, _, after = text(language, "only_of").partition("{title}")
    named = inset(shortened(sendable(title), _LONGEST_NAME), language)
    return Block((Run(localised(before, language) + named + localised(after, language)),), language, kept=True)


def _question(answer: Answer, heading: TextKey = "asked") -> Block:
    before, _, after = text(answer.language, heading).partition("{question}")
    own = (Run(localised(part, answer.language)) for part in (before, after))
    question = Run(inset(shortened(sendable(answer.question), _LONGEST_NAME), answer.language), "italic")
    return Block((next(own), question, *own), answer.language, kept=True, gap=True)


def messages_of(blocks: Sequence[Block], buttons: Rows = ()) -> list[Message]:
    """Return blocks as messages that Telegram takes, the buttons under the last."""
    messages = [Message(html_of(part), plain_of(part).strip(" \n")) for part in split_message(blocks)]
    return [*messages[:-1], *(replace(last, buttons=buttons) for last in messages[-1:])]


def _refused(answer: Answer) -> list[Block]:
    return _own_lines([*troubles(answer), *refusal(answer)], answer.language)


def _replied(answer: Answer) -> list[Block]:
    """Return a reply, which may be in both languages: each line is laid out as its own has it."""
    return [
        block
        for line in reply_lines(answer, has_commands=True)
        for block in _own_lines([line], answer.language if line.startswith("• ") else language_of(line))
    ]


def _own_lines(lines: Sequence[str], language: Language) -> list[Block]:
    """Return lines of Sanad's own as paragraphs, and the labels of articles, which end them, each as its own has it."""
    blocks = []
    for line in lines:
        own = title_language(line, language) if line.startswith("• ") else language
        blocks.append(line_block(f"• {inset(line[2:], own)}" if line.startswith("• ") else localised(line, own), own))
    return blocks


def _found(answer: Answer, label_of: LabelOf) -> list[Block]:
    language = answer.language
    cited = {citation.number: citation for citation in answer.citations}
    blocks = [line_block(localised(line, language), language) for line in (*remarks(answer), *frame(answer))]
    waiting = dict(cited)
    for sentence in answer.sentences:
        if label := row_label(answer, sentence):
            blocks.append(line_block(localised(label, language), language, gap=True))
        first = cited.get(sentence.citations[0]) if sentence.citations else None
        if is_quotation(sentence) and first and first.quote == sentence.text and first.number in waiting:
            blocks += quoted_blocks(_open_block(first), waiting.pop(first.number), label_of, language, gap=bool(blocks))
            for number in sentence.citations:
                if number in waiting:
                    blocks += _evidence(waiting.pop(number), label_of, language)
        else:
            blocks.append(replace(_sentence(sentence, answer.mode, language), gap=bool(blocks)))
            for quote in quotes_beside(sentence, answer.citations):
                if waiting.pop(quote.number, None):
                    blocks += quoted_blocks(_open_block(quote), quote, label_of, language)
                else:  # its source stands below it further up
                    blocks.append(_open_block(quote))
    blocks += [line_block(localised(line, language), language, gap=True) for line in tally(answer)]
    blocks += _sides(answer, label_of, waiting)
    for citation in waiting.values():
        blocks += _evidence(citation, label_of, language)
    return blocks


def _sides(answer: Answer, label_of: LabelOf, waiting: dict[int, Citation]) -> list[Block]:
    """Return where the sources differ: a line a side, and below it each quote that was not shown, over its source."""
    blocks = [line_block(localised(line, answer.language), answer.language, gap=True) for line in sides_header(answer)]
    for side, quotes in quotes_of_sides(answer):
        line = localised(side_line(side, answer.citations, answer.language), answer.language)
        blocks.append(replace(line_block(line, answer.language), kept=bool(quotes)))
        for quote in quotes:
            if waiting.pop(quote.number, None):
                blocks += [
                    replace(quote_block(quote, "folded"), kept=True),
                    source_block(quote, label_of, answer.language),
                ]
    return blocks


def _open_block(citation: Citation) -> Block:
    """Return a quote that is to be read with what stands above it: whole, but for a long one."""
    return quote_block(citation, "quote" if len(citation.quote) <= OPEN_QUOTE else "folded")


def quote_beside_source(citation: Citation, kind: Kind) -> Block:
    """Return a quote of which all is in one message with its source; of one that leaves that no room, its beginning."""
    if len(citation.quote) > LONGEST_QUOTE:
        citation = replace(citation, quote=shortened(citation.quote, LONGEST_QUOTE), matched=(), expression=None)
    return quote_block(citation, kind)


def line_block(text: str, language: Language, *, gap: bool = False) -> Block:
    """Return a paragraph of Sanad's own."""
    return Block((Run(text),), language, gap=gap)


def _sentence(sentence: Sentence, mode: Mode, language: Language) -> Block:
    """Return a sentence of a model's answer and what was done with it; its markers never leave it."""
    numbers = markers(sentence)
    ending = f"{TIE}{isolate(numbers, 'ltr')}" if numbers else ""
    done = f" {localised(readings_mark(sentence, mode, language), language)}"
    runs = (Run(localised(sendable(shown_text(sentence)).strip(), language)), Run(ending), Run(done.rstrip(), "italic"))
    return Block(runs, language, kept=not is_quotation(sentence), tail=len(ending + done.rstrip()))


def _evidence(citation: Citation, label_of: LabelOf, language: Language) -> list[Block]:
    """Return a citation that no sentence shows: its quote folded, over its source."""
    return quoted_blocks(quote_block(citation, "folded"), citation, label_of, language, gap=True)


def quoted_blocks(
    quote: Block, citation: Citation, label_of: LabelOf, language: Language, *, gap: bool = False
) -> list[Block]:
    """Return a quote over its source, and below that which other outlets print the same."""
    source, also = source_block(citation, label_of, language), also_in_line(citation.outlets, language)
    copies = [line_block(localised(line[0].upper() + line[1:], language), language) for line in also]
    return [replace(quote, kept=True, gap=gap), replace(source, kept=bool(copies)), *copies]


def source_block(citation: Citation, label_of: LabelOf, language: Language, *, longest: int = _LONGEST_NAME) -> Block:
    """Return the line of a citation's number and source, which leads to the quote in its page where that is known."""
    link, title = citation.link_to(citation.quote), label_of(citation.article_id)
    lead = isolate(f"[{citation.number}]", "ltr") + " "
    return article_block(title, citation, language, lead, style="plain", link=link, longest=longest)


def article_block(
    title: str,
    known: Article | Citation,
    language: Language,
    lead: str = "",
    *,
    style: Style = "bold",
    link: str | None = None,
    longest: int = _LONGEST_NAME,
) -> Block:
    """Return the line of what is known of an article, after a number: in the direction of its title, as a quote is.

    Its title and its outlet have so many code points at most, the `longest`.
    """
    own = title_language(title, language)
    day = date_in_words(known.published, language) if known.published else None
    beside = (part for part in (known.source, day, known.dated) if part)  # what is not known is left out
    runs = [Run(lead), Run(inset(shortened(title, longest), own), style, link)]
    runs += [Run(" · " + inset(shortened(part, longest), own)) for part in beside]
    return Block(tuple(runs), own)


def quote_block(citation: Citation, kind: Kind) -> Block:
    """Return a citation's quote with what answers in bold; where that is not known, the words that match."""
    found = citation.expression
    bold = (Span(found.start, found.end),) if found else citation.matched
    return _quoted(citation.quote, bold, kind)


def _quoted(quote: str, matched: Iterable[Span], kind: Kind) -> Block:
    runs, at = [], 0
    for start, end in matched:
        runs += [Run(sendable(quote[at:start])), Run(sendable(quote[start:end]), "bold")]
        at = end
    runs.append(Run(sendable(quote[at:])))
    return Block(_apart(runs), language_of(quote), kind)


def source_messages(
    article: Article, citation: Citation, language: Language, *, earlier: bool = False, later: bool = False
) -> list[Message]:
    """Return a citation's quote in its place in the article, as it is now."""
    before, _, after = excerpt(article.text, citation.start, citation.end, _CONTEXT)
    head = replace(source_block(citation, lambda _: article.label, language), kept=True)
    own = language_of(article.text)
    blocks = [head]
    blocks += _paragraphs(before, own)
    blocks.append(replace(quote_block(citation, "quote"), gap=not before.strip()))
    blocks += _paragraphs(after, own)
    return messages_of(blocks, passage_buttons(language, earlier=earlier, later=later))


def passage_messages(
    article: Article, shown: Span, language: Language, *, earlier: bool = False, later: bool = False
) -> list[Message]:
    """Return a passage of an article, which stands before or after one that was shown."""
    head = replace(article_block(article.label, article, language), kept=True)
    blocks = [head, *_paragraphs(article.text[shown.start : shown.end], language_of(article.text))]
    return messages_of(blocks, passage_buttons(language, earlier=earlier, later=later))


def _paragraphs(text: str, language: Language) -> list[Block]:
    """Return an article's own text, untouched but for what Telegram would spoil."""
    return [Block((Run(line),), language, gap=True) for line in sendable(text).split("\n") if line.strip()]


def preview_html(draft: AnswerDraft, label_of: LabelOf) -> str:
    """Return what is shown of an answer while it is being made: what is being done, over what fits one message."""
    line = Block((Run(localised(draft.line, draft.language), "italic"),), draft.language)
    known = _answer_blocks(draft.answer, label_of) if draft.answer else []
    return html_of(split_message([line, *(replace(block, gap=True) for block in known[:1]), *known[1:]])[0])


def _apart(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs that say something, without direction marks that would come to stand side by side."""
    kept: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if kept and kept[-1].text[-1] in _ALL_MARKS and run.text[0] in _ALL_MARKS:
            kept[-1] = replace(kept[-1], text=kept[-1].text[:-1])
        kept = [*(one for one in kept if one.text), run]
    return tuple(kept)
