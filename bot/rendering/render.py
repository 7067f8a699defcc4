"""Pure: what Sanad found, as plain text, as JSON values, and made safe for a screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Literal

from bot.rendering.filters import narrowed_json, narrowed_lines
from bot.rendering.texts import TextKey, count_articles, count_outlets, count_passages, listed, notice, say
from retrieval.nlp.analysis import language_of
from retrieval.types import (
    Answer,
    Article,
    Citation,
    Explanation,
    Failure,
    Hit,
    Language,
    Narrowing,
    RefreshReport,
    SearchedWord,
    Sentence,
    SentenceCheck,
    StageEvent,
    StoryMember,
)

MOST_STEMS = 6  # shown of a word's
MOST_HITS = 6  # passages shown of those that were found

Direction = Literal["ltr", "rtl", "auto"]

# Unicode's isolates (UAX #9): what stands between the two is laid out by itself.
_OPEN: Mapping[Direction, str] = {"ltr": "\u2066", "rtl": "\u2067", "auto": "\u2068"}
_CLOSE = "\u2069"

_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides, isolates
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but the tab and the new line
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")

_LATIN = "A-Za-z\u00c0-\u024f"
_ARABIC = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_JOINER = r"[-–_./:@&+%'’,]+"  # inside one word or number, not at its ends
_LATIN_WORD = rf"[{_LATIN}0-9]+(?:{_JOINER}[{_LATIN}0-9]+)*"
_LEFT_TO_RIGHT = re.compile(rf"\[\d+\]|/?{_LATIN_WORD}(?: {_LATIN_WORD})*")
_ARABIC_WORD = rf"[{_ARABIC}]+(?:[-_./'’][{_ARABIC}]+)*"
_RIGHT_TO_LEFT = re.compile(rf"«?{_ARABIC_WORD}(?:[\s،؛:,]+{_ARABIC_WORD})*[»؟]?")
_NEEDS_ISOLATION = re.compile(rf"[{_LATIN}]|\[|\d{_JOINER}\d")  # a plain number stands right in either direction


def plain_text(answer: Answer) -> str:
    """Return an answer as text in logical order: its sentences, or what is held instead."""
    if answer.found:
        return "\n".join([*frame(answer), *(f"{said} {marks}" for said, marks in numbered_sentences(answer))])
    return "\n".join(refusal(answer))


def remarks(answer: Answer) -> list[str]:
    """Return the lines that say what failed, and that name the filters in force."""
    return [*troubles(answer), *narrowed_lines(answer.filters, answer.language)]


def troubles(answer: Answer) -> list[str]:
    """Return the lines that say what failed: the vectors at the search, a model at the answer."""
    lines = [say(answer.language, "lexical_only")] if answer.lexical_only else []
    if answer.notice:
        lines.append(notice(answer.language, answer.notice, verified=answer.mode == "llm"))
    return lines


def tally(answer: Answer) -> list[str]:
    """Return the line that counts the sentences verified; no line for quotations, which need no check."""
    if answer.mode != "llm":
        return []
    verified = len(answer.sentences)
    key: TextKey = "verified" if verified >= answer.written else "left_out"
    return [say(answer.language, key, verified=verified, written=max(answer.written, verified))]


def frame(answer: Answer) -> list[str]:
    """Return the line that leads to quotes in another language than the asker's; no line where it is the same."""
    foreign = any(language_of(sentence.text) != answer.language for sentence in answer.sentences)
    return [say(answer.language, "frame")] if foreign and answer.mode == "extractive" else []


def numbered_sentences(answer: Answer) -> list[tuple[str, str]]:
    """Return each sentence of an answer as it is shown, with its markers: ("«…»", "[1][2]") for a quotation."""
    quoted = answer.mode == "extractive"
    return [(f"«{said.text}»" if quoted else said.text, markers(said)) for said in answer.sentences]


def markers(sentence: Sentence) -> str:
    """Return the numbers of a sentence's citations, as [1][2]."""
    return "".join(f"[{number}]" for number in sentence.citations)


def stage_line(stage: StageEvent, language: Language) -> str:
    """Return the line that says what is being done."""
    return say(language, stage.name, passages=count_passages(stage.passages, language))


def refusal(answer: Answer) -> list[str]:
    """Return the lines that say what was not found, which words the articles lack, and what they do cover."""
    language = answer.language
    lines = [say(language, "declined")]
    emptied = answer.filters is not None and answer.filters.emptied_by
    if answer.missing and not emptied:
        lines.append(say(language, "missing", words=listed(answer.missing, language)))
    lines += narrowed_lines(answer.filters, language)
    if answer.covered is None or not answer.covered.articles:
        return [*lines, say(language, "nothing_held")]
    lines.append(say(language, "nearest", articles=count_articles(answer.covered.articles, language)))
    return [*lines, *(f"• {one_line(label)}" for label in answer.covered.nearest)]


