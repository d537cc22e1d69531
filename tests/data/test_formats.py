"""Every format gives the same table, held against the libraries that write it."""

import datetime
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from lstm_viz.data.reading.content import FORMATS, SUFFIXES
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read, read_bytes
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.tables import Table, table_of
from lstm_viz.errors import DataError, MissingExtraError
from tests.data.hostile.arrays import npy, npz
from tests.data.hostile.parquet_files import parquet
from tests.data.hostile.workbooks import workbook

PARTS = b"day,at,what,y,m,year,month,v\n" + b"".join(
    b"2020-01-%02d,10:00,x,2020,1,2020,1,%d.5\n" % (k, k) for k in range(1, 13)
)
NUMBERS = some.floats(allow_nan=False, allow_infinity=False)
MATRIX = arrays.arrays(
    np.float64, some.tuples(some.integers(1, 9), some.integers(1, 4)), elements=NUMBERS
)
FRAME = pd.DataFrame({"x": [1.5, np.nan, -3.25, 1e-300], "y": [1.0, 2.0, 4.0, 0.1]})
FRAME.insert(0, "day", pd.date_range("2020-01-30", periods=4))


def read_here(data: bytes, name: str, **how: Any) -> Reading:
    """`read`, workbooks and all in this process."""
    return read_bytes(data, name, How.of(how))


def read_table(data: bytes, name: str, **how: Any) -> Table:
    return table_of(read_here(data, name, **how))


def matrix_of(table: Table) -> np.ndarray:
    """(rows, columns) with the index where it was taken for one."""
    columns = [column.values for column in table.columns]
    if table.index is not None:
        columns.insert(0, table.index.astype(np.float64))
    return np.stack(columns, axis=1)


def written(write: Callable[[Any], object], kind: type = io.BytesIO) -> bytes:
    target = kind()
    write(target)
    made = target.getvalue()
    return made.encode() if isinstance(made, str) else made


