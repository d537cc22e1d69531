"""NumPy's .npy and .npz files, without ever opening a pickle.

A header is parsed by NumPy; the numbers are taken from the bytes that are there, so that one
that claims more costs nothing.
"""

import io
import math
from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.archives import Archive, broken
from lstm_viz.data.reading.ceilings import check_table
from lstm_viz.data.reading.naming import unique
from lstm_viz.data.reading.single_values import framed
from lstm_viz.data.reading.tables import Found, Source
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

Array = npt.NDArray[Any]
NUMBERS = "biufM"
"""NumPy's kinds of values that make a column; M are dates."""
NOT_NUMBERS = {
    "O": N_("Python objects, a pickle that is never opened,"),
    "c": N_("complex numbers"),
    "V": N_("records of several fields"),
    "U": N_("words"),
    "S": N_("words"),
    "m": N_("lengths of time"),
}
"""Those that make none -> what they are."""


def read_npy(source: Source) -> Found:
    """A series (rows,) or a table (rows, columns) of numbers or dates. Raises DataError."""
    cells = list(_columns("", _array(source.data, source.filename), source.filename).values())
    return framed([""] * len(cells), dict(enumerate(cells)), header=False)


def read_npz(source: Source) -> Found:
    """The arrays that share their length with the most columns, as columns; the rest is named.

    Raises DataError where no array can be a column.
    """
    archive = Archive(source.data, source.filename)
    arrays: dict[str, Array] = {}
    refused: dict[str, DataError] = {}
    for member in archive.names:
        name = member.removesuffix(".npy")
        try:
            arrays[name] = _array(archive.read(member), source.filename)
        except _NoColumnError as reason:
            refused[name] = reason
    if not arrays:
        raise next(iter(refused.values()), broken(source.filename))
    counts = Counter[int]()
    for array in arrays.values():
        counts[len(array)] += array.size // max(1, len(array))
    length = max(counts, key=lambda rows: (counts[rows], rows))
    chosen = {name: array for name, array in arrays.items() if len(array) == length}
    check_table(source.filename, length, counts[length])
    columns: dict[str, Array] = {}
    for name, array in chosen.items():
        columns |= _columns(name, array, source.filename)
    left_out = (*(name for name in arrays if name not in chosen), *refused)
    return framed(list(columns), dict(enumerate(columns.values())), left_out=unique([*left_out]))


class _NoColumnError(DataError):
    """Within an archive other arrays may do."""


def _array(data: bytes, filename: str) -> Array:
    """(rows,) or (rows, columns), a view of a .npy file's bytes."""
    file = io.BytesIO(data)
    try:
        newer = np.lib.format.read_magic(file) > (1, 0)
        read = np.lib.format.read_array_header_2_0 if newer else np.lib.format.read_array_header_1_0
        shape, by_columns, dtype = read(file)
    except Exception as error:  # whatever a header's Python literal can do to its parser
        raise broken(filename) from error
    kind = "O" if dtype.hasobject else dtype.kind
    if kind not in NUMBERS:
        raise _NoColumnError(
            N_("'{file}' holds {what} and no plain numbers. Save an array of numbers instead."),
            file=filename,
            what=Sentence(NOT_NUMBERS.get(kind, NOT_NUMBERS["V"])),
        )
    if len(shape) not in (1, 2) or min(shape) < 0:
        raise _NoColumnError(
            N_(
                "'{file}' holds an array of shape {shape}. Save one of shape (rows,) or "
                "(rows, columns) instead."
            ),
            file=filename,
            shape=shape,
        )
    check_table(filename, shape[0], math.prod(shape[1:]))
    claimed, there = math.prod(shape) * dtype.itemsize, len(data) - file.tell()
    if claimed > there:
        raise DataError(
            N_(
                "'{file}' claims to hold {claimed:,} bytes of numbers and holds {there:,}. It was "
                "cut off: save it anew and upload it again."
            ),
            file=filename,
            claimed=claimed,
            there=there,
        )
    numbers = np.frombuffer(data, dtype, math.prod(shape), file.tell())
    return numbers.reshape(shape, order="F" if by_columns else "C")


def _columns(name: str, array: Array, filename: str) -> dict[str, Array]:
    """Each column under a name of its own."""
    if not array.size:
        raise _NoColumnError(
            N_("'{file}' holds an empty array. Save one with rows of numbers."), file=filename
        )
    if array.dtype.kind != "M":
        with np.errstate(over="ignore", invalid="ignore"):  # longer floats become infinite
            array = array.astype(np.float64)
    if array.ndim == 1:
        return {name: array}
    return {f"{name} {place + 1}".strip(): array[:, place] for place in range(array.shape[1])}
