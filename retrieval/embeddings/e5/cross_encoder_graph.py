"""The cross-encoder's two graphs: the encoder's lower layers, for a text alone, and the upper ones, for two together.

Question and sentence meet in the upper layers alone ("DeFormer", Cao et al., 2020): the lower ones see each as the
encoder was trained to see it, and a question passes through them once, however many sentences it is read with.
"""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.embeddings.e5.cross_encoder_weights import CrossEncoderWeights
from retrieval.embeddings.e5.graph import QuantisedLayer, quantised_layer, write_layer, write_norm
from retrieval.embeddings.e5.onnx_format import GraphWriter, tensor_of_floats
from retrieval.embeddings.e5.weights import Weights

STATES_IN, STATES_OUT = "states_in", "states_out"


def lower_graph(weights: Weights, first_joint: int, largest: int) -> bytes:
    """Return the model from embedded tokens to states [1, tokens, hidden]."""
    graph = GraphWriter()
    states = write_norm(graph, weights, STATES_IN, "emb.ln")
    return _through(
        graph, weights, states, {n: quantised_layer(weights, f"l{n}.", largest) for n in range(first_joint)}
    )


def upper_graph(weights: Weights, learnt: CrossEncoderWeights, largest: int) -> bytes:
    """Return the model from joined states to the last states."""
    numbers = range(learnt.first_joint, weights.architecture.layers)
    layers = {number: quantised_layer(weights, f"l{number}.", largest, adapters=learnt.adapters) for number in numbers}
    return _through(GraphWriter(), learnt.over(weights), STATES_IN, layers)


def _through(graph: GraphWriter, weights: Weights, states: str, layers: Mapping[int, QuantisedLayer]) -> bytes:
    for number, layer in layers.items():
        states = write_layer(graph, weights, layer, states, f"l{number}.")
    graph.node("Identity", [states], STATES_OUT)
    shape: list[int | str] = [1, "tokens", weights.architecture.hidden]
    return graph.model([tensor_of_floats(STATES_IN, shape)], [tensor_of_floats(STATES_OUT, shape)])