WRITERS = {
    "it.csv": lambda: FRAME.to_csv(index=False).encode(),
    "it.tsv": lambda: FRAME.to_csv(index=False, sep="\t").encode(),
    "german.csv": lambda: FRAME.to_csv(index=False, sep=";", decimal=",").encode("latin-1"),
    "it.xlsx": lambda: written(lambda file: FRAME.to_excel(file, index=False)),
    "it.parquet": lambda: written(FRAME.to_parquet),
    "indexed.parquet": lambda: written(lambda file: FRAME.set_index("day").to_parquet(file)),
    "records.json": lambda: FRAME.to_json(
        orient="records", date_format="iso", double_precision=15
    ).encode(),
    "lines.jsonl": lambda: FRAME.to_json(orient="records", lines=True, date_format="iso").encode(),
    "split.json": lambda: FRAME.to_json(orient="split", index=False, date_format="iso").encode(),
    "table.json": lambda: FRAME.to_json(orient="table", index=False, date_format="iso").encode(),
    "columns.json": lambda: FRAME.set_index("day").to_json(date_format="iso").encode(),
    "it.npz": lambda: npz(**{name: FRAME[name].to_numpy() for name in FRAME}),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_table(name: str) -> None:
    table = read_table(WRITERS[name](), name)
    assert [column.name for column in table.columns] == ["x", "y"]
    np.testing.assert_array_equal(table.index, FRAME["day"].to_numpy())
    for column in table.columns:
        np.testing.assert_allclose(column.values, FRAME[column.name].to_numpy(), atol=1e-15)
    assert table.facts == ()


@given(MATRIX)
def test_what_numpy_saves_comes_back(values: np.ndarray) -> None:
    for stored in (values, np.asfortranarray(values), values.astype(">f8")):
        np.testing.assert_array_equal(matrix_of(read_table(npy(stored), "it.npy")), values)


@given(MATRIX)
def test_what_json_writes_comes_back(values: np.ndarray) -> None:
    table = read_table(json.dumps(values.tolist()).encode(), "it.json")
    np.testing.assert_array_equal(matrix_of(table), values)


@given(MATRIX)
def test_what_csv_writes_comes_back_to_the_last_bit(values: np.ndarray) -> None:
    text = pd.DataFrame(values, columns=[f"c{i}" for i in range(values.shape[1])])
    table = read_table(text.to_csv(index=False).encode(), "it.csv")
    np.testing.assert_array_equal(matrix_of(table), values)


@given(MATRIX)
@example(np.array([[0, 1e12, 1e12], [1e12, 1e12, 1e12]]))  # no names that count so far
def test_what_savetxt_writes_comes_back(values: np.ndarray) -> None:
    text = written(lambda file: np.savetxt(file, values, fmt="%.17g"))
    np.testing.assert_array_equal(matrix_of(read_table(text, "it.txt")), values)


def test_a_workbook_is_read_as_openpyxl_reads_it() -> None:
    early = datetime.time(6, 30)
    moments = [datetime.datetime.combine(datetime.date(1995, 3, day), early) for day in range(1, 9)]
    cells = [["when", "ä ö", "flag"], *([at, at.day / 7, at.day > 3] for at in moments)]
    data = workbook(notes=[["nothing"]], numbers=cells)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    oracle = [list(row) for row in book["numbers"].iter_rows(values_only=True)]
    found = read_here(data, "it.xlsx")
    assert found.layout["sheets"] == ("notes", "numbers")
    assert [*found.layout["time"], *found.frame] == oracle[0]
    np.testing.assert_array_equal(
        found.frame.index, np.array([row[0] for row in oracle[1:]], dtype="datetime64[us]")
    )
    np.testing.assert_array_equal(found.frame, [row[1:] for row in oracle[1:]])


def test_dates_since_1904_are_read_as_such() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for day in (1, 2, 3):
        book.active.append([datetime.date(2020, 5, day), day * 2])
    table = read_table(written(book.save), "it.xlsx")
    assert table.index is not None
    assert table.index[0] == np.datetime64("2020-05-01")


TOLD: list[tuple[bytes, dict[str, Any], dict[str, list[float]]]] = [
    (b"a,b\n1,5\n2,6\n", {"delimiter": ""}, {"a,b": [1.5, 2.6]}),
    (b"1,234\n5,678\n", {"delimiter": "", "decimal": ","}, {"column 1": [1.234, 5.678]}),
    (b"1;2\n3;4\n", {"header": 0}, {"1": [3], "2": [4]}),
    (b"1;2\n3;4\n", {"header": []}, {"column 1": [1, 3], "column 2": [2, 4]}),
    (b"a;1.500\nb;2.500\n", {"decimal": ","}, {"column 2": [1500, 2500]}),
    ("größe\n1\n2\n".encode("utf-16-le"), {"encoding": "UTF-16"}, {"größe": [1, 2]}),
    ("д\n1\n2\n".encode("cp1251"), {"encoding": "Windows-1251"}, {"д": [1, 2]}),
    (b"x;y\n1;2\n9;9\n3;4\n", {"skip": 2}, {"x": [1, 3], "y": [2, 4]}),
    (b"x;y\n9;9\n9;9\n3;4\n", {"skip": range(1, 3)}, {"x": [3], "y": [4]}),
    (b"v\n1\n-9\nlost\n2\n", {"missing": [-9, "lost"]}, {"v": [1, np.nan, np.nan, 2]}),
    (b"day;v\n2020-01-01;1\n2020-01-02;2\n", {"time": []}, {"v": [1, 2]}),
]


@pytest.mark.parametrize(("data", "how", "columns"), TOLD)
def test_what_is_told_is_taken(
    data: bytes, how: dict[str, Any], columns: dict[str, list[float]]
) -> None:
    frame = read(data, **how).frame
    assert list(frame) == list(columns)
    np.testing.assert_array_equal(frame, np.transpose(list(columns.values())))


@pytest.mark.parametrize(
    ("data", "how", "fragment"),
    [
        (b"\xff\xfe\xff\n1\n", {"encoding": "UTF-8"}, "cannot be read as UTF-8 text. Choose one"),
        (b"1\n2\n", {"encoding": "Klingon"}, "cannot be read as Klingon text"),
        (b"1\n2\n", {"delimiter": "x"}, "'x' cannot separate columns"),
        (b"1\n2\n", {"decimal": ";"}, "';' cannot separate columns or decimals"),
        (workbook(a=[[1]]), {"sheet": "b"}, "has no sheet called 'b'. Choose another sheet"),
        (b"1\n", {"header": 0}, "no values under it"),
        (b"a\n1\n", {"header": "a"}, "by their numbers from 0"),
        (b"a\n1\n", {"colour": "red"}, "is not read by 'colour'. Choose among: encoding,"),
        (b"a,b\nx,1\ny,2\n", {"time": "a"}, "'a' holds no times"),
        (PARTS, {"time": ["day", "at", "what"]}, "'what' holds no times"),
        (PARTS, {"time": ["y", "m", "what"]}, "'what' holds no times"),
        (PARTS, {"time": ["year", "month", "v"]}, "'v' holds no times"),
        (b"a,b\nx,1\ny,2\n", {"time": "c"}, "no column called 'c'"),
        (b"a,b\nx,1\ny,2\n", {"entity": "c"}, "no column called 'c'"),
    ],
)
def test_what_is_told_wrongly_is_refused(data: bytes, how: dict[str, Any], fragment: str) -> None:
    with pytest.raises(DataError) as refused:
        read_here(data, "it.csv", **how)
    assert fragment in str(refused.value)


@pytest.mark.parametrize("data", [parquet({"x": [1, 2]}), workbook(a=[[1], [2]]), npy([1.0, 2.0])])
def test_the_content_decides_where_the_name_lies_and_that_is_said(data: bytes) -> None:
    found = read_here(data, "it.json")
    assert found.frame.iloc[:, 0].tolist() == [1, 2]
    (fact,) = found.notes
    assert fact.startswith("'it.json' is named like a JSON file and is ")
    assert fact.endswith(f"{FORMATS[found.layout['format']].label}; it was read as that.")


def test_a_text_is_read_as_a_text_with_its_lines() -> None:
    found = read("Größe\r\nund\rHöhe.".encode("latin-1"), name="it.txt")
    assert (found.text, found.layout["encoding"]) == ("Größe\nund\nHöhe.", "Latin-1")
    with pytest.raises(DataError, match="is a text and holds no table"):
        table_of(found)


def test_a_path_bytes_and_open_files_are_read_alike_and_leave_no_process(tmp_path: Path) -> None:
    text, path = "day;v\n2020-01-01;1,5\n2020-01-02;2,5\n", tmp_path / "it.csv"
    path.write_text(text)
    sources = [path, str(path), text.encode(), io.BytesIO(text.encode()), io.StringIO(text)]
    frames = [read(source).frame for source in sources]
    assert all(frame.equals(frames[0]) for frame in frames)
    with path.open("rb") as file:
        assert read(file).name == "it.csv"
    with pytest.raises(DataError, match="cannot be opened: No such file"):
        read(tmp_path / "gone.csv")
    before = children()
    assert read(workbook(a=[["x"], [1], [2]]), name="it.xlsx").frame["x"].tolist() == [1, 2]
    assert children() <= before


def children() -> set[str]:
    """Processes that this one has started."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


def test_every_suffix_belongs_to_one_format() -> None:
    assert len(set(SUFFIXES)) == len(SUFFIXES)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in SUFFIXES)


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = parquet({"x": [1, 2]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pyarrow. Install lstm_viz\[data\]"):
        read_here(data, "it.parquet")
