"""How an answer came about, as a terminal shows it: the words searched, the ranks, the gate, each sentence's check."""

from __future__ import annotations

from rich.text import Text

from bot.render import for_screen, isolate, one_line
from bot.terminal import MARKER, QUIET, TITLE, UNKNOWN, LabelOf
from bot.texts import Key, say
from retrieval.types import Checked, Explanation, Hit, Language, SearchedWord

MOST_STEMS = 6  # shown of a word's
MOST_HITS = 6  # passages shown


def explanation_text(explanation: Explanation, language: Language, label_of: LabelOf) -> Text:
    """Return the account of an answer."""
    lines = [
        Text(for_screen(say(language, "why_asked", question=one_line(explanation.asked)))),
        Text(for_screen(say(language, "why_words")), style=QUIET),
        *(_word(word) for word in explanation.words),
    ]
    if explanation.model_words:
        words = "، ".join(explanation.model_words)
        lines.append(Text(for_screen(say(language, "why_model_words", words=words)), style=QUIET))
    lines.append(Text(for_screen(say(language, "why_passages")), style=QUIET))
    lines += [_hit(place, hit, language, label_of) for place, hit in enumerate(explanation.hits[:MOST_HITS], 1)]
    key: Key = "why_open" if explanation.covered else "why_closed"
    figures = {"figure": f"{explanation.figure:.2f}", "threshold": f"{explanation.threshold:.2f}"}
    lines.append(Text(for_screen(say(language, key, **figures))))
    if explanation.checks:
        lines.append(Text(for_screen(say(language, "why_checks")), style=QUIET))
        lines += [_check(checked, language) for checked in explanation.checks]
    return Text("\n").join(lines)


def _word(word: SearchedWord) -> Text:
    stems = "، ".join(word.stems[:MOST_STEMS]) + (" …" if len(word.stems) > MOST_STEMS else "")
    return Text.assemble("  ", (isolate(for_screen(word.surface)), MARKER), "  ", (isolate(for_screen(stems)), QUIET))


def _hit(place: int, hit: Hit, language: Language, label_of: LabelOf) -> Text:
    passage = hit.passage
    ranks = say(
        language,
        "why_rank",
        score=f"{hit.score:.3f}",
        words=hit.words_rank or UNKNOWN,
        vectors=hit.vectors_rank or UNKNOWN,
    )
    label = isolate(for_screen(one_line(label_of(passage.article_id))))
    where = isolate(f"{passage.start}-{passage.end}", "ltr")
    return Text.assemble((f"  {place}. ", MARKER), (label, TITLE), f"  {where}  ", (for_screen(ranks), QUIET))


def _check(checked: Checked, language: Language) -> Text:
    key: Key = "why_holds" if checked.verified else "why_fails"
    found = say(language, key, figure=f"{checked.figure:.2f}", problems="; ".join(checked.problems))
    return Text.assemble("  ", for_screen(checked.text), "  ", (for_screen(found), QUIET))
