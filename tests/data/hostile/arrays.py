"""NumPy's arrays and archives."""

import io
import zipfile
from typing import Any

import numpy as np

from tests.data.hostile.case import Case, claiming, rows, zipped

DAMAGED = "is damaged or cut off"
SERIES = np.arange(12.0)


def npy(array: Any, version: tuple[int, int] = (1, 0), **how: Any) -> bytes:
    target = io.BytesIO()
    np.lib.format.write_array(target, np.asarray(array), version=version, **how)
    return target.getvalue()


def header(text: str, data: bytes = b"") -> bytes:
    """A .npy file with a header of our own."""
    line = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + data


def shaped(shape: str, data: bytes = b"", descr: str = "<f8") -> bytes:
    return header(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}", data)


def npz(**arrays: Any) -> bytes:
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


OBJECTS = np.array([{"a": 1}, None], dtype=object)
RECORDS = np.zeros(3, dtype=[("a", "f8"), ("b", "i4")])
DAYS = np.arange("2020-01-01", "2020-01-13", dtype="datetime64[D]")

CASES = [
    Case("a series", "it.npy", lambda: npy(SERIES)),
    Case("a table", "it.npy", lambda: npy(SERIES.reshape(6, 2))),
    Case("a table by columns", "it.npy", lambda: npy(np.asfortranarray(SERIES.reshape(6, 2)))),
    Case("big-endian", "it.npy", lambda: npy(SERIES.astype(">i2"))),
    Case("half precision", "it.npy", lambda: npy(SERIES.astype(np.float16))),
    Case("longer floats", "it.npy", lambda: npy(SERIES.astype(np.longdouble))),
    Case("truth values", "it.npy", lambda: npy(SERIES > 3)),
    Case("version 2", "it.npy", lambda: npy(SERIES, (2, 0))),
    Case("version 3", "it.npy", lambda: npy(SERIES, (3, 0))),
    Case("NaN among numbers", "it.npy", lambda: npy([1, np.nan, np.inf, 2])),
    Case("more than it says", "it.npy", lambda: npy(SERIES) + bytes(100)),
    Case("an array called CSV", "it.csv", lambda: npy(SERIES)),
    Case("NaN alone", "it.npy", lambda: npy([np.nan, np.nan]), "no column of numbers"),
    Case("infinity alone", "it.npy", lambda: npy([np.inf, -np.inf])),
    Case("dates alone", "it.npy", lambda: npy(DAYS), "no column of numbers"),
    Case(
        "objects", "it.npy", lambda: npy(OBJECTS), "Python objects, a pickle that is never opened"
    ),
    Case("complex numbers", "it.npy", lambda: npy(SERIES * 1j), "complex numbers"),
    Case("words", "it.npy", lambda: npy(["a", "b"]), "holds words"),
    Case("records", "it.npy", lambda: npy(RECORDS), "records of several fields"),
    Case("a single number", "it.npy", lambda: npy(3.5), "array of shape ()"),
    Case("three dimensions", "it.npy", lambda: npy(np.zeros((2, 2, 2)))),
    Case("four dimensions", "it.npy", lambda: npy(np.zeros((2, 2, 2, 2))), "shape (2, 2, 2, 2)"),
    Case("no rows", "it.npy", lambda: npy([]), "holds an empty array"),
    Case("no columns", "it.npy", lambda: npy(np.zeros((5, 0))), "holds an empty array"),
    Case("rows below nothing", "it.npy", lambda: shaped("(-5,)", bytes(80)), "of shape (-5,)"),
    Case("an array cut off", "it.npy", lambda: npy(SERIES)[:-9], DAMAGED),
    Case("a header cut off", "it.npy", lambda: npy(SERIES)[:40], DAMAGED),
    Case("the magic alone", "it.npy", lambda: b"\x93NUMPY", DAMAGED),
    Case("a later version", "it.npy", lambda: b"\x93NUMPY\x09\x00" + bytes(80), DAMAGED),
    Case("a header that calls", "it.npy", lambda: header("__import__('os').getcwd()"), DAMAGED),
    Case("an unknown type", "it.npy", lambda: shaped("(1,)", bytes(8), "zz"), DAMAGED),
    Case("dates without a unit", "it.npy", lambda: shaped("(1,)", bytes(8), "<M8"), ""),
    Case("a CSV called array", "it.npy", lambda: rows("a,b", "{0},2")),
    Case("two columns", "it.npz", lambda: npz(a=SERIES, b=SERIES % 3)),
    Case("arrays of two lengths", "it.npz", lambda: npz(a=SERIES, b=SERIES, c=SERIES[:3])),
    Case("objects beside numbers", "it.npz", lambda: npz(a=SERIES, b=OBJECTS)),
    Case("objects alone", "it.npz", lambda: npz(b=OBJECTS), "never opened"),
    Case("dates and numbers", "it.npz", lambda: npz(day=DAYS, a=SERIES)),
    Case("a table and a series", "it.npz", lambda: npz(a=SERIES, b=np.zeros((12, 2)))),
    Case("names of folders", "it.npz", lambda: zipped({"../../a.npy": npy(SERIES)})),
    Case("an archive cut off", "it.npz", lambda: npz(a=SERIES)[:-30], DAMAGED),
    Case("no array inside", "it.npz", lambda: zipped({"a.npy": b"1,2"}), DAMAGED),
    Case("LZMA inside", "it.npz", lambda: zipped({"a.npy": npy(SERIES)}, zipfile.ZIP_LZMA)),
    Case(
        "a wrong checksum",
        "it.npz",
        lambda: claiming(zipped({"a.npy": npy(SERIES)}), 224, crc=1),
        DAMAGED,
    ),
]

BOMBS = [
    Case("2 GB claimed", "it.npy", lambda: shaped("(2000000, 134)"), "rows of 134 columns"),
    Case("200 MB claimed", "it.npy", lambda: shaped("(2000000, 12)"), DAMAGED),
    Case("a trillion rows", "it.npy", lambda: shaped(f"({10**12},)"), "has 1,000,000,000,000 rows"),
    Case("a million columns", "it.npy", lambda: shaped(f"(2, {10**6})"), "has 1,000,000 columns"),
    Case(
        "more rows than a file has bytes",
        "it.npy",
        lambda: shaped("(100000,)", bytes(80)),
        DAMAGED,
    ),
    Case("rows of no bytes", "it.npy", lambda: shaped(f"({10**9},)", descr="|S0"), "holds words"),
    Case("a header of 60,000 brackets", "it.npy", lambda: header("(" * 60_000), DAMAGED),
    Case(
        "2 GB in an archive",
        "it.npz",
        lambda: claiming(zipped({"a.npy": npy(SERIES)}), 2**31),
        "2048 MB",
    ),
    Case(
        "a member larger than it says",
        "it.npz",
        lambda: claiming(zipped({"a.npy": npy(SERIES) + bytes(2**24)}), 100),
        DAMAGED,
    ),
    Case(
        "11,000 members",
        "it.npz",
        lambda: zipped({f"{i}.npy": b"" for i in range(11_000)}),
        DAMAGED,
    ),
]
