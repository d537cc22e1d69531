"""NetCDF, HDF5 and MATLAB 7.3: variables of a group as columns, times told by their units."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.io import netcdf_file

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import DataError
from tests.data.hostile.hdf_files import hdf
from tests.data.kinds.kind import HOURS, ROWS, V, W

SINCE = "hours since 2021-03-25 18:00:0.0"
GRID = np.arange(ROWS * 6.0).reshape(ROWS, 2, 3)


def read(data: bytes, name: str, **how: Any) -> Reading:
    return read_bytes(data, name, How.of(how))


def netcdf_3(units: str = SINCE, **more: str) -> bytes:
    target = io.BytesIO()
    with netcdf_file(target, "w", version=2) as file:
        for name, length in (("time", ROWS), ("lat", 2), ("lon", 3)):
            file.createDimension(name, length)
            side = file.createVariable(name, "f8", (name,))
            side[:] = np.arange(length) + 2.0
        for name, told in {"units": units, **more}.items():
            setattr(file.variables["time"], name, told)
        packed = file.createVariable("v", "i2", ("time",))
        packed[:] = [-999, *np.round(np.array(V[1:]) * 100)]
        packed.scale_factor, packed._FillValue = 0.01, np.int16(-999)
        file.createVariable("t", "f8", ("time", "lat", "lon"))[:] = GRID
        file.flush()
        return target.getvalue()


def netcdf_4(file: Any) -> None:
    for name, length in (("time", ROWS), ("lat", 2), ("lon", 3)):
        file[name] = np.arange(length) + 2.0
        file[name].make_scale(name)
    file["time"].attrs["units"] = SINCE
    file["v"] = np.array([-999, *np.round(np.array(V[1:]) * 100)], "i2")
    file["v"].attrs.update(scale_factor=0.01, _FillValue=np.int16(-999))
    file["t"] = GRID
    for name in "vt":
        for side, scale in zip(file[name].dims, ("time", "lat", "lon"), strict=False):
            side.attach_scale(file[scale])


@pytest.mark.parametrize("data", [netcdf_3(), hdf(netcdf_4)], ids=["3", "4"])
def test_a_grid_over_time_is_a_column_for_each_place(data: bytes) -> None:
    found = read(data, "it.nc")
    frame = found.frame
    assert found.notes == [] and list(frame.index) == list(HOURS)
    grid = frame.filter(like="t lat")
    assert list(grid)[-2:] == ["t lat=3 lon=3", "t lat=3 lon=4"]
    np.testing.assert_array_equal(grid, GRID.reshape(ROWS, 6))
    assert np.isnan(frame["v"].iloc[0]), "filled with what stands for nothing"
    np.testing.assert_allclose(frame["v"].iloc[1:], V[1:])


@pytest.mark.parametrize(
    ("units", "more"),
    [(SINCE, {"calendar": "360_day"}), ("months since 2021-01-01", {}), ("hours since noon", {})],
)
def test_times_that_are_none_of_our_calendar_stay_numbers(units: str, more: dict[str, str]) -> None:
    found = read(netcdf_3(units, **more), "it.nc")
    assert isinstance(found.frame.index, pd.RangeIndex)


def matlab(file: Any) -> None:
    file["w"] = np.array(W)[None]
    file["s/m"] = np.array([V, W])
    file["name"] = np.array([[104, 105]], "u2")
    file["name"].attrs["MATLAB_class"] = np.bytes_("char")


def dated(file: Any) -> None:
    file["when"] = [f"{d:%F %R}" for d in HOURS]
    file["v"] = V


def pandas_fixed(file: Any) -> None:
    """As `DataFrame.to_hdf` writes it."""
    frame = file.create_group("df")
    frame.attrs.update(pandas_type=np.bytes_("frame"), nblocks=1)
    frame["axis1"] = HOURS.as_unit("ns").astype("int64")
    frame["axis1"].attrs["kind"] = np.bytes_("datetime64")
    frame["block0_items"] = np.array([b"v", b"w"])
    frame["block0_values"] = np.transpose([V, W])


def records(file: Any) -> None:
    rows = [(f"{d:%FT%R}".encode(), v, w) for d, v, w in zip(HOURS, V, W, strict=True)]
    file["records"] = np.array(rows, [("when", "S16"), ("v", "f8"), ("w", "f4")])


@pytest.mark.parametrize(
    ("write", "name", "columns"),
    [
        (dated, "it.h5", {"v": V}),
        (pandas_fixed, "it.h5", {"v": V, "w": W}),
        (records, "it.hdf5", {"v": V, "w": W}),
    ],
)
def test_what_hdf5_holds_is_read_with_its_dates(
    write: Callable[[Any], None], name: str, columns: dict[str, list[float]]
) -> None:
    for how in ({}, {"libver": "latest"}):
        found = read(hdf(write, **how), name)
        assert list(found.frame.index) == list(HOURS) and list(found.frame) == list(columns)
        np.testing.assert_allclose(found.frame, np.transpose(list(columns.values())), rtol=1e-6)


def test_matlab_7_3_is_read_with_its_rows_and_columns_as_matlab_shows_them() -> None:
    data = b"MATLAB 7.3 MAT-file".ljust(512) + hdf(matlab, userblock_size=512)[512:]
    found = read(data, "it.mat")
    assert found.layout["sheets"] == ("s", "w") and found.notes[0].startswith("Table 's' was read")
    np.testing.assert_array_equal(found.frame, np.transpose([V, W]))
    assert read(data, "it.mat", sheet="w").frame["w"].tolist() == W


def test_of_several_tables_the_largest_is_read_and_another_can_be_chosen() -> None:
    def write(file: Any) -> None:
        file["small"], file["large"] = np.arange(9.0) ** 2, np.arange(40.0).reshape(20, 2) ** 2
        file["deep/a/v"] = np.arange(7.0) ** 2

    data = hdf(write)
    found = read(data, "it.h5")
    assert found.frame.shape == (20, 2) and found.layout["sheet"] == "large"
    assert found.notes == ["Table 'large' was read. The file holds others: deep/a, small."]
    assert read(data, "it.h5", sheet="small").frame.shape == (9, 1)
    with pytest.raises(DataError, match="has no table called 'x'"):
        read(data, "it.h5", sheet="x")
