"""The wire between the app and its trainer, and the format of a recorded run: data only.

MessagePack with three extensions (NumPy arrays, and the data classes and errors listed in
`records`), so that nothing which arrives can run code.
"""

import struct
from collections.abc import Callable
from dataclasses import fields
from typing import IO, Any, Protocol

import msgpack
import numpy as np

from lstm_viz.errors import LstmVizError
from lstm_viz.runs.records import ERRORS, TYPES

_BY_NAME = {kind.__name__: kind for kind in TYPES}
_ERROR_BY_NAME = {kind.__name__: kind for kind in ERRORS}
_ARRAY, _RECORD, _ERROR = 1, 2, 3
_PLAIN = (str, int, float, bool, type(None), np.generic)
_LENGTH = struct.Struct("<Q")


class Readable(Protocol):
    """Anything bytes can be read from: a pipe, a file."""

    def read(self, size: int, /) -> bytes: ...


def pack(value: Any) -> bytes:
    """Plain data, NumPy arrays and the known data classes, as bytes."""
    packed: bytes = msgpack.packb(value, default=_encode, strict_types=True)
    return packed


def unpack(data: bytes) -> Any:
    """What `pack` packed. Arrays are read-only views of `data`."""
    return msgpack.unpackb(
        data, ext_hook=_decode, strict_map_key=False, use_list=False, max_ext_len=2**31 - 1
    )


def write(stream: IO[bytes], value: Any) -> None:
    """Write one message."""
    write_packed(stream, pack(value))


def write_packed(stream: IO[bytes], message: bytes) -> None:
    """Write one message that is packed already."""
    stream.write(_LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def read(stream: Readable) -> Any:
    """Read one message; EOFError when the other side is gone."""
    (length,) = _LENGTH.unpack(_exactly(stream.read, _LENGTH.size))
    return unpack(_exactly(stream.read, length))


def _exactly(read_some: Callable[[int], bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = read_some(size - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            raise TypeError("an array of objects is not data")
        head = pack((value.dtype.str, value.shape))
        return msgpack.ExtType(_ARRAY, _LENGTH.pack(len(head)) + head + value.tobytes())
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in TYPES:
        content = {field.name: getattr(value, field.name) for field in fields(value)}
        return msgpack.ExtType(_RECORD, pack((type(value).__name__, content)))
    if isinstance(value, LstmVizError):
        return msgpack.ExtType(_ERROR, pack(_said(value)))
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "items"):
        return dict(value.items())
    raise TypeError(f"{type(value).__name__} is not data")


def _said(error: LstmVizError) -> tuple[str, str, dict[str, Any]]:
    """The class and the sentence; what fills it may be anything, and is said as words."""
    values = {
        name: value if isinstance(value, _PLAIN) else str(value)
        for name, value in error.sentence.values.items()
    }
    kind = next(each for each in type(error).__mro__ if each in ERRORS)
    return kind.__name__, error.sentence.template, values


def _decode(code: int, data: bytes) -> Any:
    if code == _ARRAY:
        (length,) = _LENGTH.unpack_from(data)
        body = _LENGTH.size + length
        dtype, shape = unpack(data[_LENGTH.size : body])
        return np.frombuffer(data, np.dtype(dtype), offset=body).reshape(shape)
    if code == _RECORD:
        name, content = unpack(data)
        return _BY_NAME[name](**content)
    if code == _ERROR:
        kind, template, values = unpack(data)
        return _ERROR_BY_NAME[kind](template, **values)
    raise ValueError(f"unknown extension {code}")
