"""A reading, or a refusal, as bytes from one process to another: JSON, then arrays. No pickle."""

import json
import struct
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lstm_viz import errors
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import LstmVizError
from lstm_viz.words import Sentence

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[Any]
Message = tuple[dict[str, Any], list[bytearray]]
LENGTH = struct.Struct("<Q")
PLAIN = ("name", "entities", "text", "layout", "proposed", "left_out", "stacked_proposed")
"""Fields of a reading that JSON can hold."""


class EndedError(Exception):
    """The other process is gone."""


def send(pipe: IO[bytes], head: Mapping[str, Any], *arrays: Array | bytes) -> None:
    """Write one message."""
    views = [each if isinstance(each, bytes) else each.view(np.uint8).data for each in arrays]
    sizes = list(map(len, views))
    text = json.dumps([head, sizes]).encode()
    pipe.write(LENGTH.pack(len(text)) + text)
    for view in views:
        pipe.write(view)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message:
    """Read one message. Raises EndedError where there is none."""
    (size,) = LENGTH.unpack(_exactly(pipe, LENGTH.size))
    head, sizes = json.loads(_exactly(pipe, size))
    return head, [_exactly(pipe, each) for each in sizes]


def _exactly(pipe: IO[bytes], size: int) -> bytearray:
    made = bytearray(size)
    view, filled = memoryview(made), 0
    while filled < size:
        count = pipe.readinto(view[filled:])  # type: ignore[attr-defined]
        if not count:
            raise EndedError
        filled += count
    return made


def question(data: bytes, filename: str, how: How) -> tuple[dict[str, Any], bytes]:
    """What is asked of a reader."""
    return {"name": filename, "how": vars(how)}, data


def asked(head: Mapping[str, Any], arrays: list[bytearray]) -> tuple[bytes, str, How]:
    """What `question` was made of."""
    return bytes(arrays[0]), head["name"], How(**_tuples(head["how"]))


def answer(found: Reading | LstmVizError) -> tuple[dict[str, Any], list[Array]]:
    """A reading or a refusal as a message."""
    if isinstance(found, LstmVizError):
        public = next(
            each.__name__ for each in type(found).__mro__ if hasattr(errors, each.__name__)
        )
        return {"kind": public, "said": _of_sentence(found.sentence)}, []
    head: dict[str, Any] = {name: getattr(found, name) for name in PLAIN}
    head["sentences"] = [_of_sentence(each) for each in found.sentences]
    arrays: list[Array] = []
    for name in ("frame", "stacked"):
        head[name] = _of_frame(getattr(found, name), arrays)
    for name in ("sequences", "codes"):
        head[name] = _of_array(getattr(found, name), arrays)
    head["labels"] = None if found.labels is None else found.labels.tolist()
    return head, arrays


def answered(head: dict[str, Any], arrays: list[bytearray]) -> Reading:
    """What `answer` was made of. Raises it where it was a refusal."""
    check(head)
    labels = head["labels"]
    return Reading(
        **{name: _tuples(head[name]) for name in PLAIN},
        frame=_frame(head["frame"], arrays),  # type: ignore[arg-type]
        stacked=_frame(head["stacked"], arrays),
        sentences=tuple(map(_sentence, head["sentences"])),
        sequences=_array(head["sequences"], arrays),
        codes=_array(head["codes"], arrays),
        labels=None if labels is None else np.array(labels),
    )


def check(head: Mapping[str, Any]) -> None:
    """Raise what was answered, where it was a refusal."""
    if "kind" in head:
        sentence = _sentence(head["said"])
        raise getattr(errors, head["kind"])(sentence.template, **sentence.values)


def _of_sentence(sentence: Sentence) -> dict[str, Any]:
    def plain(value: object) -> object:
        if isinstance(value, Sentence):
            return _of_sentence(value)
        return value if isinstance(value, str | int | float) else str(value)

    values = {name: plain(value) for name, value in sentence.values.items()}
    return {"template": sentence.template, "values": values}


def _sentence(said: Mapping[str, Any]) -> Sentence:
    values = {n: _sentence(v) if isinstance(v, dict) else v for n, v in said["values"].items()}
    return Sentence(said["template"], values)


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    return (
        {name: _tuples(each) for name, each in value.items()} if isinstance(value, dict) else value
    )


def _of_array(array: Array | None, arrays: list[Array]) -> Any:
    if array is None:
        return None
    arrays.append(np.ascontiguousarray(array).reshape(-1))
    return len(arrays) - 1, array.dtype.str, array.shape


def _array(told: Any, arrays: list[bytearray]) -> Array | None:
    if told is None:
        return None
    place, dtype, shape = told
    return np.frombuffer(arrays[place], dtype).reshape(shape)


def _of_frame(frame: "pd.DataFrame | None", arrays: list[Array]) -> int | None:
    """The place of a table's Arrow stream, with its moments and their zone."""
    import pyarrow as pa

    if frame is None:
        return None
    table, sink = pa.Table.from_pandas(frame), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    arrays.append(np.frombuffer(sink.getvalue(), np.uint8))
    return len(arrays) - 1


def _frame(place: int | None, arrays: list[bytearray]) -> "pd.DataFrame | None":
    import pyarrow as pa

    if place is None:
        return None
    made: pd.DataFrame = pa.ipc.open_stream(pa.py_buffer(arrays[place])).read_pandas()
    return made
