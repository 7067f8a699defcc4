"""What a reader of a format gives: documents, and the members of a file that are none."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from retrieval.errors import ArticleError
from retrieval.extraction.metadata import Facts, Field, StatedFact, statement_of_date
from retrieval.nlp.analysis import normalise
from retrieval.nlp.display import clean
from retrieval.nlp.word_lists import read_word_lists

log = logging.getLogger(__name__)

MOST_CHARACTERS = 16 * 2**20  # of one document's text

_ADDRESS = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?(?P<host>[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
_PLACEHOLDERS = {
    kind: re.compile("|".join(f"(?:{normalise(pattern)})" for pattern in patterns))
    for kind, patterns in read_word_lists("readers", "placeholders").items()
}


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One text of a file, and what its format states about it beside the text."""

    text: str
    format: str  # the suffix that names it, without the dot
    encoding: str | None = None  # None where the format has its own, as PDF has
    facts: Facts = field(default_factory=dict)
    url: str | None = None  # the address that it states as its own

    @property
    def digest(self) -> str:
        """Return the digest of the text and of what the format states about it."""
        stated = [self.format, self.encoding, self.facts, self.url, self.text]
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ContainerMember:
    """One part of a container: a document, or the reason why it is none, on one line."""

    name: str  # unique in its container, with forward slashes
    content: SourceDocument | str


class UniqueNames:
    """Gives the members of one container names of their own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, name: str) -> str:
        """Return the name, or one made from it where it is taken."""
        again = 2
        free = name
        while free in self._taken:
            free, again = f"{name}~{again}", again + 1
        self._taken.add(free)
        return free


Columns = Mapping[str, str]  # the container's own name of a column, by ours
NEEDS_OCR = "it needs OCR"  # stands in the reason why a PDF is set aside that `ReadScan` may read
ReadScan = Callable[[bytes], str]  # the text of a PDF from the pictures of its pages; raises an ArticleError
Begin = Callable[[], None]  # called before a member is read; raises an ArticleError to have it passed over


def unobserved() -> None:
    """Begin a member without telling anybody."""


@contextmanager
def refusing_unreadable() -> Iterator[None]:
    """Raise any error of a reader as the reason why this is no article, so that others are still read.

    Raises:
        ArticleError: anything was raised.
    """
    try:
        yield
    except ArticleError:
        raise
    except MemoryError as error:
        raise ArticleError("needs more memory than one file may take; split it") from error
    except Exception as error:
        log.debug("A file could not be read.", exc_info=True)
        raise ArticleError(f"cannot be read: its reader failed ({type(error).__name__}); save it anew") from error


def facts_of(stated: Mapping[Field, object]) -> Facts:
    """Return the facts that can be used: clean texts; a date that is no full Gregorian one as it is said.

    What programs write where nobody stated anything is none.

    >>> facts_of({"title": " خبر  ", "author": None, "published": "2019-05-14T10:00:00+03:00"})
    {'title': 'خبر', 'published': '2019-05-14'}
    >>> facts_of({"published": "9 رمضان 1440"}), facts_of({"published": "أمس"})
    ({'dated': '9 رمضان 1440'}, {})
    >>> facts_of({"title": "Microsoft Word - خبر.docx", "author": "python-docx", "source": "https://www.example.org/a"})
    {'source': 'example.org'}
    """
    facts: Facts = {}
    for key, value in stated.items():
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            continue
        said = clean(str(value))
        if key == "source":
            said = host_of(said) or said
        usable = _date_in(said) if key in ("published", "dated") else StatedFact(key, said)
        if usable and usable.value and not is_placeholder(usable.field, usable.value):
            facts.setdefault(usable.field, usable.value)
    return facts


def host_of(value: str) -> str | None:
    """Return the host that the whole of a value names as an address; None where it is none.

    >>> host_of("https://www.example.org/news/1"), host_of("www.example.org"), host_of("example.org"), host_of("رويترز")
    ('example.org', 'example.org', 'example.org', None)
    """
    found = _ADDRESS.fullmatch(value.strip())
    return found["host"].lower() if found else None


def is_placeholder(field: Field, value: str) -> bool:
    """Tell whether a value is what programs write where nobody stated one, or a file's name in place of a title.

    >>> is_placeholder("title", "Word Document"), is_placeholder("title", "Document on Syria")
    (True, False)
    """
    return field in _PLACEHOLDERS and _PLACEHOLDERS[field].fullmatch(normalise(value)) is not None


def _date_in(value: str) -> StatedFact | None:
    """Return what a date or a timestamp, as formats write them, says of the day.

    >>> [_date_in(value)[:2] for value in ("2019-05-14T10:00:00.000+0300", "14 مايو 2019", "2019-05")]
    [('published', '2019-05-14'), ('published', '2019-05-14'), ('dated', '2019-05')]
    """
    return statement_of_date(value) or (statement_of_date(value[:10]) if value[10:11] in ("T", " ") else None)


def with_headline(text: str, headline: str | None) -> str:
    r"""Return a text with its headline above it, unless it stands there already.

    >>> with_headline("قال الوزير.", "عنوان"), with_headline("عنوان\nقال الوزير.", "عنوان")
    ('عنوان\n\nقال الوزير.', 'عنوان\nقال الوزير.')
    """
    if not headline or " ".join(text[: 2 * len(headline) + 20].split()).startswith(" ".join(headline.split())):
        return text
    return f"{headline}\n\n{text}"
