import io
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from lstm_viz.data.reading import read as reader
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.naming import MAX_NAME, unique
from lstm_viz.data.reading.read import read
from lstm_viz.data.reading.tables import Table, table_of
from lstm_viz.data.windows import WindowSpec, cut
from lstm_viz.errors import DataError
from tests.data.as_tables import read_table
from tests.data.hostile.no_tables import REFUSED
from tests.data.hostile.tables import READ, Reading


def refusal(data: bytes) -> str:
    with pytest.raises(DataError) as refused:
        read_table(data, "it.csv")
    return str(refused.value)


@pytest.mark.parametrize(("data", "reading"), [row[1:] for row in READ], ids=[r[0] for r in READ])
def test_a_file_is_read_rightly(data: bytes, reading: Reading) -> None:
    found = read(data, name="it.csv")
    table = table_of(found)
    assert {column.name: len(column.values) for column in table.columns} == dict.fromkeys(
        reading.columns, table.rows
    )
    for column in table.columns:
        np.testing.assert_array_equal(column.values, reading.columns[column.name])
        assert column.missing == np.count_nonzero(~np.isfinite(column.values))
    told = (reading.encoding, reading.delimiter, reading.decimal)
    assert tuple(found.layout[name] for name in ("encoding", "delimiter", "decimal")) == told
    assert table.index_name == reading.index_name
    assert found.left_out == reading.other_columns


@pytest.mark.parametrize(
    ("data", "fragment"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence_with_a_remedy(
    data: bytes, fragment: str
) -> None:
    message = refusal(data)
    assert fragment in message
    assert re.search(r"(Upload|upload|Save|save|Keep|Give|Close|A CSV file has) ", message)


def test_a_file_beyond_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 2**20)
    assert "has 2 MB and at most 1 MB can be read" in refusal(b"1,2\n" * 2**18 + b"\n")


def test_a_million_rows_are_read() -> None:
    values = np.arange(1_000_000) % 1000 / 8
    lines = "\n".join(f"{value:.3f}" for value in values[:1000].tolist())
    table = read_table(b"v\n" + (lines + "\n").encode() * 1000, "it.csv")
    np.testing.assert_array_equal(table.columns[0].values, values)
    data = cut(series_from(table, "v"), "v", WindowSpec())
    assert data.values.nbytes == 4_000_000  # windows are views


def written(values: np.ndarray, delimiter: str, decimal: str, encoding: str, newline: str) -> bytes:
    lines = [
        ["größe", "b"],
        *([f"{number!r}".replace(".", decimal) for number in row] for row in values.tolist()),
    ]
    return newline.join(delimiter.join(line) for line in lines).encode(encoding)


@given(
    some.lists(some.tuples(some.floats(-1e6, 1e6), some.floats(-1e6, 1e6)), min_size=3, max_size=9),
    some.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", ",")]),
    some.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    some.sampled_from(["\n", "\r\n", "\r"]),
)
def test_numbers_come_back_in_every_dialect(numbers, marks, encoding, newline) -> None:
    values = np.array(numbers) + np.array([0, 0.5])  # so that a mark occurs at all
    table = read_table(written(values, *marks, encoding, newline), "it.csv")
    assert [column.name for column in table.columns] == ["größe", "b"]
    read = np.stack([column.values for column in table.columns], axis=1)
    np.testing.assert_array_equal(read, values)


def refusals(data: bytes) -> list[str]:
    """Read a file and use every column that is found; the sentences that this ended in."""
    try:
        table = read_table(data, "it.csv")
    except DataError as error:
        return [str(error)]
    assert table.rows > 0
    said = []
    for column in table.columns:
        try:
            series = series_from(table, column.name)
            cut(series, column.name, WindowSpec(window=2))
        except DataError as error:
            said.append(str(error))
        else:
            assert np.isfinite(series.values).all()
    return said


@given(some.binary(max_size=300))
@example(b"\x81\x81\xff\x9d")
def test_no_bytes_end_in_a_traceback(data: bytes) -> None:
    assert all(refusals(data))


@given(some.text(alphabet="0123459ae.,;|-+ \t\n\r\"'%éあnif=", max_size=200))
@example('"",""\n1,2\n')
@example('""\n5\n')
@example(" \n,5")
def test_no_text_ends_in_a_traceback(text: str) -> None:
    assert all(refusals(text.encode()))


@given(some.sampled_from(READ), some.integers(0, 10**6), some.binary(max_size=3))
def test_no_damage_ends_in_a_traceback(
    row: tuple[str, bytes, Reading], place: int, damage: bytes
) -> None:
    data = row[1]
    place %= len(data)
    assert all(refusals(data[:place] + damage + data[place + len(damage) // 2 :]))


def table_in(text: str) -> Table:
    return read_table(text.encode())


def test_fewer_rows_than_a_window_are_refused_with_the_range() -> None:
    series = series_from(table_in("v\n" + "\n".join("312" * 7)), "v")
    with pytest.raises(DataError) as refused:
        cut(series, "v", WindowSpec(window=30))
    assert re.search(r"'window' must be between 1 and \d, got 30. Shorten", str(refused.value))


def test_evenly_spaced_times_label_the_rows() -> None:
    lines = [f"{i / 100},{i % 3}" for i in range(20)]
    table = table_in("\n".join(["t,v", *lines]))
    np.testing.assert_array_equal(table.index, np.arange(20) / 100)


def test_a_growing_measurement_is_no_label() -> None:
    lines = [f"{i * i},{i % 3}" for i in range(20)]
    assert table_in("\n".join(["v,w", *lines])).index is None


@given(some.lists(some.text(max_size=5) | some.sampled_from(["a", "a (2)", "é" * 300])))
def test_names_are_unlike_each_other_and_none_is_empty(names: list[str]) -> None:
    made = unique(names)
    assert len(set(made)) == len(names)
    assert all(made)
    assert all(len(name) < MAX_NAME + 10 and "\n" not in name for name in made)


def test_nothing_is_written_or_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io, "open", None)
    assert (
        read_table(b"a,b\n__import__('os').getcwd(),2\n=cmd|' /C calc'!A0,1\n", "it.csv").rows == 2
    )
