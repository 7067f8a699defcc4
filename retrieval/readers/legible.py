"""Texts that cannot be read are set aside with the reason, whatever their format; a PDF judges its own letters."""

from __future__ import annotations

from retrieval.errors import ArticleError
from retrieval.nlp.legibility import Garble, garble_of
from retrieval.readers.document import ContainerMember, SourceDocument

_REASONS: dict[Garble, str] = {
    "mojibake": "has letters of another encoding, as «Ø§Ù„» for «ال»; save it anew from its source, as UTF-8",
    "mirrored": "has the letters of each word in reverse, as a badly made PDF gives them; copy it anew from its source",
    "letters": "has letters that make no words, as a font without a table of letters gives; copy it from its source",
}


def refuse_illegible(document: SourceDocument) -> SourceDocument:
    """Return a document whose letters can be read.

    Raises:
        ArticleError: they cannot; the message is the reason alone.
    """
    if kind := garble_of(document.text):
        raise ArticleError(_REASONS[kind])
    return document


def legible_member(member: ContainerMember) -> ContainerMember:
    """Return a member of a container, or the reason why its letters cannot be read."""
    if isinstance(member.content, SourceDocument) and (kind := garble_of(member.content.text)):
        return ContainerMember(member.name, _REASONS[kind])
    return member
