"""Where a text came from, what changed since, and the link that leads to the very words in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

LONGEST_EXACT = 300  # code points of a quote that a link says whole, as the specification advises
LONGEST_ADDRESS = 8_000  # octets, which all who speak HTTP should take: RFC 9110, section 4.1
MOST_AT_AN_END = 5  # words of a longer one that say where it begins and ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a text came from; what is not known is None."""

    url: str | None = None  # its address
    fetched: str | None = None  # when its bytes were fetched from there, as 2026-11-28T05:40:07Z
    sha256: str | None = None  # of its bytes, as they came; of a member of a table or an archive, of the whole file
    text_sha256: str | None = None  # of the text, in UTF-8

    def link_to(self, quote: str) -> str | None:
        """Return the address with the place of a quote in its page; None where there is no address of the web.

        What repeats itself has no place that a few words name, and an address that is too long is none.
        """
        if not self.url or not _is_of_web(self.url):
            return None
        page, hash_sign, element = self.url.partition("#")
        place = element.partition(":~:")[0]
        ways = (page + (hash_sign or "#") + place + text_fragment(quote), page + hash_sign + place)
        encoded = (percent_encoded(way, safe="%:/?#[]@!$&'()*+,;=~") for way in ways)
        return next((way for way in encoded if len(way) <= LONGEST_ADDRESS), None)


ChangedLine = tuple[Literal["removed", "added"], str]


@dataclass(frozen=True, slots=True)
class TextChange:
    """What changed line by line between two texts of one file, and where each came from."""

    path: str
    replaced: str  # when, as 2026-11-28T05:40:07Z
    before: Provenance
    after: Provenance
    lines: tuple[ChangedLine, ...]


def _is_of_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, url))


def text_fragment(quote: str) -> str:
    r"""Return the directive that has a browser show a verbatim quote in its page.

    By https://wicg.github.io/scroll-to-text-fragment/: a hyphen, a comma or an ampersand of the text is encoded, as
    they part its terms. Words that are named whole must stand in one paragraph; of a quote that is longer or goes over
    several, the first and the last words are named, the last so that they stand nowhere earlier in it.

    >>> text_fragment("a-b, c & d")
    ':~:text=a%2Db%2C%20c%20%26%20d'
    >>> text_fragment("one two three four five six\nseven eight four five")
    ':~:text=one%20two%20three%20four%20five,seven%20eight%20four%20five'
    """
    lines = [line.split() for line in quote.splitlines() if line.strip()]
    words = [word for line in lines for word in line]
    if len(lines) < 2 and len(" ".join(words)) <= LONGEST_EXACT:
        return f":~:text={_encoded(words)}"
    first, last = lines[0][:MOST_AT_AN_END], lines[-1][-MOST_AT_AN_END:]
    between = " ".join(words[len(first) :])
    while len(last) < len(lines[-1]) and between.find(" ".join(last)) + len(" ".join(last)) < len(between):
        last = lines[-1][-len(last) - 1 :]
    return f":~:text={_encoded(first)},{_encoded(last)}"


def _encoded(words: list[str]) -> str:
    return percent_encoded(" ".join(words), safe="").replace("-", "%2D")
