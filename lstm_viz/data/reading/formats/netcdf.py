"""NetCDF up to version 3; version 4 is HDF5."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from lstm_viz.data.reading.formats.arrays import Array
from lstm_viz.data.reading.formats.grids import table_of_variables
from lstm_viz.data.reading.formats.variables import Variable
from lstm_viz.data.reading.found import Found, Sequences
from lstm_viz.data.reading.how import How


def read_netcdf(data: bytes, filename: str, how: How) -> Found | Sequences:
    """The variables of a NetCDF file up to version 3."""
    from scipy.io import netcdf_file

    with netcdf_file(io.BytesIO(data), mmap=False) as file:
        variables = [
            Variable(name, "", each.shape, each.data.dtype, _native(each), each.dimensions,
                     each._attributes)
            for name, each in file.variables.items()
        ]  # fmt: skip
        return table_of_variables(variables, filename, how)


def _native(variable: Any) -> Callable[[], Array]:
    kind = variable.data.dtype.newbyteorder("=")
    return lambda: np.array(variable[...]).astype(kind)
