"""The encoder of multilingual-e5-small as an ONNX graph, made in memory from its 4-bit weights.

Products run on 8-bit integers (onnxruntime's DynamicQuantizeMatMul): a weight by the scale of its column, the
activations by one scale. A few channels of the activations are far larger than the others ("LLM.int8()", Dettmers et
al., 2022), and one scale would lose the small ones; so each product is a sum over slices of `WIDTH` inputs, each with
scales of its own. A graph takes one text and has no mask: with padding, a text's scales, and so its vector, would
depend on others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from retrieval.embeddings.e5.onnx_format import CONTRIBUTED, GraphWriter, tensor_of_floats
from retrieval.embeddings.e5.weights import BLOCK, BLOCK_BYTES, Floats, Weights, dequantise

WIDTH = 192  # inputs in a slice; docs/measured.md has the other widths
INPUT, OUTPUT = "embedded", "mean"


class _Quantised(NamedTuple):
    """The weights of a product in 8 bits, [inputs, outputs], and what one is worth in each column."""

    weights: npt.NDArray[np.int8]
    scales: Floats


class _Linear(NamedTuple):
    """A product: slices of its weights, one after the other along the inputs, and its bias."""

    slices: Sequence[_Quantised]
    bias: Floats


class Adapter(NamedTuple):
    """What is added to a matrix [outputs, inputs], as a product of low rank ("LoRA", Hu et al., 2022)."""

    up: Floats  # [outputs, rank]
    down: Floats  # [rank, inputs]


class QuantisedLayer(NamedTuple):
    """The four products of a layer."""

    queries_keys_values: _Linear
    attended: _Linear
    inner: _Linear
    outer: _Linear


def encoder_graph(weights: Weights, largest: int, width: int = WIDTH) -> bytes:
    """Return the model: from embedded tokens [1, tokens, hidden] to the mean of their last states [1, hidden].

    Args:
        weights: What the file holds.
        largest: What the largest weight of a column becomes, 127 at most.
        width: Inputs in a slice of a product, which divides all of them; fewer are slower and more exact.
    """
    sizes = weights.architecture
    with ThreadPoolExecutor(2) as threads:  # numpy lets go of the interpreter meanwhile
        layers = list(threads.map(lambda n: quantised_layer(weights, f"l{n}.", largest, width), range(sizes.layers)))
    graph = GraphWriter()
    states = write_norm(graph, weights, INPUT, "emb.ln")
    for number, layer in enumerate(layers):
        states = write_layer(graph, weights, layer, states, f"l{number}.")
    graph.node("ReduceMean", [states], OUTPUT, axes=[1], keepdims=0)
    given = tensor_of_floats(INPUT, [1, "tokens", sizes.hidden])
    return graph.model([given], [tensor_of_floats(OUTPUT, [1, sizes.hidden])])


def write_layer(graph: GraphWriter, weights: Weights, layer: QuantisedLayer, states: str, name: str) -> str:
    """Add a layer of BERT: attention and a feed-forward network, each added to what went in and normalised."""
    sizes = weights.architecture
    mixed = _write_linear(graph, states, name + "qkv", layer.queries_keys_values)
    parts = _split(graph, mixed, name + "heads", [sizes.hidden] * 3)
    heads = graph.node("MultiHeadAttention", parts, name + "attention", CONTRIBUTED, num_heads=sizes.heads)
    attended = _write_linear(graph, heads, name + "ao", layer.attended)
    states = write_norm(graph, weights, graph.node("Add", [attended, states], name + "after_attention"), name + "aln")
    inner = _write_linear(graph, states, name + "fi", layer.inner)
    active = graph.node("Gelu", [inner], name + "gelu", CONTRIBUTED)
    outer = _write_linear(graph, active, name + "fo", layer.outer)
    return write_norm(graph, weights, graph.node("Add", [outer, states], name + "after_inner"), name + "oln")


def _write_linear(graph: GraphWriter, states: str, name: str, linear: _Linear) -> str:
    """Add a product and its bias: the sum of its slices."""
    inputs = _split(graph, states, name + ".in", [len(part.weights) for part in linear.slices])
    total = ""
    for number, (put_in, part) in enumerate(zip(inputs, linear.slices, strict=True)):
        own = f"{name}.{number}"
        given = [put_in, graph.constant(own + ".w", part.weights), graph.constant(own + ".s", part.scales), ""]
        if not total:
            given.append(graph.constant(name + ".bias", linear.bias))
        product = graph.node("DynamicQuantizeMatMul", given, own, CONTRIBUTED)
        total = graph.node("Add", [total, product], own + ".sum") if total else product
    return total


def write_norm(graph: GraphWriter, weights: Weights, states: str, name: str) -> str:
    """Add a layer norm."""
    scale, shift = (graph.constant(f"{name}.{part}", weights.floats[f"{name}.{part}"]) for part in ("w", "b"))
    epsilon = weights.architecture.epsilon
    return graph.node("LayerNormalization", [states, scale, shift], name, axis=-1, epsilon=epsilon)


def _split(graph: GraphWriter, states: str, name: str, sizes: Sequence[int]) -> Sequence[str]:
    outputs = [f"{name}{number}" for number in range(len(sizes))]
    widths = graph.constant(name + ".sizes", np.array(sizes, np.int64))
    return graph.nodes("Split", [states, widths], outputs, axis=-1)


def quantised_layer(
    weights: Weights,
    name: str,
    largest: int,
    width: int = WIDTH,
    adapters: Mapping[str, Adapter] = MappingProxyType({}),
) -> QuantisedLayer:
    """Return the products of a layer, with the adapters that some of its weights have, by name."""
    sizes = weights.architecture

    def dense(part: str, inputs: int) -> Floats:
        own = dequantise(weights.blocks[f"{name}{part}.w"].reshape(-1, inputs // BLOCK, BLOCK_BYTES))
        matrix: Floats = own.reshape(len(own), inputs)
        adapter = adapters.get(f"{name}{part}")
        return matrix + adapter.up @ adapter.down if adapter else matrix

    def linear(*parts: str, inputs: int = sizes.hidden) -> _Linear:
        matrix = np.concatenate([dense(part, inputs) for part in parts])
        bias = np.concatenate([weights.floats[f"{name}{part}.b"] for part in parts])
        return _Linear([_quantised(part, largest) for part in np.split(matrix, inputs // width, axis=1)], bias)

    return QuantisedLayer(linear("q", "k", "v"), linear("ao"), linear("fi"), linear("fo", inputs=sizes.inner))


def _quantised(matrix: Floats, largest: int) -> _Quantised:
    """Return weights [outputs, inputs] in 8 bits, each column of the product by its own scale."""
    scales = np.abs(matrix).max(axis=1) / np.float32(largest)
    weights = matrix / scales[:, np.newaxis]
    return _Quantised(np.ascontiguousarray(np.rint(weights, out=weights).astype(np.int8).T), scales)
