"""The pure parsers of the project by name, and the texts that are hardest on them.

As a program it reads the hard texts with every parser, and names each before it begins, so that whoever watches it
knows where it stands: `python tests/parsers.py LENGTH`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from vocabulary import Counts, analysed

from bot.render import for_screen, one_line
from retrieval import arabic, bylines, dates, feeds, layout, lines, markers, metadata
from retrieval.articles import article_of, parse_article
from retrieval.boilerplate import is_boilerplate, links_below
from retrieval.chunking import split
from retrieval.errors import SanadError
from retrieval.facts import stated_in
from retrieval.fetching import Fetched
from retrieval.filters import read_words
from retrieval.followups import carried, is_bare, leaning
from retrieval.formats.documents import facts_of, with_headline
from retrieval.formats.encodings import decode
from retrieval.formats.kinds import read_document, read_members
from retrieval.formats.visual import logical, unmirrored
from retrieval.grounding import support
from retrieval.lexicon import load
from retrieval.orders import without_orders
from retrieval.polarity import negations, only_words, opposed
from retrieval.reading import same_statement, sentences_of
from retrieval.sources import is_source
from retrieval.stories import profile, sketch
from retrieval.suggestions import questions_of
from retrieval.types import Passage

LONGEST = 20_000  # code points of a text
URL = "https://example.org/news.xml"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>{0}</title><entry><title>{0}</title><updated>{0}</updated>'
    '<author><name>{0}</name></author><id>{0}</id><content type="html">{0}</content></entry></feed>'
)


def read_pieces(text: str) -> None:
    """Parse a model's reply that comes in pieces of forty letters."""
    parser = markers.MarkerParser()
    for at in range(0, len(text), 40):
        parser.feed(text[at : at + 40])
    parser.finish()


def read_feed(text: str) -> None:
    """Parse a feed whose every field is a text, escaped."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    feed = feeds.parse_feed(
        Fetched(URL, "application/atom+xml", "utf-8", ATOM.format(escaped).encode("utf-8", "replace"))
    )
    for entry in feed.entries:
        feeds.article_of(entry, URL)


def read_article(text: str) -> None:
    """Parse an article, and cut it into passages as an index does."""
    split(parse_article("a.txt", text, {}))


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
    "article, last line": lambda text: read_article(f"روسيا وتركيا تبحثان الوضع\n\nقال الوزير إن الطرفين سيلتقيان.\n\n{text}"),
    "article, front matter": lambda text: metadata.front_matter(f"---\ntitle: {text}\n---\nقال"),
    "article, bare front matter": lambda text: metadata.front_matter(f"---\n{text}\n---\nقال"),
    "layout": layout.read_layout,
    "lines": lines.lines_of,
    "bare": lines.bare,
    "boilerplate": is_boilerplate,
    "links": lambda text: links_below(lines.lines_of(f"مقالات ذات صلة\n{text}"), 0),
    "name": bylines.is_name,
    "byline": bylines.byline_of,
    "place": bylines.after_place,
    "statement": metadata.statement_of,
    "labelled": lambda text: metadata.statement_of(f"المصدر: {text}"),
    "tags": lambda text: metadata.tags_of(text, text),
    "agencies": metadata.is_agencies,
    "agencies named": metadata.agencies_in,
    "value": metadata.value_start,
    "clean": metadata.clean,
    "together": lambda text: metadata.together({"dated": text}, {"published": text}),
    "facts of a format": lambda text: facts_of({"title": text, "published": text, "dated": text}),
    "headline": lambda text: with_headline(text, text[:200]),
    "rows of JSON": lambda text: read_rows("a.jsonl", text),
    "rows of CSV": lambda text: read_rows("a.csv", f"text,date,title\n{text}"),
    "file": lambda text: read_document("a.txt", text.encode("utf-8", "replace")),
    "encoding": lambda text: decode(text.encode("cp1256", "replace")),
    "visual order": lambda text: logical(list(text)),
    "mirrored": unmirrored,
    # Dates.
    "date": dates.date_of,
    "stated date": dates.stated_date,
    "period": dates.period_of,
    # Words and sentences.
    "normal form": arabic.normalise_with_offsets,
    "words": arabic.stems,
    "tokens": arabic.tokens,
    "sentences": arabic.sentences,
    "language": arabic.language_of,
    "grams": lambda text: [arabic.grams(word) for word in arabic.words(text)],
    "copies": lambda text: sketch(profile(text)),
    # Questions.
    "question": analysed,
    "filters": lambda text: read_words(text, lambda: ["رويترز", "أ.ف.ب", text[:100]]),
    "source": lambda text: is_source(text, "رويترز العربية نت") or is_source("Reuters", text),
    "follow-up": lambda text: (leaning(analysed(text)), is_bare(analysed(text)), carried(analysed(text), analysed(text[::-1]))),
    # Answers.
    "marker": markers.parse,
    "reply": read_pieces,
    "facts": stated_in,
    "negations": lambda text: (negations(text), only_words(text), opposed(text, text)),
    "statement again": lambda text: same_statement(text, text[::-1]),
    "orders": lambda text: without_orders(passage(text)),
    "passage": lambda text: sentences_of(passage(text)),
    "support": lambda text: support(text[:400], [passage(text)], Counts(), load()),
    "suggestions": lambda text: list(questions_of([passage(text)], "ar", load(), key=lambda one: one.start)),
    # Feeds, and what is shown.
    "feed": read_feed,
    "markup": feeds.text_of,
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


def families() -> Iterator[str]:
    """Yield what is repeated: each piece, and each beside each other one of those that part, open and close."""
    yield from PIECES
    joints = [piece for piece in PIECES if len(piece) <= 3]
    yield from (one + other for one, other in product(joints, repeat=2) if one != other)


def read(parser: Callable[[str], object], text: str) -> None:
    """Read a text; of what it may raise, the project's own refusal is no fault."""
    try:
        parser(text)
    except SanadError:
        return
