"""Hostile files of every format: each is read, or refused in one sentence, in bounded memory."""

import ast
import contextlib
import io
import re
import re._constants as sre
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from re._parser import SubPattern, parse
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl.styles import numbers

from lstm_viz.data.reading import archives, parquet_pages, reader
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.reader import read
from lstm_viz.data.reading.tables import Table, Text
from lstm_viz.errors import DataError
from tests.data.hostile import arrays, parquet_files, texts, workbooks
from tests.data.hostile.case import READS, Case

PEACEFUL = [
    *workbooks.CASES,
    *arrays.CASES,
    *parquet_files.CASES,
    *texts.JSON,
    *texts.PLAIN,
]
BOMBS = [*workbooks.BOMBS, *arrays.BOMBS, *parquet_files.BOMBS, *texts.BOMBS]
CASES = PEACEFUL + BOMBS
REMEDY = re.compile("(Upload|upload|Save|save|Keep|Give|Write|Mend|Choose) ")
MOST_MEMORY = 48 * 2**20


def outcome(data: bytes, name: str) -> Table | Text | str:
    """What is read, with every column used, or the one sentence that is said instead."""
    try:
        found = read(data, name)
    except DataError as refused:
        return str(refused)
    if isinstance(found, Table):
        assert found.columns
        assert {len(column.values) for column in found.columns} == {found.rows}
        assert found.index is None or len(found.index) == found.rows
        assert all(str(fact) for fact in found.facts)
    return found


def test_the_corpus_is_large_and_names_each_file_once() -> None:
    assert len(CASES) > 60
    names = [(case.name, case.what) for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=[each.name + " " + each.what for each in CASES])
def test_a_hostile_file_is_read_or_refused_in_a_sentence(case: Case) -> None:
    found = outcome(case.make(), case.name)
    if case.said == READS:
        assert not isinstance(found, str), found
    else:
        assert isinstance(found, str), found
        assert case.said in found
        assert case.name in found and "Traceback" not in found and "\n" not in found
        assert REMEDY.search(found), found


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.parametrize("case", BOMBS, ids=[each.name + " " + each.what for each in BOMBS])
def test_a_bomb_takes_little_memory(case: Case, traced: None) -> None:
    data = case.make()
    outcome(b"1\n2\n", "it.csv")  # pandas is loaded
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    outcome(data, case.name)
    assert tracemalloc.get_traced_memory()[1] - before < MOST_MEMORY


def test_a_parquet_page_that_claims_too_much_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = io.BytesIO()
    long = pa.table({"w": ["x" * 2**22]})
    pq.write_table(long, target, use_dictionary=False, compression="zstd", write_statistics=False)
    assert len(target.getvalue()) < 2**16
    monkeypatch.setattr(parquet_pages, "MAX_UNPACKED", 2**20)
    monkeypatch.setattr(pq.ParquetFile, "read", None)
    said = outcome(target.getvalue(), "it.parquet")
    assert isinstance(said, str)
    assert "has 5 MB and at most 1 MB can be read" in said


def test_a_workbook_of_too_many_tags_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TAGS", 1000)
    said = outcome(workbooks.raw("<row/>" * 1001), "it.xlsx")
    assert "too many for a workbook" in str(said)


def test_only_the_number_formats_of_cells_are_looked_at_and_as_far_as_excel_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = numbers.is_date_format
    monkeypatch.setattr(
        numbers, "is_date_format", lambda form: (asked.append(form or ""), real(form))[1]
    )
    cells = "".join(workbooks.cell(f"A{n}", n, f's="{n % 7}"') for n in range(1, 99))
    styles = workbooks.formats(6000, "[" * 990)
    assert isinstance(outcome(workbooks.raw(cells, styles=styles), "it.xlsx"), Table)
    assert len(asked) <= 7
    assert max(map(len, asked)) <= 255


def test_no_pattern_is_run_over_a_file_that_keeps_marks_of_its_repetitions() -> None:
    """A group that may be taken back costs memory for each repetition, and may cost its square."""
    found = patterns_of_the_reader()
    assert len(found) > 10
    assert not {where: each for where, each in found.items() if _repeats_a_group(parse(each))}


def patterns_of_the_reader() -> dict[str, str | bytes]:
    """Each pattern that is given to `re`, by its place; what an f-string fills in is a comma."""
    found: dict[str, str | bytes] = {}
    for path in sorted(Path(reader.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                found[f"{path.name}:{node.lineno}"] = _filled(node.args[0])
    return found


def _filled(pattern: ast.expr) -> Any:
    if isinstance(pattern, ast.JoinedStr):
        return "".join(
            getattr(part, "value", ",") if isinstance(part, ast.Constant) else ","
            for part in pattern.values
        )
    return ast.literal_eval(pattern)


def _repeats_a_group(parsed: Any) -> bool:
    """Whether anything but a single letter is repeated without end and can be taken back."""
    for kind, about in parsed:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _least, most, body = about
            one_letter = len(body) == 1 and body[0][0] in (sre.LITERAL, sre.IN, sre.ANY)
            if most > 1 and not one_letter:
                return True
        inner = about if isinstance(about, tuple | list) else [about]
        for part in inner:
            parts = part if isinstance(part, list) else [part]
            if any(isinstance(each, SubPattern) and _repeats_a_group(each) for each in parts):
                return True
    return False


@pytest.mark.parametrize(
    ("pattern", "costs"),
    [(r"(?:a*b)*c", True), (r"x|(y(?:ab)+)", True), (r"(?:a*+b)*+c[de]*", False)],
)
def test_what_keeps_marks_is_known(pattern: str, costs: bool) -> None:
    assert _repeats_a_group(parse(pattern)) is costs


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10_000)
    said = outcome(arrays.npz(a=np.zeros(2000)), "it.npz")
    assert "at most 0 MB can be read" in str(said)


def test_no_pickle_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pickle.load", None)
    monkeypatch.setattr("pickle.loads", None)
    monkeypatch.setattr("pickle.Unpickler", None)
    assert "never opened" in str(outcome(arrays.npy(arrays.OBJECTS), "it.npy"))


READABLE = [case for case in PEACEFUL if case.said == READS]


@given(some.sampled_from(READABLE), some.integers(0, 10**6), some.binary(max_size=3))
def test_no_damage_ends_in_a_traceback(case: Case, place: int, damage: bytes) -> None:
    data = case.make()
    place %= len(data)
    found = outcome(data[:place] + damage + data[place + len(damage) // 2 :], case.name)
    if isinstance(found, Table):
        for column in found.columns:
            with contextlib.suppress(DataError):
                assert np.isfinite(series_from(found, column.name).values).all()


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n" + b"," * 5_000_000,
        b"a;b\n1;2\n" + b";" * 5_000_000,
        b"a,b\n" + (b"," * 200_000 + b"\n") * 25,
        b'a,b\n"' + b"x," * 2_000_000,
    ],
    ids=["commas", "semicolons", "lines of commas", "an open quote"],
)
def test_lines_without_end_are_refused_before_they_are_taken_apart(data: bytes) -> None:
    tracemalloc.start()
    said = outcome(data, "it.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "it.csv" in said
    assert "line of more than" in said or "columns" in said
    assert peak < 4 * len(data)
