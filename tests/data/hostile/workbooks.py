"""Excel workbooks."""

import datetime
import zipfile
import zlib
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests.data.hostile.case import Case, claiming, rows, zipped

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
DAMAGED = "is damaged or cut off"


def workbook(**sheets: list[list[Any]]) -> bytes:
    """As openpyxl writes it."""
    book = Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def members(sheet: bytes, **others: bytes) -> dict[str, bytes]:
    """The least that a workbook of one sheet is made of."""
    book = f'<workbook {MAIN} {REL}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
    base = "http://schemas.openxmlformats.org"

    def relation(form: str, target: str) -> bytes:
        kind = f"{base}/officeDocument/2006/relationships/{form}"
        each = f'<Relationship Id="r1" Type="{kind}" Target="{target}"/>'
        whole = f'<Relationships xmlns="{base}/package/2006/relationships">{each}</Relationships>'
        return whole.encode()

    return {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/workbook.xml": book.encode(),
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relation("worksheet", "worksheets/sheet1.xml"),
        **{f"xl/{name}.xml": data for name, data in others.items()},
    }


def formats(count: int, code: str) -> bytes:
    """The styles of a workbook: so many, each with a number format of its own."""
    numbers = range(200, 200 + count)
    codes = "".join(f'<numFmt numFmtId="{n}" formatCode="{code}{n}"/>' for n in numbers)
    cells = "".join(f'<xf numFmtId="{n}"/>' for n in numbers)
    return f"<styleSheet><numFmts>{codes}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>".encode()


def sheet(body: str, before: str = "") -> bytes:
    return f"{before}<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>".encode()


def raw(body: str, before: str = "", **others: bytes) -> bytes:
    return zipped(members(sheet(body, before), **others))


def cell(place: str, value: object = 1, more: str = "") -> str:
    return f'<row><c r="{place}" {more}><v>{value}</v></c></row>'


ENTITIES = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
LAUGHS = f'<!DOCTYPE w [<!ENTITY a0 "ha">{ENTITIES}]>'
QUADRATIC = f'<!DOCTYPE w [<!ENTITY a "{"a" * 50_000}">]>'
DAYS = [[datetime.date(2020, 1, day), day % 3] for day in range(1, 13)]
LIAR = 16 * 2**20


def lying() -> bytes:
    """Says 100 bytes, unpacks to 16 MB, and has the checksum of the first 100."""
    large = members(sheet("") + b" " * LIAR)
    first = large["xl/worksheets/sheet1.xml"][:100]
    return claiming(zipped(large), 100, zlib.crc32(first))


CASES = [
    Case("a workbook", "it.xlsx", lambda: workbook(a=[["x", "y"], [1, 2.5], [3, 4]])),
    Case("a workbook called CSV", "it.csv", lambda: workbook(a=[["x"], [1], [3]])),
    Case("an empty first sheet", "it.xlsx", lambda: workbook(a=[], b=[["x"], [1], [2]])),
    Case("dates in a workbook", "it.xlsx", lambda: workbook(a=[["day", "x"], *DAYS])),
    Case("names in HTML", "it.xlsx", lambda: workbook(a=[["<b>x</b>", "=1+1"], [1, 2], [3, 4]])),
    Case("the same name twice", "it.xlsx", lambda: workbook(a=[["x", "x"], [1, 2], [3, 4]])),
    Case("no names", "it.xlsx", lambda: workbook(a=[[1, 2], [3, 4]])),
    Case("rows of all lengths", "it.xlsx", lambda: workbook(a=[["x"], [1, 2], [3], [4, 5, 6]])),
    Case("a corner that is empty", "it.xlsx", lambda: workbook(a=[[], [None, "x"], [None, 1]])),
    Case("words among numbers", "it.xlsx", lambda: workbook(a=[["x"], [1], ["n/a"], [2]])),
    Case("an error in a cell", "it.xlsx", lambda: raw(cell("A1") + cell("A2", "#N/A", 't="e"'))),
    Case("cells without a place", "it.xlsx", lambda: raw("<row><c><v>1</v></c></row>" * 3)),
    Case("a date beyond all", "it.xlsx", lambda: workbook(a=[["x"], [10**9], [1]])),
    Case(
        "only words", "it.xlsx", lambda: workbook(a=[["x"], ["a"], ["b"]]), "no column of numbers"
    ),
    Case("only formulas", "it.xlsx", lambda: workbook(a=[["=1"], ["=2"]]), "no cells with values"),
    Case("only a header", "it.xlsx", lambda: workbook(a=[["x", "y"]]), "no values under it"),
    Case("no cells", "it.xlsx", lambda: workbook(a=[]), "no cells with values"),
    Case(
        "only a picture of a sheet",
        "it.xlsx",
        lambda: zipped({**members(b""), "xl/worksheets/sheet1.xml": b""}),
        DAMAGED,
    ),
    Case(
        "a sheet that is not there",
        "it.xlsx",
        lambda: zipped({key: data for key, data in members(b"").items() if "sheet1" not in key}),
        "no cells with values",
    ),
    Case("a workbook cut off", "it.xlsx", lambda: workbook(a=[[1], [2]])[:-400], DAMAGED),
    Case("a workbook cut in half", "it.xlsx", lambda: workbook(a=[[1], [2]])[:900], DAMAGED),
    Case("an empty workbook", "it.xlsx", bytes, "is empty"),
    Case("a CSV called workbook", "it.xlsx", lambda: rows("a,b", "{0},2")),
    Case(
        "a Word document",
        "it.xlsx",
        lambda: zipped({"word/document.xml": b"<w/>"}),
        "a zip archive",
    ),
    Case("no XML", "it.xlsx", lambda: zipped(members(b"\x00\x01")), DAMAGED),
    Case("XML cut off", "it.xlsx", lambda: zipped(members(b"<worksheet><row>")), "no cells with"),
    Case("a word that is not there", "it.xlsx", lambda: raw(cell("A1", 7, 't="s"')), DAMAGED),
    Case("a number that is none", "it.xlsx", lambda: raw(cell("A1", "x")), "no values under it"),
    Case(
        "an encrypted member",
        "it.xlsx",
        lambda: claiming(zipped(members(sheet(cell("A1")))), 300, flags=1),
        "by a password",
    ),
    Case(
        "bzip2 inside",
        "it.xlsx",
        lambda: zipped(members(sheet(cell("A1"))), zipfile.ZIP_BZIP2),
        DAMAGED,
    ),
]