def source_line(citation: Citation, label: str) -> list[str]:
    """Return what is known of a citation's source, most telling first; what is not known is left out."""
    known = (label, citation.source, date_line(citation.published, citation.dated), citation.path)
    return [one_line(part) for part in known if part]


def date_line(published: str | None, dated: str | None) -> str | None:
    """Return a date as it is shown: the day, and what the article says where that is another calendar or not all.

    >>> date_line("2019-05-14", "9 رمضان 1440 هـ"), date_line(None, "الثلاثاء 14 مايو")
    ('2019-05-14 (9 رمضان 1440 هـ)', 'الثلاثاء 14 مايو')
    """
    return f"{published} ({dated})" if published and dated else published or dated


def outlets_line(outlets: Sequence[str | None], language: Language) -> list[str]:
    """Return the line that says which other outlets print a text, with the names that are known; no line for none.

    >>> outlets_line(("Reuters", None, "AFP"), "en"), outlets_line((), "ar")
    (['+3 outlets: Reuters, AFP'], [])
    """
    if not outlets:
        return []
    names = ("، " if language == "ar" else ", ").join(one_line(name) for name in outlets if name)
    return [count_outlets(len(outlets), language) + (f": {names}" if names else "")]


def answer_json(answer: Answer) -> dict[str, object]:
    """Return the stable JSON form of an answer."""
    covered = answer.covered
    return {
        "question": answer.question,
        "language": answer.language,
        "found": answer.found,
        "mode": answer.mode,
        "text": plain_text(answer),
        "sentences": [
            {"text": said.text, "citations": list(said.citations), "verified": said.verified}
            for said in answer.sentences
        ],
        "citations": [_citation_json(citation) for citation in answer.citations],
        "covered": None if covered is None else {"articles": covered.articles, "nearest": list(covered.nearest)},
        "notice": " ".join(troubles(answer)) or None,
        "lexical_only": answer.lexical_only,
        "filters": narrowed_json(answer.filters),
        "seconds": round(answer.seconds, 4),
    }


def _citation_json(citation: Citation) -> dict[str, object]:
    lists = {
        "also_in": list(citation.also_in),
        "outlets": list(citation.outlets),
        "matched": [list(span) for span in citation.matched],
    }
    return {**asdict(citation), **lists}


def explanation_json(answer: Answer) -> dict[str, object]:
    """Return the stable JSON form of how an answer came about."""
    explanation = answer.explanation
    if explanation is None:
        return {"explanation": None}
    return {
        "explanation": {
            "asked": explanation.asked,
            "words": [asdict(word) for word in explanation.words],
            "model_words": list(explanation.model_words),
            "passages": [
                {
                    "article_id": hit.passage.article_id,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "score": hit.score,
                    "lexical_rank": hit.lexical_rank,
                    "vector_rank": hit.vector_rank,
                }
                for hit in explanation.hits
            ],
            "gate": {
                "covered": explanation.covered,
                "figure": round(explanation.score, 4),
                "threshold": explanation.threshold,
            },
            "checks": [asdict(checked) for checked in explanation.checks],
        }
    }


def stems_line(word: SearchedWord) -> str:
    """Return the stems by which a word was looked for."""
    return "، ".join(word.stems[:MOST_STEMS]) + (" …" if len(word.stems) > MOST_STEMS else "")


def ranks_line(hit: Hit, language: Language, unknown: str) -> str:
    """Return how well a passage was found, and by what; `unknown` stands where one of the two did not find it."""
    words, vectors = hit.lexical_rank or unknown, hit.vector_rank or unknown
    return say(language, "why_rank", score=f"{hit.score:.3f}", words=words, vectors=vectors)


def gate_line(explanation: Explanation, language: Language) -> str:
    """Return whether the passages cover the question, and by which figure."""
    figures = {"figure": f"{explanation.score:.2f}", "threshold": f"{explanation.threshold:.2f}"}
    return say(language, "why_open" if explanation.covered else "why_closed", **figures)


def check_line(checked: SentenceCheck, language: Language) -> str:
    """Return what the check of a model's sentence found."""
    key: TextKey = "why_holds" if checked.verified else "why_fails"
    return say(language, key, figure=f"{checked.figure:.2f}", problems="; ".join(checked.problems))


def search_json(
    query: str,
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    seconds: float,
    narrowing: Narrowing | None = None,
) -> dict[str, object]:
    """Return the stable JSON form of what a search found; `articles` maps ids to articles."""
    return {
        "query": query,
        "language": language_of(query),
        "filters": narrowed_json(narrowing),
        "passages": [
            {
                "article_id": hit.passage.article_id,
                "path": articles[hit.passage.article_id].path,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": hit.score,
                "also_in": list(hit.also_in),
                "outlets": list(hit.outlets),
            }
            for hit in hits
        ],
        "seconds": round(seconds, 4),
    }


