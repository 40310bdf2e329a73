"""Small ONNX files for tests, written as the protocol buffers that they are (field numbers of onnx.proto3)."""

import struct
from collections.abc import Mapping, Sequence

_OPSET = 17
_FLOAT, _INT64 = 1, 7

Shape = Sequence[int | str]


def onnx_model(
    inputs: Mapping[str, Shape],
    nodes: Sequence[bytes],
    outputs: Mapping[str, Shape],
    tables: Mapping[str, Sequence[Sequence[float]]] | None = None,
    *,
    input_type: int = _INT64,
) -> bytes:
    """A model whose inputs are of the given shapes and whose outputs are floats; ``tables`` are constants."""
    graph = b"".join(_part(1, node) for node in nodes) + _part(2, b"graph")
    graph += b"".join(_part(5, _table(name, rows)) for name, rows in (tables or {}).items())
    graph += b"".join(_part(11, _value(name, input_type, shape)) for name, shape in inputs.items())
    graph += b"".join(_part(12, _value(name, _FLOAT, shape)) for name, shape in outputs.items())
    return _part(1, 8) + _part(7, graph) + _part(8, _part(2, _OPSET))


def onnx_node(operator: str, inputs: Sequence[str], output: str, **integers: int | Sequence[int]) -> bytes:
    """A node with attributes that are whole numbers, or lists of them."""
    node = b"".join(_part(1, name.encode()) for name in inputs) + _part(2, output.encode())
    node += _part(4, operator.encode())
    for name, value in integers.items():
        if isinstance(value, int):
            attribute = _part(1, name.encode()) + _part(3, value) + _part(20, 2)
        else:
            attribute = _part(1, name.encode()) + b"".join(_part(8, integer) for integer in value) + _part(20, 7)
        node += _part(5, attribute)
    return node


def _table(name: str, rows: Sequence[Sequence[float]]) -> bytes:
    flat = [number for row in rows for number in row]
    content = struct.pack(f"<{len(flat)}f", *flat)
    return _part(1, len(rows)) + _part(1, len(rows[0])) + _part(2, _FLOAT) + _part(8, name.encode()) + _part(9, content)


def _value(name: str, kind: int, shape: Shape) -> bytes:
    sides = b"".join(_part(1, _part(1, side) if isinstance(side, int) else _part(2, side.encode())) for side in shape)
    return _part(1, name.encode()) + _part(2, _part(1, _part(1, kind) + _part(2, sides)))


def _part(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
