"""The loaded model: texts of any length become vectors of length 1."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embeddings.e5.graph import INPUT, OUTPUT, WIDTH, encoder_graph
from retrieval.embeddings.e5.tokenizer import UnigramTokenizer
from retrieval.embeddings.e5.weights import BLOCK_BYTES, Floats, Weights, dequantise, read_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from onnxruntime import InferenceSession

_ERRORS_ALONE = 3  # what onnxruntime logs, of its own scale


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """A graph that can be run, with one input and one output, on one thread for each run."""

    session: InferenceSession
    given: str
    output: str

    def run(self, states: Floats) -> Floats:
        """Return what the graph makes of one text's states."""
        (found,) = self.session.run([self.output], {self.given: states[np.newaxis]})
        first: Floats = found[0]
        return first


class E5Encoder:
    """multilingual-e5-small (Wang et al., 2024) on onnxruntime; usable from several threads."""

    def __init__(self, weights: Weights, graph: LoadedGraph) -> None:
        sizes = weights.architecture
        self._graph = graph
        self._tokenizer = UnigramTokenizer(weights.vocabulary)
        self._words = weights.blocks["emb.word"].reshape(sizes.vocabulary, -1, BLOCK_BYTES)  # stays on the disk
        places, kinds = weights.floats["emb.pos"], weights.floats["emb.type"]
        self._places: Floats = places.reshape(sizes.positions, -1) + kinds[: sizes.hidden]  # all are of the first kind
        self._ends = weights.vocabulary.first, weights.vocabulary.last
        self.window = sizes.positions - 2  # tokens that are read together; a first and a last one go with them

    def token_ids(self, text: str) -> list[int]:
        """Return the ids of a text's tokens, without the first and the last one."""
        return self._tokenizer.ids(text)

    def vector(self, ids: Sequence[int], check: Callable[[], None] = lambda: None) -> Floats:
        """Return the vector of tokens; of more than a window holds, the mean of the windows, by their tokens.

        `check` is called before each window, and ends the work by what it raises.
        """
        total: Floats = np.zeros(self._places.shape[1], np.float32)
        for start in range(0, max(len(ids), 1), self.window):
            check()
            part = ids[start : start + self.window]
            total += self._graph.run(self.embedded(part)) * max(len(part), 1)
        return total / np.linalg.norm(total)

    def embedded(self, ids: Sequence[int]) -> Floats:
        """Return what the first layer is given of at most a window of tokens and the two at its ends."""
        first, last = self._ends
        words = dequantise(self._words[[first, *ids, last]]).reshape(len(ids) + 2, -1)
        found: Floats = words + self._places[: len(words)]
        return found


def load_encoder(file: Path, largest: int, width: int = WIDTH) -> E5Encoder:
    """Return the encoder of a file of weights; `encoder_graph` says what the numbers are.

    Raises:
        OSError: the file cannot be read.
    """
    weights = read_weights(file)
    return E5Encoder(weights, load_graph(encoder_graph(weights, largest, width), INPUT, OUTPUT))


def load_graph(graph: bytes, given: str, output: str) -> LoadedGraph:
    """Return a graph that can be run, from `given` to `output`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # a text is too short to share; many run at a time
    options.log_severity_level = _ERRORS_ALONE
    # The graph is as it should run: nothing is faster with the optimisers on, and SkipLayerNormFusion changes vectors.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return LoadedGraph(session, given, output)
