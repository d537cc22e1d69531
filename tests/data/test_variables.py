"""NetCDF, HDF5 and MATLAB 7.3: variables of a group as columns, times told by their units."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.io import netcdf_file

from lstm_viz.data.reading.formats.since import moments
from lstm_viz.data.reading.formats.variables import Variable
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


def nested(units: str = SINCE, **more: str) -> bytes:
    """A grid in a group, its sides in the file's root, as one of NetCDF 4 may be."""

    def write(file: Any) -> None:
        netcdf_4(file)
        file["time"].attrs.update(units=units, **more)
        file["model/t"] = file["t"][...].transpose(1, 2, 0)
        for side, name in zip(file["model/t"].dims, ("lat", "lon", "time"), strict=True):
            side.attach_scale(file[name])
        del file["t"], file["v"]

    return hdf(write)


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
def test_times_that_are_none_of_our_calendar_are_left_out_and_it_is_said(
    units: str, more: dict[str, str]
) -> None:
    for data in (netcdf_3(units, **more), nested(units, **more)):
        found = read(data, "it.nc")
        assert isinstance(found.frame.index, pd.RangeIndex) and "time" not in found.frame
        assert found.frame.filter(like="t lat").shape == (ROWS, 6)
        assert (
            more.get("calendar", units) in found.notes[0] and "rows are numbered" in found.notes[0]
        )


@pytest.mark.parametrize(
    ("units", "calendar", "value", "moment"),
    [
        ("hours since 1-1-1 00:00:0.0", "standard", 17_435_256, "1990-01-01"),
        ("days since 0001-01-01", "", 726_469, "1990-01-01"),
        ("days since 0001-01-01", "proleptic_gregorian", 726_467, "1990-01-01"),
        ("days since 1500-01-01", "gregorian", 178_960, "1990-01-01"),
        ("days since 1582-10-04", "standard", 1, "1582-10-15"),
        ("Day since 12-03-04", "proleptic_gregorian", 0, "0012-03-04"),
        ("seconds since 1992-10-8 15:15:42.5 -6:30", "", 0, "1992-10-08T21:45:42.5"),
        ("days since 1970-01-01", "standard", 19_000 + 1 / 24, "2022-01-08T01:00"),
        ("hrs since 2000-01", "standard", 1, "2000-01-01T01"),
    ],
)
def test_a_moment_that_is_counted_from_is_read_in_the_file_s_own_calendar(
    units: str, calendar: str, value: float, moment: str
) -> None:
    """Day numbers from cftime 1.6; the last Julian day is followed by 15 October 1582."""
    told = moments(np.array([value, np.nan]), units, calendar)
    assert told is not None and np.isnat(told[1])
    assert told[0] == np.datetime64(moment, "us")


def test_dates_before_the_gregorian_calendar_are_said_to_be_converted() -> None:
    found = read(netcdf_3("days since 1500-01-01", calendar="standard"), "it.nc")
    assert str(found.frame.index[0])[:10] == "1500-01-12" and "Julian" in found.notes[0]
    assert not read(netcdf_3("days since 1582-10-15"), "it.nc").notes


@pytest.mark.parametrize(
    ("stored", "facts", "expected"),
    [
        (np.float32([1, -999.9, 3]), {"missing_value": -999.9}, [1, np.nan, 3]),
        (np.float32([1, 9.969209968386869e36, 3]), {}, [1, np.nan, 3]),
        (np.int8([1, -56, -1]), {"_Unsigned": "true", "_FillValue": np.int8(-1)}, [1, 200, np.nan]),
        (np.array([1, -56, 3], ">i2"), {"_Unsigned": "true"}, [1, 65_480, 3]),
        (np.float64([1, -50, 1e20]), {"valid_min": 0.0, "valid_max": 9.0}, [1, np.nan, np.nan]),
        (np.int16([100, 900, 300]), {"scale_factor": 0.01, "valid_range": [0.0, 5.0]},
         [1, np.nan, 3]),
        (np.int16([100, 900, 300]), {"scale_factor": 0.01, "valid_range": np.int16([0, 500])},
         [1, np.nan, 3]),
        (np.float64([1, 2, 3]), {"valid_max": 0.0}, [1, 2, 3]),
    ],
)  # fmt: skip
def test_what_a_file_says_of_its_numbers_is_heeded(
    stored: Any, facts: dict[str, Any], expected: list[float]
) -> None:
    variable = Variable("v", "", stored.shape, stored.dtype, lambda: stored, (), facts)
    np.testing.assert_allclose(variable.values("it.nc"), expected)


