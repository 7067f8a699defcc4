"""Which article a person means: by number, id, path or file name."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.errors import UnknownArticleError

SHORTEST_PREFIX = 4  # hex digits of an article's id that may stand for it


def resolve(reference: str, paths: Sequence[tuple[str, str]]) -> str:
    """Return the id of the article that a reference names, given all paths with their articles' ids, sorted.

    >>> resolve("2", [("a.txt", "cafe01"), ("b/c.txt", "beef02")]), resolve("c.txt", [("b/c.txt", "beef02")])
    ('beef02', 'beef02')

    Raises:
        UnknownArticleError: it names none, or several.
    """
    ids = list(dict.fromkeys(article_id for _, article_id in paths))
    if reference.isdecimal() and len(reference) < 10 and 1 <= int(reference) <= len(ids):
        return ids[int(reference) - 1]
    prefix = reference.lower() if len(reference) >= SHORTEST_PREFIX else None
    readings = (
        {article_id for path, article_id in paths if path == reference},
        {article_id for article_id in ids if prefix and article_id.startswith(prefix)},
        {article_id for path, article_id in paths if path.rpartition("/")[2] == reference},
    )
    named = next((reading for reading in readings if reading), set())
    if len(named) == 1:
        return named.pop()
    problem = f"{len(named)} articles go by {reference!r}" if named else f"No article goes by {reference!r}"
    raise UnknownArticleError(f"{problem}. List them with their numbers, ids and paths: sanad articles")
