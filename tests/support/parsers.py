"""The pure parsers of the project by name, and the texts that are hardest on them.

As a program it reads the hard texts with every parser, and names each before it begins, so that whoever watches it
knows where it stands: `python tests/support/parsers.py LENGTH`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import product
from types import FrameType

from support.builders.vocabulary import Counts, analysed

from retrieval.answering import citation_markers
from retrieval.answering.suggestions import questions_of
from retrieval.connectors import feed_parser
from retrieval.connectors.web import Fetched
from retrieval.corpus.articles import article_of, parse_article
from retrieval.errors import SanadError
from retrieval.extraction import bylines, datelines, lines, metadata, page_layout
from retrieval.extraction.boilerplate import is_boilerplate, links_below
from retrieval.extraction.chunking import split_passages
from retrieval.extraction.front_matter import read_front_matter
from retrieval.extraction.line_wrapping import join_wrapped_lines
from retrieval.grounding.grounding import check_support
from retrieval.grounding.negation import exclusive_cues, negations
from retrieval.index.near_duplicates import profile, sketch
from retrieval.llms.prompt_injection import without_injections
from retrieval.nlp import analysis, dates, news_sources, sentences
from retrieval.nlp.display import clean, for_screen, one_line
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.news_sources import is_source
from retrieval.nlp.quantities import quantities_in
from retrieval.readers.document import facts_of, with_headline
from retrieval.readers.encodings import decode
from retrieval.readers.html_fragment import is_html, text_of_html
from retrieval.readers.pdf_bidi import logical, with_brackets_facing
from retrieval.readers.registry import read_document, read_members
from retrieval.search.filter_parser import parse_filters
from retrieval.search.followups import expansions, is_underspecified, needs_context
from retrieval.search.passage_scoring import same_statement, sentences_of
from retrieval.types import Passage

LONGEST = 20_000  # code points of a text
BOUNDS = (80, 120, 160, 200, 1_000, 2_000)  # up to which some parsers read, and no further
URL = "https://example.org/news.xml"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>{0}</title><entry><title>{0}</title><updated>{0}</updated>'
    '<author><name>{0}</name></author><id>{0}</id><content type="html">{0}</content></entry></feed>'
)


def read_pieces(text: str) -> None:
    """Parse a model's reply that comes in pieces of forty letters."""
    parser = citation_markers.MarkerParser()
    for at in range(0, len(text), 40):
        parser.feed(text[at : at + 40])
    parser.finish()


