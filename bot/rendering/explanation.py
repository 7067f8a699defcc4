"""How an answer came about, as a terminal shows it: the words searched, the ranks, the gate, each sentence's check."""

from __future__ import annotations

from rich.text import Text

from bot.rendering.answer_lines import MOST_HITS, LabelOf, check_line, gate_line, ranks_line, stems_line
from bot.rendering.terminal import DIM, MARKER, TITLE, UNKNOWN
from bot.rendering.texts import say
from retrieval.nlp.display import for_screen, isolate, one_line
from retrieval.types import Answer, Explanation, Hit, Language, SearchedWord, SentenceCheck


def account_text(answer: Answer, label_of: LabelOf) -> Text | None:
    """Return the account of an answer that was searched for, or of one about the archive; None where there is none."""
    if answer.explanation:
        return explanation_text(answer.explanation, answer.language, label_of)
    if answer.archive is None:
        return None
    asked = one_line(answer.archive.asked or answer.question)
    return Text(for_screen(say(answer.language, "why_archive", question=asked)))


def explanation_text(explanation: Explanation, language: Language, label_of: LabelOf) -> Text:
    """Return the account of an answer."""
    lines = [
        Text(for_screen(say(language, "why_asked", question=one_line(explanation.asked)))),
        Text(for_screen(say(language, "why_words")), style=DIM),
        *(_word(word) for word in explanation.words),
    ]
    if explanation.model_words:
        words = "، ".join(explanation.model_words)
        lines.append(Text(for_screen(say(language, "why_model_words", words=words)), style=DIM))
    lines.append(Text(for_screen(say(language, "why_passages")), style=DIM))
    lines += [_hit(place, hit, language, label_of) for place, hit in enumerate(explanation.hits[:MOST_HITS], 1)]
    lines.append(Text(for_screen(gate_line(explanation, language))))
    if explanation.checks:
        lines.append(Text(for_screen(say(language, "why_checks")), style=DIM))
        lines += [_check(checked, language) for checked in explanation.checks]
    return Text("\n").join(lines)


def _word(word: SearchedWord) -> Text:
    stems = isolate(for_screen(stems_line(word)))
    return Text.assemble("  ", (isolate(for_screen(word.surface)), MARKER), "  ", (stems, DIM))


def _hit(place: int, hit: Hit, language: Language, label_of: LabelOf) -> Text:
    passage = hit.passage
    label = isolate(for_screen(one_line(label_of(passage.article_id))))
    where = isolate(f"{passage.start}-{passage.end}", "ltr")
    ranks = for_screen(ranks_line(hit, language, UNKNOWN))
    return Text.assemble((f"  {place}. ", MARKER), (label, TITLE), f"  {where}  ", (ranks, DIM))


def _check(checked: SentenceCheck, language: Language) -> Text:
    return Text.assemble("  ", for_screen(checked.text), "  ", (for_screen(check_line(checked, language)), DIM))
