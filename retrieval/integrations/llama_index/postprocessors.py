"""What Sanad does with passages once they are found, for the nodes of any LlamaIndex retriever."""

from __future__ import annotations

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from retrieval.answering.retriever_source import RetrievedNode, retrieved_node
from retrieval.index.near_duplicates import Profile, are_copies, profile
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.answerability import judge
from retrieval.search.query import analyse
from retrieval.search.sentence_features import read_hits
from retrieval.search.sentence_ranking import rank_sentences
from retrieval.search.term_matcher import Matcher
from retrieval.search.text_vocabulary import TextVocabulary
from retrieval.search.vocabulary import Vocabulary
from retrieval.types import Hit


class StoryCollapsePostprocessor(BaseNodePostprocessor):
    """Keeps the first node of each story, and notes in its metadata which others carry the same text.

    Copies agree in their words, numbers and names: the report of another day by the same template is none.
    """

    metadata_key: str = "also_in"

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex stores the part."""
        return "StoryCollapsePostprocessor"

    def _postprocess_nodes(
        self,
        nodes: list[NodeWithScore],
        query_bundle: QueryBundle | None = None,  # noqa: ARG002 - LlamaIndex's
    ) -> list[NodeWithScore]:
        kept: list[tuple[NodeWithScore, Profile, list[str]]] = []
        for node in nodes:
            own = profile(node.node.get_content())
            copies = next((others for _, voice, others in kept if are_copies(voice, own)), None)
            if copies is None:
                kept.append((node, own, []))
            else:
                copies.append(node.node.node_id)
        return [self._noted(node, others) for node, _, others in kept]

    def _noted(self, node: NodeWithScore, others: list[str]) -> NodeWithScore:
        if not others:
            return node
        copied = node.node.model_copy(deep=True)  # what a store has given is left as it is
        copied.metadata[self.metadata_key] = others
        copied.excluded_llm_metadata_keys = [*copied.excluded_llm_metadata_keys, self.metadata_key]
        copied.excluded_embed_metadata_keys = [*copied.excluded_embed_metadata_keys, self.metadata_key]
        return NodeWithScore(node=copied, score=node.score)


class AnswerabilityPostprocessor(BaseNodePostprocessor):
    """Keeps the nodes that may answer a question, and none where they do not cover it: an engine then has no answer.

    Names and numbers of the question must be there, its subject too, and enough of its other words.
    """

    _vocabulary: Vocabulary | None = PrivateAttr()

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        """Weigh the question's words by a collection's vocabulary; without one, all that the nodes have are equal."""
        super().__init__()
        self._vocabulary = vocabulary

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex stores the part."""
        return "AnswerabilityPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None or not nodes:
            return nodes
        found: list[RetrievedNode] = [retrieved_node(node.node, node.score) for node in nodes]
        vocabulary = self._vocabulary or TextVocabulary(one.article.text for one in found)
        matcher = Matcher(analyse(query_bundle.query_str, vocabulary, load_lexicon()))
        hits = [Hit(one.passage, one.score or 0.0) for one in found]
        read = read_hits(matcher, hits, {one.article.article_id: one.article for one in found}, {})
        answerability = judge(read, rank_sentences(read, load_lexicon()))
        return [nodes[place] for place in answerability.passages] if answerability.covered else []
