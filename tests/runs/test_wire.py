import io
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs import wire
from lstm_viz.words import Sentence
from tests.training.frames_for_tests import frame

VALUES = np.linspace(0, 1, 12, dtype=np.float32).reshape(6, 2)


def same(one: Any, other: Any) -> bool:
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or bool(one != one and other != other)


@pytest.mark.parametrize(
    "value",
    [
        Settings.of(cell="gru", learning_rate=0.1),
        Dataset(
            "sine", VALUES, None, 2, 1, 4, Scaler((1.0, 0.0), (2.0, 1.0)), ("a", "b"), ("a",), 5
        ),
        frame(3),
        Sentence("{count} rows", {"count": 3}),
        {"event": "frame", "run": "abc", "frame": frame(0), "nothing": None},
    ],
)
def test_what_is_unpacked_equals_what_was_packed(value: Any) -> None:
    assert same(value, wire.unpack(wire.pack(value)))


@given(
    arrays.arrays(
        dtype=some.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_]),
        shape=arrays.array_shapes(min_dims=0, max_dims=4, min_side=0),
    )
)
def test_any_array_survives_the_wire(array: np.ndarray) -> None:
    back = wire.unpack(wire.pack(array))
    assert back.shape == array.shape
    assert same(array, back)


def test_messages_follow_each_other_on_a_stream() -> None:
    stream = io.BytesIO()
    for number in range(3):
        wire.write(stream, {"number": number})
    stream.seek(0)
    assert [wire.read(stream)["number"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(EOFError):
        wire.read(stream)


@pytest.mark.parametrize("value", [print, object(), np.array([object()]), {1, 2}])
def test_only_data_goes_on_the_wire(value: Any) -> None:
    with pytest.raises(TypeError):
        wire.pack(value)


def test_a_name_that_is_no_known_record_is_refused() -> None:
    import msgpack

    forged = msgpack.packb(msgpack.ExtType(2, wire.pack(("Popen", {"args": "ls"}))))
    with pytest.raises(KeyError):
        wire.unpack(forged)