def read_feed(text: str) -> None:
    """Parse a feed whose every field is a text, escaped."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    feed = feed_parser.parse_feed(
        Fetched(URL, "application/atom+xml", "utf-8", ATOM.format(escaped).encode("utf-8", "replace"))
    )
    for entry in feed.entries:
        feed_parser.article_of_entry(entry, URL)


def read_article(text: str) -> None:
    """Parse an article, and cut it into passages as an index does."""
    split_passages(parse_article("a.txt", text, {}))


def read_rows(name: str, text: str) -> None:
    """Parse a table of articles."""
    for member in read_members(name, text.encode("utf-8", "replace"), {}):
        if not isinstance(member.content, str):
            article_of(f"{name}/{member.name}", member.content, {}, name)


def passage(text: str) -> Passage:
    """Return a text as a passage as long as one may be."""
    return Passage("a", 0, len(text[:2000]), text[:2000])


PARSERS: Mapping[str, Callable[[str], object]] = {
    # An article: its head, its lines, its passages.
    "article": read_article,
    "article, last line": lambda text: read_article(f"روسيا وتركيا تبحثان\n\nقال الوزير إنهما ستلتقيان.\n\n{text}"),
    "front matter": lambda text: read_front_matter(f"---\ntitle: {text[:9_000]}\n---\nقال"),
    "front matter, bare": lambda text: read_front_matter(f"---\n{text[:9_000]}\n---\nقال"),
    "layout": page_layout.read_layout,
    "lines": lines.lines_of,
    "bare": analysis.bare,
    "boilerplate": is_boilerplate,
    "links": lambda text: links_below(lines.lines_of(f"مقالات ذات صلة\n{text}"), 0),
    "name": bylines.is_name,
    "byline": bylines.byline_of,
    "place": bylines.after_place,
    "statement": metadata.statement_of,
    "labelled": lambda text: metadata.statement_of(f"المصدر: {text}"),
    "tags": lambda text: datelines.tags_of(text, text),
    "dateline": datelines.dateline_of,
    "masthead": datelines.masthead_parts,
    "unwrapped": join_wrapped_lines,
    "labelled anywhere": metadata.labelled_anywhere,
    "agencies": news_sources.is_agencies,
    "agencies named": news_sources.agencies_in,
    "value": metadata.value_start,
    "clean": clean,
    "merged facts": lambda text: metadata.merge_facts({"dated": text}, {"published": text}),
    "facts of a format": lambda text: facts_of({"title": text, "published": text, "dated": text}),
    "headline": lambda text: with_headline(text, text[:200]),
    "rows of JSON": lambda text: read_rows("a.jsonl", text),
    "rows of CSV": lambda text: read_rows("a.csv", f"text,date,title\n{text}"),
    "file": lambda text: read_document("a.txt", text.encode("utf-8", "replace")),
    "encoding": lambda text: decode(text.encode("cp1256", "replace")),
    "visual order": lambda text: logical(list(text)),
    "mirrored brackets": with_brackets_facing,
    # Dates.
    "date": dates.date_of,
    "stated date": dates.stated_date,
    "period": dates.period_of,
    # Words and sentences.
    "normal form": analysis.normalise_with_offsets,
    "words": analysis.stems,
    "tokens": analysis.tokens,
    "sentences": sentences.sentences,
    "language": analysis.language_of,
    "grams": lambda text: [analysis.grams(word) for word in analysis.words(text)],
    "copies": lambda text: sketch(profile(text)),
    # Questions.
    "question": analysed,
    "filters": lambda text: parse_filters(text, lambda: ["رويترز", "أ.ف.ب", text[:100]]),
    "source": lambda text: is_source(text, "رويترز العربية نت") or is_source("Reuters", text),
    "follow-up": lambda text: (needs_context(analysed(text)), is_underspecified(analysed(text))),
    "follow-up in full": lambda text: expansions(analysed(text), analysed(text[::-1])),
    # Answers.
    "marker": citation_markers.parse,
    "marker, open": lambda text: citation_markers.parse(f"قال [{text}"),
    "reply": read_pieces,
    "quantities": quantities_in,
    "negations": lambda text: (negations(text), exclusive_cues(text)),
    "statement again": lambda text: same_statement(text, text[::-1]),
    "injections": lambda text: without_injections(passage(text)),
    "passage": lambda text: sentences_of(passage(text)),
    "support": lambda text: check_support(text[:400], [passage(text)], Counts(), load_lexicon()),
    "suggestions": lambda text: list(questions_of([passage(text)], "ar", load_lexicon(), key=lambda one: one.start)),
    # Feeds, and what is shown.
    "feed": read_feed,
    "markup": text_of_html,
    "markup told": is_html,
    "screen": for_screen,
    "one line": one_line,
}  # fmt: skip

PIECES = (
    *(
        "1",
        "12",
        "2019",
        "1,",
        "1 | ",
        "14 مايو ",
        "2019-",
        "14/5/",
        "10:30 ",
        "[1]",
        "[2019] [2019,",
        "a-",
        "1 2 3,4 ",
    ),
    *(
        ".",
        ",",
        "،",
        "؛",
        ":",
        "-",
        "–",
        " - ",
        "|",
        "/",
        "•",
        "\t",
        "\n",
        "\r",
        " ",
        "\u00a0",
        "…",
        "؟",
        "!",
        "*",
        "_",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "«",
        "»",
        "“",
        "”",
        '"',
        "'",
        "’",
        "{",
        "}",
        "<",
        ">",
        "<b>",
        "</p>",
        "<!--",
        "&",
        "&#",
        "【",
    ),
    *(
        "a",
        "A ",
        "A.",
        "أ",
        "و",
        "و ",
        "ال",
        "لا ",
        "قال ",
        "محمد ",
        "محمد أحمد ",
        "رويترز ",
        "By ",
        "العدد ",
        "الساعة ",
    ),
    *(
        "المصدر:",
        "in 2019 ",
        "في 2019 ",
        "منذ ",
        "بين ",
        "قال محمد أن ",
        "#",
        "# ",
        "---\n",
        "http://",
        "@",
        "\u064b",
        "ـ",
    ),
    *(
        "\u202e",
        "\u200b",
        "½",
        "٢",
        "ﷺ",
        "漢",
        "😀",
        "\ud800",
        "\x00",
        "\x1c",
        "\u2028",
        "\x85",
        "\ufeff",
        "=",
        "+",
        "\\",
    ),
)


SIGNS = "1.,،:-| \n(«“"  # what counts, parts and opens


def families(*, in_pairs: bool) -> Iterator[str]:
    """Yield what is repeated: each piece, or each sign beside each other one."""
    yield from (one + other for one, other in product(SIGNS, repeat=2) if one != other) if in_pairs else PIECES


def long(family: str, length: int) -> Iterator[str]:
    """Yield texts of which a family is all, and in which it stands between words."""
    repeated = (family * (length // len(family) + 1))[:length]
    yield repeated
    yield f"كلمة {repeated[:-10]} كلمة"


def read(parser: Callable[[str], object], text: str) -> None:
    """Read a text; of what it may raise, the project's own refusal is no fault."""
    with suppress(SanadError):
        parser(text)


def steps(parser: Callable[[str], object], text: str) -> int:
    """Read a text, and return how many lines of Python that took."""
    count = 0

    def step(_: FrameType, event: str, __: object) -> object:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)  # type: ignore[arg-type]
    try:
        read(parser, text)
    finally:
        sys.settrace(before)
    return count


def main() -> None:
    """Read the hard texts with every parser, and with those of whole articles some that are ten times as long."""
    for name, family in product(("article", "sentences", "screen"), "«“([1. "):
        sys.stdout.write(f"{name}: {family!a}, very long\n")
        for text in long(f"{family} ", 10 * LONGEST):
            read(PARSERS[name], text)
    for name, parser in PARSERS.items():
        for in_pairs, lengths in ((False, (120, 160, LONGEST)), (True, (120, 2_000))):
            for family in families(in_pairs=in_pairs):
                sys.stdout.write(f"{name}: {family!a}\n")
                for length in lengths:
                    for text in long(family, length):
                        read(parser, text)


if __name__ == "__main__":
    main()
