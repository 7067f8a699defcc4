"""Graphs written by hand are what ONNX's own library reads, and run."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest

from retrieval.embeddings.e5.onnx_format import GraphWriter, message_field, tensor_of_floats


@pytest.fixture
def model() -> bytes:
    """Return a graph that doubles its input and cuts it in two, of which the second half comes out."""
    graph = GraphWriter()
    twice = graph.node("Mul", ["x", graph.constant("two", np.array([2.0], np.float32))], "twice")
    sizes = graph.constant("sizes", np.array([1, 3], np.int64))
    _, rest = graph.nodes("Split", [twice, sizes], ["first", "rest"], axis=-1)
    graph.node("ReduceMean", [rest], "y", axes=[1], keepdims=0)
    return graph.model([tensor_of_floats("x", ["rows", 4])], [tensor_of_floats("y", ["rows"])])


def test_the_library_reads_what_was_written(model: bytes) -> None:
    read = onnx.load_model_from_string(model)
    onnx.checker.check_model(read, full_check=True)
    assert [node.op_type for node in read.graph.node] == ["Mul", "Split", "ReduceMean"]
    assert [onnx.helper.get_attribute_value(given) for given in read.graph.node[2].attribute] == [[1], 0]
    assert onnx.helper.get_attribute_value(read.graph.node[1].attribute[0]) == -1
    assert {entry.domain: entry.version for entry in read.opset_import} == {"": 17, "com.microsoft": 1}


def test_it_runs(model: bytes) -> None:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": np.array([[1, 2, 3, 4], [0, 0, 0, 3]], np.float32)})
    assert found.tolist() == [6.0, 2.0]


def test_a_float_attribute_is_a_float(model: bytes) -> None:
    graph = GraphWriter()
    graph.node("Elu", ["x"], "y", alpha=0.5)
    read = onnx.load_model_from_string(graph.model([tensor_of_floats("x", [1])], [tensor_of_floats("y", [1])]))
    assert onnx.helper.get_attribute_value(read.graph.node[0].attribute[0]) == 0.5


@pytest.mark.parametrize(
    ("number", "encoded"), [(0, "0800"), (127, "087f"), (128, "088001"), (2**40, "08808080808020")]
)
def test_numbers_are_written_in_sevens_of_bits(number: int, encoded: str) -> None:
    assert message_field(1, number).hex() == encoded
