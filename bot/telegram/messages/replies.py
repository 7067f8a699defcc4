"""Pure: what else the bot sends: its own sentences, lists of articles, accounts of answers, inline results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from string import Formatter

from bot.rendering.answer_lines import MOST_HITS, LabelOf, check_line, gate_line, ranks_line, stems_line
from bot.rendering.citation_styles import TextStyle, styled_citations
from bot.rendering.commands import IN_PRIVATE, IN_TELEGRAM, command_list
from bot.rendering.texts import TextKey, say
from bot.telegram.messages.bidi import inset, localised, sendable, shortened
from bot.telegram.messages.html import MOST_POINTS, Block, Run, html_of, split_message
from bot.telegram.messages.keyboards import Rows
from bot.telegram.messages.layout import (
    Message,
    line_block,
    messages_of,
    quote_beside_source,
    quoted_blocks,
    source_block,
)
from bot.telegram.messages.texts import text
from retrieval.nlp.display import one_line
from retrieval.types import Answer, Citation, Hit, Language, SearchedWord, SentenceCheck

_LONGEST_VALUE = 400  # code points of what is put into a sentence of ours
LONGEST_TOAST = 200  # of what Telegram shows over a pressed button
_LONGEST_TITLE = 100  # of an inline result
LONGEST_DESCRIPTION = 250
MOST_RESULTS = 10
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result to share: what is listed, and the message that is sent for it."""

    result_id: str
    title: str
    description: str
    html: str


def told(language: Language, key: TextKey, buttons: Rows = (), **values: object) -> Message:
    """Return one of the bot's texts as a message; values are text and keep their own direction."""
    return _told(text(language, key), language, buttons, values)


def citation_messages(answer: Answer, style: TextStyle) -> list[Message]:
    """Return the quotes of an answer as references to copy, as many in a message as Telegram takes."""
    written: list[str] = []
    for citation in answer.citations:
        one = sendable(styled_citations([replace(answer, citations=(citation,))], style))
        if written and len(written[-1]) + len(one) < MOST_POINTS:
            written[-1] += f"\n{one}"
        else:
            written.append(one[:MOST_POINTS])
    return [Message(f"<pre>{escape(text, quote=False)}</pre>", text) for text in written]


def help_message(language: Language, bot: str) -> Message:
    """Return how to ask, and the commands that everybody has."""
    offered = command_list((IN_TELEGRAM[name] for name in IN_PRIVATE), language, "{name} – {summary}")
    return _told(text(language, "help").replace("{commands}", offered), language, (), {"bot": bot})


def _told(template: str, language: Language, buttons: Rows, values: Mapping[str, object]) -> Message:
    first, *_ = messages_of(_blocks(template, language, values))  # values are bounded: it is the only one
    return replace(first, buttons=buttons)


def join_messages(messages: Sequence[Message], between: str = "\n\n") -> Message:
    """Return short messages as one, with an empty line between them."""
    return Message(between.join(one.html for one in messages), between.join(one.plain for one in messages))


def toast(language: Language, key: TextKey, **values: object) -> str:
    """Return one of the bot's texts as it is shown over a pressed button: in plain text, 200 characters at most."""
    return _bounded(told(language, key, (), **values).plain, LONGEST_TOAST)


def _blocks(template: str, language: Language, values: Mapping[str, object]) -> list[Block]:
    blocks, gap = [], False
    for line in template.split("\n"):
        if line:
            blocks.append(Block((Run(_filled(line, language, values)),), language, gap=gap))
        gap = not line
    return blocks


def _filled(line: str, language: Language, values: Mapping[str, object]) -> str:
    """Return a line of ours with its values put in, each isolated by itself."""
    pieces = []
    for literal, name, _, _ in Formatter().parse(line):
        pieces.append(localised(literal, language))
        if name is not None:
            pieces.append(inset(_bounded(str(values[name]), _LONGEST_VALUE), language))
    return "".join(pieces)


def _bounded(value: str, most: int) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"


