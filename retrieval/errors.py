"""What can go wrong, as one small tree; a front end catches the root in one place.

SanadError
├── SettingsError        a setting or an argument has a value that cannot work
├── ArticleError         a file cannot be read as an article
├── ReadingError         no file can be read: the process that reads them cannot be started
├── UnknownArticleError  no article goes by that number, id or path
├── EmptyIndexError      there is nothing to search yet
├── IndexDamagedError    the data folder cannot be read
├── IndexBusyError       another process is writing the index
├── FetchError           a page or a feed cannot be fetched
├── ModelError           a language model gave nothing that can be used, and which kind of nothing
├── EmbeddingError       the embedding model cannot be reached or loaded, or gives what are no vectors
├── UnexpectedError      something else failed, of the machine or of ours, and is tried again
├── UnwatchedError       the system tells of no changes in a folder
├── VectorsError         the Chroma server that holds the vectors cannot be used, or has lost them
├── EndedError           the program is ending, and what was waited for is given up
└── CitationError        a quote is not a slice of its article: a defect of ours, never shown as a citation
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.types import LLMFailure


class SanadError(Exception):
    """A failure that a person can read: what failed, what was tried, what to type next."""


class SettingsError(SanadError):
    """A setting or an argument has a value that cannot work."""


class ArticleError(SanadError):
    """A file cannot be read as an article."""


class ReadingError(SanadError):
    """The process that reads files cannot be started."""


class UnknownArticleError(SanadError):
    """No article goes by that number, id or path."""


class EmptyIndexError(SanadError):
    """There is nothing to search yet."""


class IndexDamagedError(SanadError):
    """The data folder cannot be read."""


class IndexBusyError(SanadError):
    """Another process is writing the index."""


class FetchError(SanadError):
    """A page or a feed cannot be fetched; the message is the reason alone, on one line."""

    def __init__(self, message: str, status: int | None = None, wait: float | None = None) -> None:
        """Take the reason, the HTTP status where there was one, and after how many seconds to come again."""
        super().__init__(message)
        self.status = status
        self.wait = wait


class EmbeddingError(SanadError):
    """The embedding model cannot be reached or loaded, or gives what are no vectors."""


class VectorsError(SanadError):
    """The Chroma server that holds the vectors cannot be used, or has lost them."""


class EndedError(SanadError):
    """The program is ending, and what was waited for is given up; whoever waited has nothing to go on with."""

    def __init__(self) -> None:
        super().__init__("This was not finished, as Sanad is being stopped.")


class UnexpectedError(SanadError):
    """Something that nobody foresaw failed where it is tried again; its cause is the error itself."""


class UnwatchedError(SanadError):
    """The system tells of no changes in a folder, so that only looking finds them."""


class CitationError(SanadError):
    """A quote is not an exact slice of its article."""


class ModelError(SanadError):
    """A language model gave nothing that can be used.

    `reason` is one of `retrieval.types.LLMFailure`; `said` is what the server wrote, on one line, without keys.
    """

    def __init__(
        self, reason: LLMFailure, status: int | None = None, wait: float | None = None, said: str | None = None
    ) -> None:
        """Take the reason, the HTTP status where there was one, and after how many seconds to come again."""
        super().__init__(f"The language model gave no answer: {reason}{f' (HTTP {status})' if status else ''}.")
        self.reason = reason
        self.said = said
        self.status = status
        self.wait = wait
