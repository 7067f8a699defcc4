"""LlamaIndex's node parser with Sanad's cuts: passages and sentences where a reader of Arabic or English sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from llama_index.core.node_parser import NodeParser
from llama_index.core.node_parser.node_utils import build_nodes_from_splits, default_id_func
from llama_index.core.schema import BaseNode, Document, TextNode

from retrieval.extraction.chunking import split_passages
from retrieval.extraction.page_layout import read_layout
from retrieval.nlp.sentences import sentences
from retrieval.types import Article, Span

_LINE = re.compile(r"\S(?:.*\S)?")


class ArabicNodeParser(NodeParser):
    """Cuts any text into passages or sentences, each an exact slice of it: `text[start_char_idx:end_char_idx]`.

    Of the body alone, what a news page adds around an article is left out: links, sharing, widgets. A node's id is
    its document's with the offsets, so that the same text gives the same ids, unless an `id_func` is given.
    """

    unit: Literal["passage", "sentence"] = "passage"
    body_only: bool = True

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex stores the parser."""
        return "ArabicNodeParser"

    def spans(self, text: str) -> list[Span]:
        """Return where the nodes of a text are."""
        body = read_layout(text).body if self.body_only else ()
        body = body or tuple(Span(*line.span()) for line in _LINE.finditer(text))
        if self.unit == "passage":
            return [Span(one.start, one.end) for one in split_passages(Article("", "", text, body))]
        return list(_sentences(text, body))

    def _parse_nodes(self, nodes: Sequence[BaseNode], show_progress: bool = False, **_: Any) -> list[BaseNode]:  # noqa: ARG002 - LlamaIndex's
        return [part for node in nodes for part in self._parts(node)]

    def _parts(self, node: BaseNode) -> Iterator[TextNode]:
        text = node.get_content()
        spans = self.spans(text)
        splits = [text[start:end] for start, end in spans]
        base = (node.start_char_idx or 0) if isinstance(node, TextNode) else 0  # a node may itself be a part
        parts = build_nodes_from_splits(splits, node, id_func=self.id_func)
        for part, (start, end) in zip(parts, spans, strict=True):
            part.start_char_idx, part.end_char_idx = base + start, base + end
            if self.id_func is default_id_func:
                part.id_ = f"{node.node_id}:{start}-{end}"
            yield part

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]) -> list[BaseNode]:
        """Add what LlamaIndex adds, and keep the offsets, which it would look up by the text: a sentence may repeat."""
        offsets = [(node.start_char_idx, node.end_char_idx) for node in nodes if isinstance(node, TextNode)]
        made = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for node, (start, end) in zip(made, offsets, strict=True):
            assert isinstance(node, TextNode)
            node.start_char_idx, node.end_char_idx = start, end
        return made


def _sentences(text: str, body: Sequence[Span]) -> Iterator[Span]:
    for paragraph in body:
        for start, end in sentences(text[paragraph.start : paragraph.end]):
            yield Span(paragraph.start + start, paragraph.start + end)
