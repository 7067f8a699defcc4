"""The encoder's graph does what the paper's formulas do, within what 8 bits lose."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from support.builders.e5 import tiny_weights

from retrieval.embeddings.e5.graph import INPUT, OUTPUT, encoder_graph
from retrieval.embeddings.e5.weights import Weights, dequantise

Floats = npt.NDArray[np.float64]


def expected(weights: Weights, states: Floats) -> Floats:
    """Return the mean of the last states, in 64 bits (Devlin et al., "BERT", 2019)."""
    sizes = weights.architecture

    def linear(name: str, inputs: Floats) -> Floats:
        matrix = dequantise(weights.blocks[name + ".w"]).reshape(-1, inputs.shape[1]).astype(float)
        return inputs @ matrix.T + weights.floats[name + ".b"]

    def norm(name: str, inputs: Floats) -> Floats:
        centred = inputs - inputs.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + sizes.epsilon)
        return np.asarray(scaled * weights.floats[name + ".w"] + weights.floats[name + ".b"])

    def attention(layer: str, inputs: Floats) -> Floats:
        parts = []
        queries, keys, values = (
            np.split(linear(layer + part, inputs), sizes.heads, axis=1) for part in ("q", "k", "v")
        )
        for query, key, value in zip(queries, keys, values, strict=True):
            likeness = np.exp(query @ key.T / math.sqrt(query.shape[1]))
            parts.append(likeness / likeness.sum(axis=1, keepdims=True) @ value)
        return np.concatenate(parts, axis=1)

    def gelu(inputs: Floats) -> Floats:
        return np.asarray(inputs * (1 + np.vectorize(math.erf)(inputs / math.sqrt(2))) / 2)

    states = norm("emb.ln", states)
    for number in range(sizes.layers):
        layer = f"l{number}."
        states = norm(layer + "aln", linear(layer + "ao", attention(layer, states)) + states)
        states = norm(layer + "oln", linear(layer + "fo", gelu(linear(layer + "fi", states))) + states)
    return np.asarray(states.mean(axis=0))


@pytest.mark.parametrize(("width", "largest", "closeness"), [(64, 127, 0.999), (32, 127, 0.999), (32, 63, 0.998)])
def test_the_mean_of_the_last_states_is_that_of_the_formulas(width: int, largest: int, closeness: float) -> None:
    weights = tiny_weights()
    session = onnxruntime.InferenceSession(encoder_graph(weights, largest, width), providers=["CPUExecutionProvider"])
    for tokens in (1, 7):
        states = np.random.default_rng(tokens).standard_normal((tokens, weights.architecture.hidden))
        (found,) = session.run([OUTPUT], {INPUT: states[np.newaxis].astype(np.float32)})
        wanted = expected(weights, states)
        assert found[0] @ wanted / np.linalg.norm(found[0]) / np.linalg.norm(wanted) > closeness


@pytest.mark.parametrize(("width", "largest"), [(64, 127), (32, 63)])
def test_onnx_s_own_library_reads_it_and_each_slice_fills_its_range(width: int, largest: int) -> None:
    weights = tiny_weights()
    sizes = weights.architecture
    graph = onnx.load_model_from_string(encoder_graph(weights, largest, width)).graph
    products = [node for node in graph.node if node.op_type == "DynamicQuantizeMatMul"]
    greatest = [
        int(np.abs(onnx.numpy_helper.to_array(tensor).astype(int)).max())
        for tensor in graph.initializer
        if tensor.data_type == onnx.TensorProto.INT8
    ]
    assert len(products) == len(greatest) == sizes.layers * (3 * sizes.hidden + sizes.inner) // width
    assert set(greatest) == {largest}
