"""Hostile files of every format: each is read, or refused in one sentence, in bounded memory."""

import bz2
import contextlib
import gzip
import os
import re
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.reading.formats import containers
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.process import Reader
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.tables import table_of
from lstm_viz.errors import DataError
from tests.data.hostile import arrays, hdf_files, parquet_files, texts, workbooks
from tests.data.hostile.case import READS, Case, zipped

PEACEFUL = [
    *workbooks.CASES,
    *arrays.CASES,
    *hdf_files.CASES,
    *parquet_files.CASES,
    *texts.JSON,
    *texts.PLAIN,
]
BOMBS = [*workbooks.BOMBS, *arrays.BOMBS, *hdf_files.BOMBS, *parquet_files.BOMBS, *texts.BOMBS]
CASES = PEACEFUL + BOMBS
REMEDY = re.compile("(Upload|upload|Save|save|Keep|Give|Write|Mend|Choose|Remove) ")
Read = Callable[[bytes, str, How], Reading]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader(seconds=60)  # other tests may run beside this one
    yield made
    made.close()


def outcome(data: bytes, name: str, read: Read = read_bytes) -> Reading | str:
    """What is read, or the one sentence that is said instead."""
    try:
        found = read(data, name, How())
    except DataError as refused:
        return str(refused)
    assert found.text is not None or found.sequences is not None or found.frame.size
    assert all(found.notes)
    return found


def test_the_corpus_is_large_and_names_each_file_once() -> None:
    assert len(CASES) > 100
    names = [(case.name, case.what) for case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=[each.name + " " + each.what for each in CASES])
def test_a_hostile_file_is_read_or_refused_in_a_sentence(case: Case, reader: Reader) -> None:
    found = outcome(case.make(), case.name, reader.read)
    if case.said == READS:
        assert not isinstance(found, str), found
    else:
        assert isinstance(found, str), found
        assert case.said in found
        assert case.name in found and "Traceback" not in found and "\n" not in found
        assert REMEDY.search(found), found


def test_a_reader_that_dies_or_hangs_is_one_sentence_and_the_next_file_is_read(
    reader: Reader,
) -> None:
    first = reader.read(b"a\n1\n", "it.csv", How())
    assert reader._process is not None
    process = reader._process
    process.kill()
    with pytest.raises(DataError, match="ran out of memory, or the file is damaged"):
        reader.read(b"a\n1\n", "it.csv", How())
    assert reader.read(b"a\n1\n", "it.csv", How()).frame.equals(first.frame)
    os.kill(reader._process.pid, signal.SIGSTOP)
    reader.seconds = 0.2
    with pytest.raises(DataError, match=r"takes more than 0\.2 seconds to read"):
        reader.read(b"a\n1\n", "it.csv", How())
    reader.seconds = 60
    assert process.poll() is not None
    assert reader._process is None


def test_what_comes_out_of_the_process_is_what_is_read_here(reader: Reader) -> None:
    rows = "\n".join(
        f"{name},2020-01-{day:02}T00:00+01:00,{day}" for name in "ab" for day in range(1, 9)
    )
    data = f"who,when,v\n{rows}".encode()
    apart, here = reader.read(data, "it.csv", How()), read_bytes(data, "it.csv", How())
    pd.testing.assert_frame_equal(apart.frame, here.frame)
    pd.testing.assert_frame_equal(apart.frame_of("b"), here.frame_of("b"))
    assert (apart.notes, apart.layout, apart.proposed) == (here.notes, here.layout, here.proposed)
    with pytest.raises(DataError, match="has 2,000 columns"):
        reader.read(b",".join([b"1"] * 2000), "it.csv", How())


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED", 10_000)
    table = b"a\n" + b"1\n" * 10_000
    for data in (gzip.compress(table), bz2.compress(table), zipped({"a.csv": table})):
        assert "at most 0 MB can be read" in str(outcome(data, "it.zip"))


def test_no_pickle_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pickle.load", None)
    monkeypatch.setattr("pickle.loads", None)
    monkeypatch.setattr("pickle.Unpickler", None)
    assert "never opened" in str(outcome(arrays.npy(arrays.OBJECTS), "it.npy"))


HERE = [case for case in PEACEFUL if case.said == READS and not case.name.endswith(".xlsx")]


@given(some.sampled_from(HERE), some.integers(0, 10**6), some.binary(max_size=3))
def test_no_damage_ends_in_a_traceback(case: Case, place: int, damage: bytes) -> None:
    data = case.make()
    place %= len(data)
    found = outcome(data[:place] + damage + data[place + len(damage) // 2 :], case.name)
    if isinstance(found, Reading) and found.frame.size and found.text is None:
        table = table_of(found)
        for column in table.columns:
            with contextlib.suppress(DataError):
                assert np.isfinite(series_from(table, column.name).values).all()


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n" + b"," * 5_000_000,
        b"a;b\n1;2\n" + b";" * 5_000_000,
        b'a,b\n"' + b"x," * 2_000_000,
    ],
    ids=["commas", "semicolons", "an open quote"],
)
def test_lines_without_end_are_refused_before_they_are_taken_apart(data: bytes) -> None:
    tracemalloc.start()
    said = outcome(data, "it.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "it.csv" in said
    assert "line of more than" in said or "columns" in said
    assert peak < 4 * len(data)


def test_the_process_that_reads_finds_what_this_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Here(Reader):
        worker = "only_here"

    run = "import runpy\nrunpy.run_module('lstm_viz.data.reading.worker', run_name='__main__')\n"
    (tmp_path / "only_here.py").write_text(run)
    monkeypatch.syspath_prepend(tmp_path)
    reader = Here()
    try:
        assert reader.read(b"v\n1\n2.5\n", "it.csv", How()).frame["v"].tolist() == [1, 2.5]
    finally:
        reader.close()
