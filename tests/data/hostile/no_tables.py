"""Text tables that are none: (what, bytes, a fragment of the refusal)."""

import gzip
import io

import numpy as np
from scipy.io import savemat

from tests.data.hostile.case import zipped

NO_TEXT = "is not plain text, which is not read"


def cells() -> bytes:
    """A .mat file of one cell array."""
    target = io.BytesIO()
    savemat(target, {"c": np.array([np.arange(5.0), np.arange(6.0)], dtype=object)})
    return target.getvalue()


REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "is empty"),
    ("blank", b" \r\n\t\n", "is empty"),
    ("a byte order mark alone", b"\xef\xbb\xbf", "is empty"),
    ("delimiters alone", b";;;\n;;;\n", "is empty"),
    ("a sep line alone", b"sep=;", "no values under it"),
    ("a header only", b"time,value\n", "has a header and no values under it"),
    ("a header over empty rows", b"time,value\n,\n,\n", "has a header and no values under it"),
    ("a column of NaN", b"value\nNaN\nNaN\n", "has a header and no values under it"),
    ("no numeric column", b"who,where\nAda,London\nGrace,New York\n", "no column of numbers"),
    (
        "a sparse ARFF",
        b"@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n{0 1.5}\n{0 2.5, 1 3}\n",
        "is a sparse ARFF file",
    ),
    (
        "a TSF",
        b"@relation r\n@attribute series_name string\n@frequency monthly\n@data\nT1:1,2,3\n",
        "is a .tsf file",
    ),
    ("cells of MATLAB", cells(), "holds cell arrays and no plain numbers"),
    ("prose", b"It was the best of times,\nit was the worst of times.\n", "no column of numbers"),
    ("a PNG", b"\x89PNG\r\n\x1a\n" + bytes(50), "is a PNG picture, which is not read"),
    ("a JPEG", b"\xff\xd8\xff\xe0" + bytes(50), "is a JPEG picture"),
    ("a PDF", b"%PDF-1.7\n1 0 obj\n", "is a PDF document"),
    ("an empty zip archive", zipped({}), "is a zip archive without a table"),
    ("a zip archive of pictures", zipped({"a.png": b"x"}), "is a zip archive without a table"),
    ("a gzip archive cut off", gzip.compress(b"a,b\n1,2\n")[:-9], "is damaged or cut off"),
    ("a web page", b"\n<!DOCTYPE html><html>1,2</html>", "is a web page"),
    ("an old workbook", b"\xd0\xcf\x11\xe0" + bytes(50), "old or locked Office"),
    ("an HDF5 file cut off", b"\x89HDF\r\n\x1a\n" + bytes(50), "is damaged or cut off"),
    ("a pickle", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07os.getcwd\x94.", NO_TEXT),
    ("random bytes", np.random.default_rng(0).bytes(4096), NO_TEXT),
    ("a NUL and another byte of no text", b"a,b\n1,\x00\x012\n3,1\n", NO_TEXT),
    ("half a UTF-16 letter", "a,b\n1,2\n".encode("utf-16")[:-1], "begins as UTF-16 text"),
    ("a row too long", b"a,b\n1,2\n3,4,5\n", "Line 3 of 'it.csv' has more values than the first"),
    ("too long after blanks", b"\n\na,b\n\n1,2\n3,4,5\n", "Line 6 of 'it.csv'"),
    ("too long past the sample", b"a,b\n" + b"1,2\n" * 500 + b"1,2,3\n", "Line 502 of 'it.csv'"),
    ("too long, others end in commas", b"a,b\n1,2,\n1,2,\n3,4,5\n", "Line 4 of 'it.csv'"),
    ("an open quotation mark", b'a,b\n1,"2\n3,4\n', "opens a quotation mark"),
    ("one huge line", b"9" * 3_000_000, "has a line of more than 250,000 letters"),
    ("one huge line of values", b"9," * 1_000_000, "has a line of more than 250,000 letters"),
    ("5,000 columns", b",".join(b"%d" % i for i in range(5000)) + b"\n1", "has 5,000 columns"),
    ("too many rows", b"1\n" * 2_000_001, "has 2,000,001 rows and at most 2,000,000"),
    (
        "a small file of a large table",
        (b",".join([b"0"] * 999) + b"\n") * 201 + b"1\n" * 30_000,
        "30,201 rows of 999 columns and at most 25,000,000 cells",
    ),
]
