"""Arrays: NumPy's .npy and .npz, MATLAB's .mat to version 7. No pickle.

Raises DataError from each reader where no array can be a column; what a library raises of a damaged
file, `read_bytes` makes one sentence of.
"""

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.ceilings import check_table
from lstm_viz.data.reading.formats.containers import Archive, broken
from lstm_viz.data.reading.found import Found, Sequences
from lstm_viz.data.reading.structure.rows import framed
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

Array = npt.NDArray[Any]
NUMBERS = "biufM"
"""NumPy's kinds of values that make a column; M are dates."""
NOT_NUMBERS = {
    "O": N_("Python objects, a pickle that is never opened,"),
    "cell": N_("cell arrays"),
    "c": N_("complex numbers"),
    "V": N_("records of several fields"),
    "U": N_("words"),
    "S": N_("words"),
    "m": N_("lengths of time"),
}
"""Those that make none -> what they are; MATLAB's cells are NumPy's objects."""

LABELS = re.compile(r"(?:^|[^a-z])(?:labels?|class(?:es)?|y|targets?|arr_\d+)(?:$|[^a-z])", re.I)
"""What an array of classes is called; arr_1 where `numpy.savez` was given no name."""


def read_npy(data: bytes, filename: str) -> Found | Sequences:
    """A series (rows,), a table (rows, columns), or sequences (N, T, D)."""
    return _found({"": _array(data, filename)}, filename)


def read_npz(data: bytes, filename: str) -> Found | Sequences:
    """The arrays that share their length with the most columns, as columns; the rest is named."""
    archive = Archive(data, filename)
    names = {member.removesuffix(".npy"): member for member in archive.names}
    return of_content(names, filename, of=lambda each: _array(archive.read(each), filename))


def read_mat(data: bytes, filename: str) -> Found | Sequences:
    """The arrays of a MATLAB file, those within structures too."""
    from scipy.io import loadmat

    content = loadmat(io.BytesIO(data), squeeze_me=True, struct_as_record=True)
    return of_content(_flat(content, 0), filename, "cell")


def _flat(content: Mapping[str, Any], depth: int) -> dict[str, Array]:
    """The arrays under their names, those in structures under both."""
    found: dict[str, Array] = {}
    for name, value in content.items():
        if name.startswith("__"):
            continue
        array = np.asarray(value)
        if array.dtype.names is not None and array.size == 1 and depth < 4:
            record = array.reshape(())[()]
            inner = {each: record[each] for each in array.dtype.names}
            found |= {f"{name}.{k}": v for k, v in _flat(inner, depth + 1).items()}
        elif array.dtype == object and array.ndim == 0 and depth < 4:
            found |= _flat({name: array[()]}, depth + 1)
        else:
            found[name] = array
    return found


def of_content(
    content: Mapping[str, Any],
    filename: str,
    objects: str = "O",
    of: Callable[[Any], Array] = np.atleast_1d,
) -> Found | Sequences:
    """Those that can be columns; `objects` is the kind of what NumPy calls objects."""
    arrays, refused = {}, {}
    for name, each in content.items():
        try:
            array = of(each)
            check(array.dtype, array.shape, filename, objects)
            arrays[name] = array
        except _NoColumnError as reason:
            refused[name] = reason
    if not arrays:
        raise next(iter(refused.values()), broken(filename))
    return _found(arrays, filename, tuple(refused))


class _NoColumnError(DataError):
    """Within an archive other arrays may do."""


def _array(data: bytes, filename: str) -> Array:
    """A .npy file's array. Raises DataError for one that is no array of numbers, or too large."""
    file = io.BytesIO(data)
    newer = np.lib.format.read_magic(file) > (1, 0)
    read = np.lib.format.read_array_header_2_0 if newer else np.lib.format.read_array_header_1_0
    shape, _by_columns, dtype = read(file)
    check(dtype, shape, filename)
    check_table(filename, shape[0], math.prod(shape[1:]))
    array: Array = np.load(io.BytesIO(data), allow_pickle=False)
    return array


def check(dtype: np.dtype[Any], shape: tuple[int, ...], filename: str, objects: str = "O") -> None:
    """Raise DataError for what cannot be columns of numbers."""
    kind = objects if dtype.hasobject else dtype.kind
    if kind not in NUMBERS:
        raise _NoColumnError(
            N_("'{file}' holds {what} and no plain numbers. Save an array of numbers instead."),
            file=filename,
            what=Sentence(NOT_NUMBERS.get(kind, NOT_NUMBERS["V"])),
        )
    if not 1 <= len(shape) <= 3 or min(shape) < 0:
        raise _NoColumnError(
            N_(
                "'{file}' holds an array of shape {shape}. Save one of shape (rows,), (rows, "
                "columns) or (sequences, steps, signals) instead."
            ),
            file=filename,
            shape=shape,
        )
    if 0 in shape:
        raise _NoColumnError(
            N_("'{file}' holds an empty array. Save one with rows of numbers."), file=filename
        )


def _found(
    arrays: dict[str, Array], filename: str, refused: tuple[str, ...] = ()
) -> Found | Sequences:
    deep = {name: array for name, array in arrays.items() if array.ndim == 3}
    if deep:
        return _sequences(arrays, deep, filename)
    counts = Counter[int]()
    for array in arrays.values():
        counts[len(array)] += array.size // max(1, len(array))
    length = max(counts, key=lambda rows: (counts[rows] if rows > 1 else 0, rows))
    check_table(filename, length, counts[length])
    names: list[str] = []
    columns: list[Any] = []
    for name, array in arrays.items():
        if len(array) != length:
            continue
        if array.dtype.kind != "M":
            with np.errstate(over="ignore", invalid="ignore"):  # longer floats become infinite
                cells = array.astype(np.float64)
        else:
            cells = array
        wide = cells.reshape(length, -1)
        names += (
            [name] if array.ndim == 1 else [f"{name} {p + 1}".strip() for p in range(wide.shape[1])]
        )
        columns += list(wide.T)
    if list(arrays) == [""]:
        names = [""] * len(names)
    left_out = (*(name for name, array in arrays.items() if len(array) != length), *refused)
    return Found(framed(columns), tuple(names), left_out=left_out)


def _sequences(arrays: dict[str, Array], deep: dict[str, Array], filename: str) -> Sequences:
    """(N, T, D) and, beside it, N labels where an array holds them."""
    values = max(deep.values(), key=lambda array: array.size)
    check_table(filename, values.shape[0] * values.shape[1], values.shape[2])
    labels = next((a for name, a in arrays.items() if _labels(name, a, values.shape[0])), None)
    return Sequences(values.astype(np.float64), labels)


def _labels(name: str, array: Array, count: int) -> bool:
    """Whether an array says the class of each of `count` sequences, by its name and its values.

    >>> [_labels(name, np.arange(9) % 3, 9) for name in ("y_train", "arr_1", "time")]
    [True, True, False]
    """
    if array.shape != (count,) or not LABELS.search(name):
        return False
    return array.dtype.kind == "b" or (array.dtype.kind in "iuf" and not (array % 1).any())
