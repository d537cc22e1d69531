"""JSON, and plain texts."""

import json

import numpy as np

from tests.data.hostile.case import Case, rows

RECORDS = [{"day": f"2020-01-{i:02}", "x": i % 3, "y": i / 2} for i in range(1, 13)]
NO_TABLE = "is JSON and holds no table"
DAMAGED = "is damaged or cut off"
PROSE = "It was the best of times, it was the worst of times.\n" * 20
CODE = "def f(x):\n    return x + 1, 2\n" * 9


def text(value: object) -> bytes:
    return json.dumps(value).encode()


JSON = [
    Case("records", "it.json", lambda: text(RECORDS)),
    Case("JSON lines", "it.jsonl", lambda: b"\n".join(map(text, RECORDS))),
    Case("columns", "it.json", lambda: text({"x": [1, 2], "y": [3, 4]})),
    Case("pandas' columns", "it.json", lambda: text({"x": {"0": 1, "1": 2}, "y": {"0": 3}})),
    Case("split", "it.json", lambda: text({"columns": ["x"], "index": [5, 9], "data": [[1], [2]]})),
    Case("table", "it.json", lambda: text({"schema": {"fields": []}, "data": RECORDS})),
    Case("a list of numbers", "it.json", lambda: b"[1, 2.5, null, 3, 4, 5]"),
    Case("lists", "it.json", lambda: b'[["a", "b"], [1, 2], [3, 4]]'),
    Case("lists of all lengths", "it.json", lambda: b"[[1, 2], [3], [4, 5, 6]]"),
    Case("NaN and Infinity", "it.json", lambda: b'{"x": [1, NaN, 3, Infinity, 2]}'),
    Case("records with gaps", "it.json", lambda: b'[{"x": 1}, {"x": 2, "y": 3}, {"y": 4}]'),
    Case("lists within cells", "it.json", lambda: b'[{"x": 1, "y": [1, 2]}, {"x": 2, "y": {}}]'),
    Case("numbers as words", "it.json", lambda: b'{"x": ["1.5", "2.5"]}'),
    Case("true and null", "it.json", lambda: b'{"x": [true, null, false, true]}'),
    Case("numbers beyond float64", "it.json", lambda: b'{"x": [1e999, 1, %d]}' % 10**400),
    Case("half a letter", "it.json", lambda: rb'{"\ud800": [1, 2], "y": ["\udc00", "b"]}'),
    Case("the same name twice", "it.json", lambda: b'{"x": [1, 2], "x": [3, 4]}'),
    Case("JSON called CSV", "it.csv", lambda: b'{"x": [1, 2]}'),
    Case("a CSV called JSON", "it.json", lambda: rows("a,b", "{0},2")),
    Case("JSON with its mark", "it.json", lambda: b"\xef\xbb\xbf[1, 2]"),
    Case("JSON in UTF-16", "it.json", lambda: '{"ä": [1, 2]}'.encode("utf-16")),
    Case("an empty list", "it.json", lambda: b"[]", NO_TABLE),
    Case("an empty object", "it.json", lambda: b"{}", NO_TABLE),
    Case("settings", "it.json", lambda: b'{"a": 1, "b": "c"}', NO_TABLE),
    Case("a list of words", "it.json", lambda: b'["a", "b"]', "no column of numbers"),
    Case("a list of all kinds", "it.json", lambda: b'[1, {"a": 2}, [3]]', NO_TABLE),
    Case("empty columns", "it.json", lambda: b'{"a": []}', "no values under it"),
    Case("uneven columns", "it.json", lambda: b'{"a": [1, 2], "b": [1]}', "not equally long"),
    Case("uneven split", "it.json", lambda: b'{"columns": ["a"], "data": [[1, 2]]}', "not equally"),
    Case("JSON cut off", "it.json", lambda: text(RECORDS)[:-20], "is broken JSON in line 1"),
    Case("a comma too many", "it.json", lambda: b'[\n{"a": 1},\n]', "is broken JSON in line 3"),
    Case("a single quote", "it.json", lambda: b"{'a': [1]}", "broken JSON in line 1"),
    Case("a number of 5,000 digits", "it.json", lambda: b"[" + b"9" * 5000 + b"]", "broken JSON"),
]

BOMBS = [
    Case(
        "JSON 100,000 deep", "it.json", lambda: b"[" * 100_000 + b"]" * 100_000, "nested too deep"
    ),
    Case("objects 100,000 deep", "it.json", lambda: b'{"a":' * 100_000, "nested too deep"),
    Case(
        "6,000,000 lists", "it.json", lambda: b"[" + b"[],[]," * 3_000_000 + b"[]]", "values and at"
    ),
    Case(
        "records of 5,000 names",
        "it.json",
        lambda: text([{f"c{i}": 1} for i in range(5000)]),
        "has 5,000 columns",
    ),
    Case("5,000 columns", "it.json", lambda: text([list(range(5000))] * 2), "has 5,000 columns"),
    Case("4,000,000 empty lines first", "it.csv", lambda: b"\n" * 4_000_000 + b"a,b\n1,2\n"),
    Case("4,000,000 empty lines called text", "it.txt", lambda: b" ;\n" * 4_000_000 + b"a\n1\n"),
    Case("4,000,000 empty lines of Windows", "it.csv", lambda: b"\r\n" * 4_000_000, "is empty"),
    Case(
        "rows that a lone carriage return ends",
        "it.csv",
        lambda: b"a\n" + b"1\r" * 4_000_000,
        "4,000,000 rows and at most",
    ),
]

PLAIN = [
    Case("a table called text", "it.txt", lambda: rows("a,b", "{0},2")),
    Case("JSON called text", "it.txt", lambda: text(RECORDS)),
    Case("prose", "it.txt", PROSE.encode),
    Case("prose in one line", "it.txt", (PROSE.replace("\n", " ") * 200).encode),
    Case("code", "it.py", CODE.encode),
    Case("Markdown", "it.md", lambda: b"# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
    Case("a web page called text", "it.txt", lambda: b"<!doctype html><p>Hello, 1, 2"),
    Case("broken JSON called text", "it.txt", lambda: b'{"speech": what? To be or not to be.'),
    Case("prose in Latin-1", "it.txt", lambda: "Größe und Höhe, überall.\n".encode("latin-1")),
    Case("an empty text", "it.txt", lambda: b" \n", "is empty"),
    Case("numbers that break off", "it.txt", lambda: b"1,2\n3,4\n5,6,7\n"),
    Case("binary called text", "it.txt", lambda: np.random.default_rng(1).bytes(999), "not plain"),
    Case("a text too long", "it.txt", lambda: b"word " * 500_000, "has 2,500,000 letters"),
    Case("prose called CSV", "it.csv", PROSE.encode, "no column of numbers"),
]