def test_what_lies_along_other_sides_than_time_is_no_column_beside_it() -> None:
    def write(file: Any) -> None:
        netcdf_4(file)
        file["time_bnds"] = np.arange(2.0 * ROWS).reshape(ROWS, 2) ** 2
        file["time_bnds"].dims[0].attach_scale(file["time"])
        file["depth"], file["profile"] = np.arange(2.0 * ROWS).reshape(2, ROWS) ** 2
        file["depth"].make_scale("depth")
        file["profile"].dims[0].attach_scale(file["depth"])
        file["obs"] = np.zeros(ROWS)
        file["obs"].make_scale("This is a netCDF dimension but not a netCDF variable.        30")

    found = read(hdf(write), "it.nc")
    assert [name.split()[0] for name in found.frame] == [*6 * ["t"], "v"]
    assert "depth, profile" in found.notes[0] and "'time_bnds'" in found.notes[1]


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


def test_record_datasets_are_tables_of_their_own() -> None:
    def write(file: Any) -> None:
        records(file)
        file["other"] = file["records"][...]
        file["other"]["v"] = np.array(V) + 100

    data = hdf(write)
    assert read(data, "it.h5", sheet="records").frame["v"].tolist() == V
    assert read(data, "it.h5").layout["sheets"] == ("other", "records")


def test_moments_among_pandas_columns_are_no_numbers() -> None:
    def write(file: Any) -> None:
        pandas_fixed(file)
        file["df"].attrs["nblocks"] = 2
        file["df/axis1"].attrs["tz"] = np.bytes_("Europe/Berlin")
        file["df/block1_items"] = np.array([b"until"])
        file["df/block1_values"] = np.full((ROWS, 1), np.iinfo("i8").min)
        file["df/block1_values"].attrs["value_type"] = np.bytes_("datetime64[us]")

    found = read(hdf(write), "it.h5")
    assert list(found.frame) == ["v", "w"] and list(found.frame.index) == list(HOURS)
    assert "in UTC" in found.notes[0] and "Europe/Berlin" in found.notes[0]


def test_a_frame_of_several_levels_is_not_called_damaged() -> None:
    def write(file: Any) -> None:
        pandas_fixed(file)
        file["df/axis1_level0"] = file["df/axis1"]
        del file["df/axis1"]

    with pytest.raises(DataError, match=r"several levels.*reset_index"):
        read(hdf(write), "it.h5")


@pytest.mark.parametrize(
    ("name", "labels", "taken"),
    [("y_train", np.arange(8) % 2, True), ("time", np.arange(8) % 2, False),
     ("y", np.arange(8) / 7, False)],
)  # fmt: skip
def test_only_what_is_called_so_are_the_labels_of_sequences(
    name: str, labels: Any, taken: bool
) -> None:
    data = hdf(lambda file: file.update({"x": np.arange(80.0).reshape(8, 5, 2) ** 2, name: labels}))
    assert (read(data, "it.h5").labels is not None) == taken


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


def test_a_block_of_the_user_s_before_hdf5_is_no_damage_and_cdf_5_is_named() -> None:
    block = hdf(lambda file: file.update(v=V), userblock_size=1024)
    assert read(block, "it.h5").frame["v"].tolist() == V
    with pytest.raises(DataError, match="of the kind CDF-5, which is not read"):
        read(b"CDF\x05" + bytes(200), "it.nc")


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
