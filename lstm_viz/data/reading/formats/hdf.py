"""HDF5, and what is HDF5 inside: NetCDF 4, MATLAB 7.3, frames as pandas' `to_hdf` stores them.

Nothing outside of the file is read. What the library raises of a damaged file, `read_bytes` makes
one sentence of.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from lstm_viz.data.reading.ceilings import MAX_COLUMNS
from lstm_viz.data.reading.formats.grids import table_of_variables
from lstm_viz.data.reading.formats.variables import WORDS, Variable, as_word
from lstm_viz.data.reading.found import Found, Sequences
from lstm_viz.data.reading.how import How
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

MATLAB = b"MATLAB 7.3 MAT-file"
MOST = 10 * MAX_COLUMNS
"""Arrays and groups of a file."""
FACTS = (
    "units", "calendar", "bounds", "climatology", "_FillValue", "missing_value", "valid_min",
    "valid_max", "valid_range", "_Unsigned", "scale_factor", "add_offset",
)  # fmt: skip
NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable"


def read_hdf(data: bytes, filename: str, how: How) -> Found | Sequences:
    """The datasets of an HDF5 file, also NetCDF 4, MATLAB 7.3 and what pandas stores as fixed."""
    import h5py

    with h5py.File(io.BytesIO(data), "r") as file:
        groups: list[tuple[str, Any]] = [("", file)]
        sets: list[tuple[str, Any]] = []

        def take(name: str, item: Any) -> bool | None:
            (sets if isinstance(item, h5py.Dataset) else groups).append((name, item))
            return True if len(sets) + len(groups) > MOST else None

        if file.visititems(take):  # each object once, no link to elsewhere
            raise DataError(
                N_("'{file}' holds too many arrays. Keep those you need in a file of their own."),
                file=filename,
            )
        frames = {name: each for name, each in groups if _text(each, "pandas_type") == "frame"}
        if any("axis1" not in each or "block0_items" not in each for each in frames.values()):
            raise DataError(
                N_(
                    "'{file}' holds a frame with rows or columns of several levels, which is not "
                    "read. Call reset_index(), join the names of the columns, and save it again."
                ),
                file=filename,
            )
        variables = [v for name, each in frames.items() for v in _of_pandas(name, each)]
        for path, each in sets:
            group, _, name = path.rpartition("/")
            _check_filters(each, filename)
            if group not in frames and not any(p[:1] in "_#" for p in path.split("/")):
                variables += _of_dataset(name, group, each, matlab=data.startswith(MATLAB))
        return table_of_variables(variables, filename, how)


def _check_filters(dataset: Any, filename: str) -> None:
    import h5py

    made = dataset.id.get_create_plist()
    for at in range(made.get_nfilters()):
        if not h5py.h5z.filter_avail(made.get_filter(at)[0]):
            raise DataError(
                N_(
                    "'{file}' is compressed in a way that is not read here. Save it with gzip's "
                    "compression, or as CSV or Parquet."
                ),
                file=filename,
            )


def _text(item: Any, name: str) -> str:
    return as_word(item.attrs.get(name, ""))


def _of_dataset(name: str, group: str, dataset: Any, *, matlab: bool) -> Iterator[Variable]:
    """A dataset, or each field of its records."""
    import h5py

    if dataset.is_virtual or dataset.external or dataset.shape is None:
        return
    if _text(dataset, "NAME").startswith(NO_VARIABLE):
        return
    own = dataset.is_scale and len(dataset.shape) == 1
    sides = (name,) if own else tuple(_side(each) for each in dataset.dims)
    facts = {key: dataset.attrs[key] for key in FACTS if key in dataset.attrs}
    plain = Variable(name, group, dataset.shape, dataset.dtype, lambda: dataset[...], sides, facts)
    if matlab and _text(dataset, "MATLAB_class") in ("char", "cell"):
        yield replace(plain, shape=(1,), dtype=WORDS, read=lambda: np.array([""]))
    elif matlab:
        shape = tuple(n for n in dataset.shape[::-1] if n != 1) or (1,)
        yield replace(plain, shape=shape, read=lambda: dataset[...].T.reshape(shape))
    elif dataset.dtype.names is None:
        words = h5py.check_string_dtype(dataset.dtype) is not None
        yield replace(plain, dtype=WORDS) if words else plain
    else:
        for each in dataset.dtype.names:
            kind = dataset.dtype[each]
            shape = (*dataset.shape, *kind.shape)
            yield replace(
                plain,
                name=each,
                group=f"{group}/{name}".lstrip("/"),
                dimensions=(),
                shape=shape,
                dtype=kind.base,
                read=partial(dataset.__getitem__, each),
            )


def _side(dimension: Any) -> str:
    if len(dimension):
        return str(dimension[0].name or "").rpartition("/")[2]
    return str(dimension.label or "")


def _of_pandas(path: str, group: Any) -> Iterator[Variable]:
    """The columns of a frame as `DataFrame.to_hdf` stores it, its index first."""
    axis, kind = group["axis1"], _text(group["axis1"], "kind")
    if kind.startswith("datetime64"):
        zone = _text(axis, "tz")
        text = N_("The times in '{column}' are in UTC; the frame shows them in the zone {zone}.")
        notes = (Sentence(text, {"column": "index", "zone": zone}),) if zone else ()
        yield _moments("index", path, axis.shape, kind, lambda: axis[...], notes)
    elif axis.dtype.kind == "f":
        yield Variable("index", path, axis.shape, axis.dtype, lambda: axis[...])
    for block in range(int(group.attrs["nblocks"])):
        cells, names = group[f"block{block}_values"], group[f"block{block}_items"][...]
        kind = _text(cells, "value_type")
        for at, name in enumerate(names.tolist()):
            told = as_word(name)
            read = partial(cells.__getitem__, np.s_[:, at])
            if kind.startswith("datetime64"):
                yield _moments(told, path, cells.shape[:1], kind, read)
            else:
                yield Variable(told, path, cells.shape[:1], cells.dtype, read)


def _moments(
    name: str,
    group: str,
    shape: tuple[int, ...],
    kind: str,
    read: Callable[[], Any],
    notes: tuple[Sentence, ...] = (),
) -> Variable:
    """Moments that are stored as whole numbers of a unit: datetime64[us]."""
    dtype = np.dtype(f"datetime64[{kind[11:-1].partition(',')[0] or 'ns'}]")
    return Variable(
        name, group, shape, dtype, lambda: read().astype("i8").astype(dtype), notes=notes
    )
