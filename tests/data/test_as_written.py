"""Names as they are written, and refusals of what is told or holds together wrongly."""

import json
from typing import Any

import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read, read_bytes
from lstm_viz.errors import DataError
from tests.data.kinds.kind import DAYS, V, W, lines, stamped

MAC, DOS = "Mac Roman", "CP850"


@pytest.mark.parametrize(
    ("head", "codec", "end", "name", "again"),
    [
        ("Höhe;Länge", "mac_roman", "\r", MAC, ""),
        ("Höhe;Länge", "mac_roman", "\n", "Latin-1", f"'Höhe;Länge' ({MAC}). Taken: Latin-1."),
        ("v;Höhe", "mac_roman", "\n", "Latin-1", f"'v;Höhe' ({MAC})"),
        ("v;Prüfung", "mac_roman", "\n", "Windows-1250", f"'v;Prüfung' ({MAC})"),
        ("v;Übung", "mac_roman", "\r", MAC, f"'v;åbung' ({DOS}). Taken: {MAC}."),
        ("v;Višina", "cp1252", "\n", "Latin-1", f"'v;Viöina' ({MAC})"),
        ("Škoda;Žilina", "cp1252", "\r", "Latin-1", ""),
        ("v;Höhe", "cp850", "\n", DOS, ""),
        ("v;Höhe", "cp850", "\r", DOS, ""),
        ("Höhe;Größe", "cp850", "\r", DOS, ""),
        ("Größe;Prüfung", "cp850", "\r\n", DOS, ""),
        ("Année;Énergie", "cp850", "\r", DOS, ""),
        ("Année;Énergie", "mac_roman", "\r", MAC, ""),
    ],
)
def test_letters_of_the_west_are_told_or_both_readings_are_said(
    head: str, codec: str, end: str, name: str, again: str
) -> None:
    text = lines(head, (f"{v};{w}" for v, w in zip(V, W, strict=True))).replace("\n", end)
    found = read_bytes(text.encode(codec), "it.csv", How())
    assert found.layout["encoding"] == name
    assert again or list(found.frame) == head.split(";")
    assert [again in note for note in found.notes if "Both readings" in note] == [True] * bool(
        again
    )
    told = read_bytes(text.encode(codec), "it.csv", How(encoding=codec))
    assert list(told.frame) == head.split(";") and not told.notes


def test_names_of_digits_and_names_written_once_stay_whose_rows_they_are() -> None:
    rows = (f"{d:%F};{u};{v}" for u in ("1E1", "1E2", "007") for d, v in zip(DAYS, V, strict=True))
    found = read_bytes(lines("date;unit;v", rows).encode(), "it.csv", How())
    assert found.entities == ("1E1", "1E2", "007")
    once = (f"{u * (d == DAYS[0])};{d:%F};{d.day}" for u in ("North", "South") for d in DAYS)
    found = read_bytes(lines("region;date;v", once).encode(), "it.csv", How())
    assert found.entities == ("North", "South") and len(found.frame) == len(DAYS)
    assert any("'region' is written on the first row of each block" in n for n in found.notes)
    remark = (f"{'new' * (d.day == 25)};{d:%F};{d.day}" for d in DAYS)
    found = read_bytes(lines("remark;date;v", remark).encode(), "it.csv", How())
    assert not found.entities


@pytest.mark.parametrize(
    "size", [[2, 3], [2, -2], ["a", "b"], 5], ids=["too many", "negative", "words", "a number"]
)
def test_a_cube_that_does_not_hold_together_is_refused(size: object) -> None:
    sides = {k: {"category": {"index": ["2001", "2002"]}} for k in "ab"}
    cube = {"id": ["a", "b"], "size": size, "dimension": sides, "value": [1, 2, 3, 4]}
    with pytest.raises(DataError, match="sizes do not fit its categories and values"):
        read_bytes(json.dumps(cube).encode(), "it.json", How())


@pytest.mark.parametrize(
    ("how", "said"),
    [({"header": [99]}, r"header=\[99\]"), ({"delimiter": ""}, "delimiter=''"),
     ({"header": [-1]}, "numbers from 0")],
)  # fmt: skip
def test_what_is_told_and_does_not_fit_is_named(how: dict[str, Any], said: str) -> None:
    text = lines("date;v", stamped(DAYS, lambda d, v, w: f"{d:%F};{v}"))
    with pytest.raises(DataError, match=said):
        read(text.encode(), **how)
    with pytest.raises(DataError, match="int is none of these"):
        read(5)  # type: ignore[arg-type]


def test_hours_across_of_several_stations_are_a_series_each() -> None:
    head = "day;at;" + ";".join(f"h{k}" for k in range(1, 25))
    rows = [f"{d:%F};{s};" + ";".join(f"{k + 100 * (s == 'B')}.5" for k in range(24))
            for d in DAYS for s in "AB"]  # fmt: skip
    found = read_bytes(lines(head, rows).encode(), "it.csv", How())
    assert found.entities == ("A", "B") and list(found.frame) == ["A", "B"]
    assert len(found.frame) == 24 * len(DAYS) and found.frame["B"].tolist()[:2] == [100.5, 101.5]
    apart = read_bytes(lines(head, rows).encode(), "it.csv", How(time=()))
    assert "h1" in list(apart.frame), "a row a day is a choice"
    dated = read_bytes(lines(head, rows).encode(), "it.csv", How(time=("day",)))
    assert "h1 A" in list(dated.frame) and len(dated.frame) == len(DAYS)
    assert dated.layout["time"] == ("day",), "with its dates"
