"""ONNX graphs as bytes, in the protobuf encoding: the few messages that an encoder needs, so that `onnx` is not.

The numbers of the fields are those of onnx.proto (github.com/onnx/onnx); of protobuf, only varints, 32-bit numbers and
length-delimited fields occur (protobuf.dev/programming-guides/encoding).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

IR_VERSION = 9
OPSET = 17  # the first with LayerNormalization
CONTRIBUTED = "com.microsoft"  # onnxruntime's own operators, version 1
_FLOAT, _INTS, _INT = 1, 7, 2  # kinds of attributes
_ELEMENTS = {"float32": 1, "int8": 3, "int64": 7}  # kinds of tensors

FieldValue = int | bytes | str


def message_field(number: int, value: FieldValue) -> bytes:
    """Return a field of a message: a whole number that is not negative, or bytes, a text or another message.

    >>> message_field(1, 300).hex(), message_field(2, "e5").hex()
    ('08ac02', '12026535')
    """
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


class GraphWriter:
    """A graph that grows node by node; each method returns the name of what it adds, for those that take it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        """Add a tensor of float32, int8 or int64."""
        sizes = b"".join(message_field(1, size) for size in values.shape)
        kind = message_field(2, _ELEMENTS[values.dtype.name])
        self._parts.append(message_field(5, sizes + kind + message_field(8, name) + message_field(9, values.tobytes())))
        return name

    def node(
        self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: float | Sequence[int]
    ) -> str:
        """Add an operator with one output."""
        self.nodes(operator, inputs, [output], domain, **attributes)
        return output

    def nodes(
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str = "",
        **attributes: float | Sequence[int],
    ) -> Sequence[str]:
        """Add an operator with several outputs."""
        named = [message_field(1, name) for name in inputs] + [message_field(2, name) for name in outputs]
        given = [message_field(5, _attribute(name, value)) for name, value in attributes.items()]
        content = [*named, message_field(3, outputs[0]), message_field(4, operator), *given]
        self._parts.append(message_field(1, b"".join([*content, message_field(7, domain)] if domain else content)))
        return outputs

    def model(self, inputs: Sequence[bytes], outputs: Sequence[bytes]) -> bytes:
        """Return the finished model; what goes in and comes out is described by `tensor_of_floats`."""
        described = [message_field(11, value) for value in inputs] + [message_field(12, value) for value in outputs]
        graph = message_field(7, b"".join([*self._parts, message_field(2, "graph"), *described]))
        opsets = [("", OPSET), (CONTRIBUTED, 1)]
        imported = [
            message_field(8, message_field(1, domain) + message_field(2, version)) for domain, version in opsets
        ]
        return b"".join([message_field(1, IR_VERSION), graph, *imported])


def tensor_of_floats(name: str, sizes: Sequence[int | str]) -> bytes:
    """Return the description of a tensor of float32; a size that varies has a name."""
    shape = b"".join(
        message_field(1, message_field(2, size) if isinstance(size, str) else message_field(1, size)) for size in sizes
    )
    kind = message_field(1, message_field(1, _ELEMENTS["float32"]) + message_field(2, shape))
    return message_field(1, name) + message_field(2, kind)


def _attribute(name: str, value: float | Sequence[int]) -> bytes:
    named = message_field(1, name)
    if isinstance(value, float):
        return named + _varint(2 << 3 | 5) + struct.pack("<f", value) + message_field(20, _FLOAT)
    if isinstance(value, int):
        return named + message_field(3, _unsigned(value)) + message_field(20, _INT)
    return named + b"".join(message_field(8, _unsigned(one)) for one in value) + message_field(20, _INTS)


def _unsigned(value: int) -> int:
    """Return a number as the unsigned one of 64 bits that has its bits."""
    return value & (1 << 64) - 1


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
