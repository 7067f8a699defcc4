"""The members of a container, each a file of its own in the catalog: rows of a table, files of an archive.

A member that says what it said before is not read again, so that a table of which one row has changed costs one
article; a bad member is a failure of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from retrieval.corpus.scan import File, FolderScan
from retrieval.readers.document import SourceDocument
from retrieval.types import Article


def known_digests(seen: FolderScan, container: str) -> dict[str, str]:
    """Return the digests of the members that need not be read again where they say the same, by path."""
    if seen.restated:
        return {}
    known = (seen.known[path] for path in seen.members.get(container, ()))
    return {file.path: file.digest for file in known if file.digest and file.container == container}


def member(known: Mapping[str, File], blank: File, article: Article | None) -> File:
    """Return what a member stands for: an article, or where it says the same as before, what it stood for then."""
    if blank.reason is not None:
        return blank
    if article is not None:
        return blank.standing_for(article)
    return replace(known[blank.path], stamp=blank.stamp, read_ns=blank.read_ns)


def member_digest(document: SourceDocument) -> str:
    """Return the digest of a document and of what its format states about it."""
    stated = [document.format, document.encoding, document.facts, document.text]
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()
