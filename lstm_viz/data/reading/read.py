"""`read`: a file of any format as a table of numbers, labelled sequences or a text."""

import os
import warnings
from pathlib import Path, PurePath
from typing import IO, Any

import numpy as np

from lstm_viz.data.reading.ceilings import MAX_BYTES, check_bytes
from lstm_viz.data.reading.formats.containers import broken
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import DataError, LstmVizError, MissingExtraError
from lstm_viz.words import N_

Source = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]


def read(source: Source, *, name: str | None = None, **how: Any) -> Reading:
    r"""The numbers in a file, and what is doubtful about them: the content decides, not the name.

    Finds the encoding, what separates columns, the decimal mark, names, units, the columns that say
    when, and whose rows they are, of CSV and its like, workbooks, Parquet, JSON, NumPy, MATLAB,
    HDF5, NetCDF, ARFF and .ts files, also packed. No pickle is opened, no formula calculated. What
    is told in `how` is taken instead of found: `encoding`, `delimiter`, `decimal`, `marks` (column
    -> its decimal mark), `header` (rows, from 0), `skip` (rows, or ranges of them), `time`
    (columns), `day_first`, `missing` (words or numbers), `entity` (a column), `sheet` (or table),
    `member` (of an archive); `Reading.layout` says what was found, under the same names.

    What is no text is read in a process of its own that ends with the call, with at most 10
    seconds and 1,280 MB; texts and NumPy's arrays in this one.

    `source` is a path, bytes, or a file open for reading; `name` what it is called, where it
    has no name. Raises DataError with one sentence for what holds no numbers, or too many.

    >>> found = read("Tag;Höhe in m\n1.5.2020;1,5\n2.5.2020;2,5\n".encode("latin-1"))
    >>> found.frame["Höhe in m"].tolist(), str(found.frame.index[0]), found.layout["units"]
    ([1.5, 2.5], '2020-05-01 00:00:00', {'Höhe in m': 'm'})
    """
    data, found_name = _content(source)
    return read_bytes(data, name or found_name, How.of(how), apart=True)


def _content(source: Source) -> tuple[bytes, str]:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source), "data"
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        try:
            check_bytes(path.name, path.stat().st_size, MAX_BYTES)
            return path.read_bytes(), path.name
        except OSError as error:
            raise DataError(
                N_("'{file}' cannot be opened: {reason}. Check the path."),
                file=str(path),
                reason=error.strerror or str(error),
            ) from error
    if not hasattr(source, "read"):
        raise DataError(
            N_("A file is told by its path, as bytes, or opened; {kind} is none of these."),
            kind=type(source).__name__,
        )
    data: Any = source.read()
    name = PurePath(str(getattr(source, "name", "data"))).name
    return data.encode() if isinstance(data, str) else bytes(data), name


def read_bytes(data: bytes, filename: str, how: How, *, apart: bool = False) -> Reading:
    """`read` of bytes; `apart` reads what libraries of its own unpack in a process of its own."""
    check_bytes(filename, len(data), MAX_BYTES)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a library says of a file is no user's business
            from lstm_viz.data.reading.content import content  # may lack a library

            return content(data, filename, how, apart=apart)
    except LstmVizError:
        raise
    except MemoryError as error:
        raise DataError(
            N_(
                "'{file}' takes more memory than there is to read it. Keep the columns and rows "
                "you need, or save them as CSV."
            ),
            file=filename,
        ) from error
    except ImportError as error:
        raise MissingExtraError(
            N_("Reading '{file}' needs {package}. Install lstm_viz[data]."),
            file=filename,
            package=error.name,
        ) from error
    except Exception as error:  # whatever a library makes of a hostile file is this one mistake
        raise broken(filename) from error
