"""Parquet files."""

import datetime
import decimal
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.data.hostile.case import Case, rows

DAMAGED = "is damaged or cut off"
UTC = datetime.UTC
MOMENTS = [datetime.datetime(2020, 1, day, tzinfo=UTC) for day in range(1, 13)]
MANY = 1_000_003
"""Rows; its varint stands for nothing else in a file's end."""


def parquet(columns: Any, names: list[str] | None = None, **how: Any) -> bytes:
    made = pa.table(columns, names=names) if names else pa.table(columns)
    target = io.BytesIO()
    pq.write_table(made, target, **how)
    return target.getvalue()


def varint(number: int) -> bytes:
    """A whole number as Thrift's compact protocol has it."""
    number *= 2
    groups = []
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes([*groups, number])


def changed(file: bytes, old: int, new: int) -> bytes:
    """A file whose end says one number instead of another."""
    size = int.from_bytes(file[-8:-4], "little")
    body, end = file[: -8 - size], file[-8 - size : -8]
    assert varint(old) in end
    end = end.replace(varint(old), varint(new))
    return body + end + len(end).to_bytes(4, "little") + b"PAR1"


def pandas_index() -> bytes:
    """As pandas writes an index that is no mere count."""
    frame = pa.table({"x": [1, 2]}).to_pandas().set_axis([7, 9])
    target = io.BytesIO()
    frame.to_parquet(target)
    return target.getvalue()


SMALL = {"x": [1.5, 2.5], "y": [3, 4]}

CASES = [
    Case("a Parquet file", "it.parquet", lambda: parquet(SMALL)),
    Case("pandas' index", "it.parquet", pandas_index),
    Case("moments", "it.parquet", lambda: parquet({"x": list(range(12)), "when": MOMENTS})),
    Case(
        "days", "it.parquet", lambda: parquet({"day": [m.date() for m in MOMENTS], "x": [1, 2] * 6})
    ),
    Case("decimals", "it.parquet", lambda: parquet({"x": [decimal.Decimal("1.5"), None]})),
    Case("words beside numbers", "it.parquet", lambda: parquet({"w": ["a", "b"], "x": [1, 2]})),
    Case("numbers as words", "it.parquet", lambda: parquet({"x": ["1.5", "2.5"]})),
    Case("lists beside numbers", "it.parquet", lambda: parquet({"l": [[1], [2]], "x": [1, 2]})),
    Case("missing values", "it.parquet", lambda: parquet({"x": [1, None, 3]})),
    Case("a name with a point", "it.parquet", lambda: parquet({"a.b": [1, 2], "a": [3, 4]})),
    Case("a name in HTML", "it.parquet", lambda: parquet({"<b>x</b>": [1, 2], "": [3, 4]})),
    Case("without a dictionary", "it.parquet", lambda: parquet(SMALL, use_dictionary=False)),
    Case("pages of version 2", "it.parquet", lambda: parquet(SMALL, data_page_version="2.0")),
    Case("compressed by zstd", "it.parquet", lambda: parquet(SMALL, compression="zstd")),
    Case(
        "many groups and pages",
        "it.parquet",
        lambda: parquet({"x": list(range(5000))}, row_group_size=999, data_page_size=100),
    ),
    Case("Parquet called CSV", "it.csv", lambda: parquet(SMALL)),
    Case("a CSV called Parquet", "it.parquet", lambda: rows("a,b", "{0},2")),
    Case(
        "the same name twice",
        "it.parquet",
        lambda: parquet([pa.array([1]), pa.array([2])], ["x", "x"]),
        "no plain columns of different names",
    ),
    Case("only lists", "it.parquet", lambda: parquet({"l": [[1], [2]]}), "no plain columns"),
    Case("only words", "it.parquet", lambda: parquet({"w": ["a", "b"]}), "no column of numbers"),
    Case("only nothing", "it.parquet", lambda: parquet({"x": pa.nulls(3, pa.int8())}), "no column"),
    Case("no rows", "it.parquet", lambda: parquet({"x": pa.array([], pa.int64())}), "no values"),
    Case("the magic alone", "it.parquet", lambda: b"PAR1", DAMAGED),
    Case("the magic twice", "it.parquet", lambda: b"PAR1PAR1", DAMAGED),
    Case("Parquet cut off", "it.parquet", lambda: parquet(SMALL)[:-20], DAMAGED),
    Case("Parquet cut in", "it.parquet", lambda: b"PAR1" + parquet(SMALL)[60:], ""),
    Case(
        "an end longer than the file",
        "it.parquet",
        lambda: parquet(SMALL)[:-8] + b"\xff\xff\xff\x7fPAR1",
        DAMAGED,
    ),
]

BOMBS = [
    Case(
        "3,000,000 rows",
        "it.parquet",
        lambda: parquet({"x": pa.nulls(3_000_000, pa.int8())}),
        "has 3,000,000 rows",
    ),
    Case(
        "a thousand million rows claimed",
        "it.parquet",
        lambda: changed(parquet({"x": pa.nulls(MANY, pa.int8())}), MANY, 10**9),
        "has 1,000,000,000 rows",
    ),
    Case(
        "2,000 columns",
        "it.parquet",
        lambda: parquet({f"c{i}": [1] for i in range(2000)}),
        "has 2,000 columns",
    ),
    Case(
        "a long word in each row",
        "it.parquet",
        lambda: parquet(
            {"w": pa.DictionaryArray.from_arrays(pa.array([0] * 50_000), ["x" * 2**19])}
        ),
        "more memory than there is",
    ),
]
