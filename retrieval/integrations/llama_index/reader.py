"""A folder of articles as LlamaIndex documents: every format that Sanad reads, each file in a process apart."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document

from retrieval.corpus.articles import find_files, path_of, read_overrides
from retrieval.corpus.isolation import FILE_SECONDS, FileReader, ReadingBounds
from retrieval.corpus.reading_process import ReadPart, ReadRequest
from retrieval.integrations.llama_index.nodes import document_of
from retrieval.readers.registry import is_container

log = logging.getLogger(__name__)


class ArticleReader(BaseReader):
    """Reads a folder; of a text that stands in several files, the first by path is taken."""

    def __init__(self, file_seconds: float = FILE_SECONDS) -> None:
        """Take how long one file may be read."""
        self._file_seconds = file_seconds
        self.failures: dict[str, str] = {}  # of the last reading: why a file is left out, by its path

    def lazy_load_data(self, folder: str | Path, **_: Any) -> Iterator[Document]:
        """Yield the articles of a folder by path; what cannot be read is logged and noted in `failures`.

        Raises:
            SettingsError: the folder or its `articles.toml` cannot be used.
        """
        folder, seen = Path(folder), set[str]()
        files, overrides = find_files(folder), read_overrides(folder)
        self.failures = {}
        with FileReader(ReadingBounds(self._file_seconds)) as reader:
            for file in files:
                path, parts = path_of(folder, file), dict[str, ReadPart]()
                reader.ask(ReadRequest(folder, file, path, overrides, {} if is_container(path) else None))
                for reply in reader.take():
                    if isinstance(reply, ReadPart):
                        parts[reply.path] = reply  # one may be given out again
                    elif reply.reason:
                        self._leave_out(path, reply.reason)
                for part in parts.values():
                    if part.reason:
                        self._leave_out(part.path, part.reason)
                    elif part.article and part.article.article_id not in seen:
                        seen.add(part.article.article_id)
                        yield document_of(part.article)

    def _leave_out(self, path: str, reason: str) -> None:
        log.warning("%s is left out: it %s.", path, reason)
        self.failures[path] = reason