BOMBS = [
    Case(
        "the last row of all",
        "it.xlsx",
        lambda: raw(cell("A1") + cell("A1048576")),
        "more than 1,000,000 cells",
    ),
    Case(
        "a row beyond the last",
        "it.xlsx",
        lambda: raw(f'<row r="{10**12}"><c><v>1</v></c></row>'),
        "ran out of memory",
    ),
    Case(
        "2 GB claimed", "it.xlsx", lambda: claiming(raw(cell("A1")), 2**31), "MB and at most 256 MB"
    ),
    Case("larger than it says", "it.xlsx", lying, DAMAGED),
    Case(
        "a million columns",
        "it.xlsx",
        lambda: raw("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"),
        "has 1,000,000 columns",
    ),
    Case(
        "a column beyond the last", "it.xlsx", lambda: raw(cell("A1") + cell("KOJQJ1")), "columns"
    ),
    Case("the last column of all", "it.xlsx", lambda: raw(cell("XFD1")), "has 16,384 columns"),
    Case(
        "a billion laughs",
        "it.xlsx",
        lambda: raw(cell("A1", "&a9;"), LAUGHS),
        "no cells with values",
    ),
    Case(
        "quadratic entities",
        "it.xlsx",
        lambda: raw(cell("A1", "&a;" * 50_000), QUADRATIC),
        "no cells with values",
    ),
    Case(
        "entities in UTF-16",
        "it.xlsx",
        lambda: zipped(members(sheet(cell("A1", "&a9;"), LAUGHS).decode().encode("utf-16"))),
        "no cells with values",
    ),
    Case(
        "entities among the words",
        "it.xlsx",
        lambda: raw(cell("A1"), sharedStrings=f"{LAUGHS}<sst><si><t>&a9;</t></si></sst>".encode()),
        DAMAGED,
    ),
    Case("100,000 elements deep", "it.xlsx", lambda: raw("<a>" * 100_000), "no cells with"),
    Case(
        "a tag of 8 MB", "it.xlsx", lambda: raw(f'<row a="{"x" * 2**23}"></row>'), "no cells with"
    ),
    Case("a comment of 8 MB", "it.xlsx", lambda: raw(f"<!--{'x' * 2**23}-->"), "no cells with"),
    Case(
        "300,000 names of tags",
        "it.xlsx",
        lambda: raw("".join(f"<t{i}/>" for i in range(300_000))),
        "no cells with values",
    ),
    Case(
        "a word of 8 MB",
        "it.xlsx",
        lambda: raw(cell("A1", "x" * 2**23, 't="str"') + cell("A2")),
        "reads",
    ),
]
"""Made to exhaust memory or patience."""