def article_json(article: Article, copies: Sequence[StoryMember] = ()) -> dict[str, object]:
    """Return the stable JSON form of an article and its text; `copies` tell the same story."""
    return {
        "article_id": article.article_id,
        "path": article.path,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "dated": article.dated,
        "story": copies[0].story if copies else None,
        "copies": [
            {"article_id": copy.article_id, "path": copy.path, "source": copy.source, "published": copy.published}
            for copy in copies
        ],
        "format": article.format,
        "encoding": article.encoding,
        "text": article.text,
    }


def report_json(report: RefreshReport) -> dict[str, object]:
    """Return the stable JSON form of what a refresh did."""
    return {
        "new": list(report.new),
        "changed": list(report.changed),
        "moved": [{"old": old, "new": new} for old, new in report.moved],
        "deleted": list(report.deleted),
        "unchanged": report.unchanged,
        "duplicates": list(report.duplicates),
        "failed": failures_json(report.failed),
        "unsettled": list(report.unsettled),
        "passages": report.passages,
        "rebuilt": report.rebuilt,
        "seconds": round(report.seconds, 3),
    }


def failures_json(failures: Sequence[Failure]) -> list[dict[str, object]]:
    """Return the stable JSON form of the files that were set aside."""
    return [{"path": failure.path, "reason": failure.reason} for failure in failures]


def listing_json(
    articles: Sequence[Article], passages: Mapping[str, int], members: Mapping[str, StoryMember]
) -> list[dict[str, object]]:
    """Return the stable JSON form of the list of articles; `passages` maps the ids of those listed to counts."""
    return [
        {
            "number": number,
            "article_id": article.article_id,
            "path": article.path,
            "title": article.title,
            "source": article.source,
            "author": article.author,
            "published": article.published,
            "dated": article.dated,
            "passages": passages[article.article_id],
            "story": members[article.article_id].story if article.article_id in members else None,
        }
        for number, article in enumerate(articles, start=1)
        if article.article_id in passages
    ]


def one_line(text: str) -> str:
    r"""Return a text with every run of white space, line ends too, as one space.

    >>> one_line(" a\r\n  b ")
    'a b'
    """
    return " ".join(text.split())


def visible(text: str) -> str:
    r"""Return a text that cannot command a terminal: control characters show as signs, bidi controls are left out.

    >>> visible("red \x1b[31m, bell \x07, C1 \x9b, override \u202eabc\u202c")
    'red ␛[31m, bell ␇, C1 �, override abc'
    >>> visible("one\r\ntwo\u2028three\tfour")
    'one\ntwo\nthree four'
    """
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _CONTROLS.sub(_sign, _BIDI_CONTROLS.sub("", text))


def _sign(control: re.Match[str]) -> str:
    code = ord(control.group())
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"  # Unicode has pictures of the old controls only


def isolate(text: str, direction: Direction = "auto") -> str:
    r"""Return a text between isolates, so that its direction does not move its neighbours; "auto" is by first letter.

    >>> isolate("[1]", "ltr")
    '\u2066[1]\u2069'
    """
    return f"{_OPEN[direction]}{text}{_CLOSE}" if text else ""


def for_screen(text: str) -> str:
    r"""Return a text as a terminal may show it: visible, and in each line the runs of the other direction isolated.

    >>> for_screen("قال بيان Reuters إن طائرة F-16 عبرت في 2019-05-15")
    'قال بيان \u2066Reuters\u2069 إن طائرة \u2066F-16\u2069 عبرت في \u20662019-05-15\u2069'
    >>> for_screen("He quoted «سوريا، اليوم» in 2019")
    'He quoted \u2067«سوريا، اليوم»\u2069 in 2019'
    """
    return "\n".join(_isolate_runs(line) for line in visible(text).split("\n"))


def _isolate_runs(line: str) -> str:
    if _reads_right_to_left(line):
        return _LEFT_TO_RIGHT.sub(_isolate_left_to_right, line)
    return _RIGHT_TO_LEFT.sub(lambda run: isolate(run.group(), "rtl"), line)


def _isolate_left_to_right(run: re.Match[str]) -> str:
    return isolate(run.group(), "ltr") if _NEEDS_ISOLATION.search(run.group()) else run.group()


def _reads_right_to_left(line: str) -> bool:
    """Tell a line's base direction, by its first strong character."""
    classes = (unicodedata.bidirectional(letter) for letter in line)
    return next((found in ("R", "AL") for found in classes if found in ("L", "R", "AL")), False)
