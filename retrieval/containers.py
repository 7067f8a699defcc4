"""The members of a container, each a file of its own in the catalog: rows of a table, files of an archive.

A member that says what it said before is not read again, so that a table of which one row has changed costs one
article; a bad member is a failure of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from retrieval.articles import article_of, read_documents
from retrieval.changes import File, Look
from retrieval.errors import ArticleError
from retrieval.formats.documents import Document
from retrieval.types import Article, Failure


def take_members(seen: Look, folder: Path, file: Path, container: File, stage: Callable[[Article], None]) -> list[File]:
    """Read a container, stage the articles that are new in it, and return what each member stands for.

    Raises:
        ArticleError: the container as a whole cannot be read.
    """
    members = []
    for path, content in read_documents(folder, file, seen.overrides):
        blank = replace(container, path=path, container=container.path, digest=None)
        if isinstance(content, Failure):
            members.append(replace(blank, reason=content.reason))
        else:
            members.append(_member(seen, replace(blank, digest=_digest_of(content)), content, stage))
    return members


def _member(seen: Look, blank: File, document: Document, stage: Callable[[Article], None]) -> File:
    known = seen.known.get(blank.path)
    if known and known.digest == blank.digest and known.container == blank.container and not seen.restated:
        return replace(known, stamp=blank.stamp, read_ns=blank.read_ns)
    try:
        article = article_of(blank.path, document, seen.overrides, blank.container)
    except ArticleError as error:
        return replace(blank, reason=str(error))
    stage(article)
    return blank.standing_for(article)


def _digest_of(document: Document) -> str:
    """Return the digest of a document and of what its format states about it."""
    stated = [document.format, document.encoding, document.facts, document.text]
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()