def source_list_messages(answer: Answer, label_of: LabelOf, buttons: Rows = ()) -> list[Message]:
    """Return the sources of an answer, each by its number."""
    language = answer.language
    if not answer.citations:
        return [told(language, "no_sources")]
    blocks = _blocks(text(language, "sources"), language, {})
    blocks += [source_block(citation, label_of, language) for citation in answer.citations]
    return messages_of(blocks, buttons)


def inline_results(answer: Answer, label_of: LabelOf) -> list[InlineResult]:
    """Return the quotes of an answer as results to share, each with its question; nothing of a reply or a refusal."""
    return [result for part in answer.each for result in _quotes_of(part, label_of)][:MOST_RESULTS]


def _quotes_of(answer: Answer, label_of: LabelOf) -> list[InlineResult]:
    language = answer.language
    asked = Block(
        (Run(_filled(text(language, "asked"), language, {"question": answer.question})),), language, kept=True
    )
    leading = [asked]
    if answer.outcome == "nearest":  # whoever reads it in another chat must know, too
        leading.append(replace(line_block(localised(say(language, "closest"), language), language), kept=True))
    return [
        InlineResult(
            f"{citation.article_id}:{citation.start}-{citation.end}",
            shortened(one_line(sendable(label_of(citation.article_id))), _LONGEST_TITLE),
            shortened(one_line(sendable(citation.quote)), LONGEST_DESCRIPTION),
            html_of(split_message([*leading, *_shared(citation, label_of, language)])[0]),
        )
        for citation in answer.citations
    ]


def _shared(citation: Citation, label_of: LabelOf, language: Language) -> list[Block]:
    """Return a quote over its source; of one that leaves the source no room, its beginning."""
    return quoted_blocks(quote_beside_source(citation, "quote"), citation, label_of, language)


def why_messages(answer: Answer, language: Language, label_of: LabelOf) -> list[Message]:
    """Return how an answer came about: the words searched, what was found, the gate, each sentence's check."""
    explanation, said = answer.explanation, answer.archive
    if explanation is None and said:
        named = {"question": said.asked or answer.question}
        counted = _filled(say(language, "why_archive", question="{question}"), language, named)
        return messages_of([line_block(counted, language)])
    if explanation is None:
        return [told(language, "no_why")]
    asked = _filled(say(language, "why_asked", question="{question}"), language, {"question": explanation.asked})
    blocks = [line_block(asked, language), _heading("why_words", language)]
    blocks += [_word(word, language) for word in explanation.words]
    if explanation.model_words:
        words = "، ".join(explanation.model_words)
        blocks.append(line_block(localised(say(language, "why_model_words", words=words), language), language))
    if explanation.hits:
        blocks.append(_heading("why_passages", language))
    blocks += [_hit(place, hit, language, label_of) for place, hit in enumerate(explanation.hits[:MOST_HITS], 1)]
    blocks.append(line_block(localised(gate_line(explanation, language), language), language, gap=True))
    if explanation.checks:
        blocks.append(_heading("why_checks", language))
        blocks += [_check(checked, language) for checked in explanation.checks]
    return messages_of(blocks)


def _heading(key: TextKey, language: Language) -> Block:
    return Block((Run(localised(say(language, key), language), "bold"),), language, gap=True)


def _word(word: SearchedWord, language: Language) -> Block:
    stems = stems_line(word)
    said = f"• {inset(word.surface, language)}"
    return line_block(f"{said}: {inset(stems, language)}" if stems else said, language)


def _hit(place: int, hit: Hit, language: Language, label_of: LabelOf) -> Block:
    ranks = localised(ranks_line(hit, language, _UNKNOWN), language)
    runs = (Run(f"{place}. "), Run(inset(label_of(hit.passage.article_id), language), "bold"), Run(f"\n{ranks}"))
    return Block(runs, language)


def _check(checked: SentenceCheck, language: Language) -> Block:
    found = localised(check_line(checked, language), language)
    return line_block(f"• {localised(checked.text, language)} ({found})", language)
