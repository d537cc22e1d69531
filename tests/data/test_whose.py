"""Whose the rows of a stacked table are: a series for each, and none that mixes two."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.reading import Reading

NUMBERS = np.random.default_rng(1)


def days(count: int, first: str = "2020-01-01") -> list[str]:
    return [f"{each:%F}" for each in pd.date_range(first, periods=count)]


def panel(names: Sequence[object], count: int = 40) -> list[str]:
    """Rows `day,name,value`, a block a name; a value over 100 is the place of its name."""
    return [
        f"{d},{e},{100 * k + i + 0.5}"
        for k, e in enumerate(names)
        for i, d in enumerate(days(count))
    ]


def read(head: str, rows: Sequence[str]) -> Reading:
    return read_bytes("\n".join([head, *rows]).encode(), "it.csv", How())


def shuffled(rows: Sequence[str]) -> list[str]:
    return [rows[at] for at in NUMBERS.permutation(len(rows))]


def keyed(first: Sequence[object], second: Sequence[object], count: int) -> list[str]:
    """Rows `day,first,second,value`; a value over 1000 says of which of the combinations."""
    pairs = [(a, b) for a in first for b in second]
    return [
        f"{d},{a},{b},{1000 * k + i}"
        for k, (a, b) in enumerate(pairs)
        for i, d in enumerate(days(count))
    ]


@pytest.mark.parametrize(
    ("head", "rows", "entities"),
    [
        ("day,city,sensor,v", keyed("XY", "pq", 150), ["X · p", "X · q", "Y · p", "Y · q"]),
        ("day,store,item,v", keyed((1, 2), (1, 2), 60), ["1 · 1", "1 · 2", "2 · 1", "2 · 2"]),
        ("day,store,item,v", shuffled(keyed((1, 2), "ab", 60)), None),
        (
            "day,city,depth,v",
            keyed("XY", (1.5, 2.5), 60),
            ["X · 1.5", "X · 2.5", "Y · 1.5", "Y · 2.5"],
        ),
    ],
)
def test_two_columns_that_say_whose_a_row_is_make_a_series_of_each_combination(
    head: str, rows: list[str], entities: list[str] | None
) -> None:
    found = read(head, rows)
    assert len(found.entities) == 4
    assert entities is None or list(found.entities) == entities
    for entity in found.entities:
        frame = found.frame_of(entity)
        assert frame.index.is_unique
        assert len(set(frame["v"] // 1000)) == 1


def test_series_of_which_only_some_lie_beside_each_other_are_told_apart() -> None:
    spans = (("old", "2010-01-01", 300), ("a", "2020-01-01", 60), ("b", "2020-01-01", 70))
    found = read(
        "day,shop,v",
        [f"{d},{e},{i}" for e, first, n in spans for i, d in enumerate(days(n, first))],
    )
    assert [len(found.frame_of(each)) for each in found.entities] == [300, 60, 70]


@pytest.mark.parametrize("order", [shuffled, sorted, list], ids=["shuffled", "by day", "blocks"])
@pytest.mark.parametrize("twice", [0, 1])
def test_neither_the_order_of_rows_nor_one_that_is_there_twice_mixes_series(
    order: Callable[[list[str]], list[str]], twice: int
) -> None:
    rows = panel("ABC", 12)
    found = read("day,shop,v", order([*rows, *rows[4 : 4 + twice]]))
    assert sorted(found.entities) == ["A", "B", "C"]
    assert found.frame_of("A")["v"].max() < 100 < found.frame_of("B")["v"].min()
    assert len(found.frame_of("A")) == 12 + twice
    assert ("first row only" in " ".join(found.notes)) is bool(twice)


@pytest.mark.parametrize("name", ["NA", "null", "-", "none"])
def test_a_name_that_elsewhere_stands_for_nothing_is_a_name(name: str) -> None:
    found = read("day,country,v", panel(["AT", name, "NO"]))
    assert found.entities == ("AT", name, "NO")
    assert found.frame_of(name)["v"].iloc[0] == 100.5


def test_rows_without_a_name_are_left_out_or_a_series_of_their_own_and_it_is_said() -> None:
    rows = panel("ABC")
    rows[3], rows[50] = rows[3].replace("A", ""), rows[50].replace("B", "")
    few = read("day,shop,v", rows)
    assert few.entities == ("A", "B", "C")
    assert [len(few.frame_of(each)) for each in few.entities] == [39, 39, 40]
    assert "empty in 'shop', which says whose they are, left out: 2." in few.notes[0]
    many = read("day,shop,v", panel(["A", "B", ""]))
    assert many.entities == ("A", "B", "(empty)")
    assert "40. They are read as a series of their own, '(empty)'." in many.notes[0]


@pytest.mark.parametrize(
    ("head", "rows", "entity"),
    [
        ("day,code,v", panel([101, 102, 103]), "code"),
        ("day,depth,v", sorted(panel([1.5, 2.5])), "depth"),
        ("day,period,v", sorted(panel(range(1, 49), 5)), ""),
        ("day,hour,v", sorted(panel((0, 6), 20)), ""),
        ("day,obs,v", sorted(panel((0, 6, 12, 18), 20)), ""),
        ("day,level,v", [f"{d},{i % 7 % 3},{i}" for i, d in enumerate(sorted(2 * days(60)))], ""),
        (
            "day,weekday,v",
            shuffled([f"{d},{'MTWRFSU'[i % 7]},{i}" for i, d in enumerate(days(70))]),
            "",
        ),
        (
            "day,weekday,v",
            [f"{d},{'MTWRFSU'[i % 7]},{i}" for i, d in enumerate(sorted([*days(120), days(9)[8]]))],
            "",
        ),
    ],
)
def test_numbers_say_whose_a_row_is_where_they_and_the_times_make_a_full_grid(
    head: str, rows: list[str], entity: str
) -> None:
    assert read(head, rows).layout["entity"] == entity


def test_blocks_of_words_without_a_time_are_series_or_a_question() -> None:
    rows = [f"{e},{b + 10 * i}" for e, b in (("u", 1), ("v", 2)) for i in range(30)]
    named, unnamed = read("subject,x", rows), read("k,x", rows)
    assert named.entities == ("u", "v")
    assert unnamed.entities == ()
    assert "'k' is the same over blocks of rows" in " ".join(unnamed.notes)
    mixed = read("k,x", [*rows, "u,5"])
    assert not mixed.entities
    assert "over blocks of rows" not in " ".join(mixed.notes)


def test_series_one_after_the_other_are_told_apart_where_a_pause_lies_between_them() -> None:
    a, b = ([f"{d},{e},{i}.5" for i, d in enumerate(days(30, first))]
            for e, first in (("A", "2020-01-01"), ("B", "2020-06-01")))  # fmt: skip
    found = read("day,machine,v", [*a, *b])
    assert found.entities == ("A", "B") and len(found.frame_of("A")) == 30
    on = read(
        "day,machine,v", [*a, *(f"{d},B,{i}.5" for i, d in enumerate(days(30, "2020-01-31")))]
    )
    assert on.entities == () and "'machine' is the same over blocks of rows" in " ".join(on.notes)
    phase = read("day,phase,v", [*a, *b])
    assert phase.entities == () and "over blocks" not in " ".join(phase.notes)


def test_what_several_sensors_log_in_turn_is_a_series_of_each() -> None:
    moments = pd.date_range("2020-01-01", periods=60, freq="61s")
    rows = [f"{d:%F %T},{'ab'[k % 3 % 2]},{20 + k % 3 % 2 * 100}.5" for k, d in enumerate(moments)]
    found = read("time,sensor,v", rows)
    assert found.entities == ("a", "b")
    assert set(found.frame_of("b")["v"]) == {120.5} and len(found.frame_of("a")) == 40
    assert read("time,weather,v", rows).entities == (), "what changes with time is no sensor"


def test_what_changes_from_row_to_row_is_a_question_where_the_values_are_told_apart_by_it() -> None:
    moments = pd.date_range("2020-01-01", periods=60, freq="61min")

    def said(head: str, words: str, step: int) -> bool:
        rows = [
            f"{d:%F %T},{w},{20 + k % 5 + step * (w == 'a')}.5"
            for k, d in enumerate(moments)
            for w in [words.split()[k % len(words.split())]]
        ]
        found = read(head, rows)
        assert found.entities == ()
        return "changes from row to row" in " ".join(found.notes)

    assert said("time,ort,v", "a b", 50) and said("time,id,v", "a b", 0)
    assert said("time,where,v", "a b b a a b", 50) and not said("time,where,v", "a b b a a b", 0)
    assert not said("time,state,v", "on off", 50)


def test_sensors_that_log_as_they_change_are_series_though_two_log_in_one_second() -> None:
    days = pd.date_range("2020-01-01", periods=60, freq="61s")
    rows = [f"{d:%F %T},{'ab'[k % 3 % 2]},{20 + k % 3 % 2 * 100}.5" for k, d in enumerate(days)]
    rows.insert(1, rows[0].replace(",a,", ",b,"))
    assert read("time,entity_id,v", rows).entities == ("a", "b")


def test_years_that_begin_anew_with_each_country_are_moments_and_no_targets() -> None:
    spans = (("Nepal", 1960), ("Peru", 1970), ("Iran", 1950))
    rows = [f"{c},{y},{y % 7}.5" for c, first in spans for y in range(first, 2000)]
    found = read("country,year,v", rows)
    assert found.entities == ("Nepal", "Peru", "Iran")
    assert found.frame_of("Peru").index.year.tolist() == list(range(1970, 2000))
    assert set(found.proposed) == {"Nepal", "Iran"}, "of Peru a third is missing beside the others"
    alone = read("lot,year,v", [f"a{k},{1990 + k % 7},{k}.5" for k in range(30)])
    assert not alone.entities and not isinstance(alone.frame.index, pd.DatetimeIndex)


def test_what_only_says_when_is_no_target_in_a_series_nor_beside_others() -> None:
    months = pd.date_range("2015-01-01", periods=40, freq="MS")
    rows = [f"{d.year},{d.month},{d.year + (d.month - 0.5) / 12:.4f},{d.month % 5}.5"
            for d in months]  # fmt: skip
    assert read("year,month,decimal date,average", rows).proposed == ("average",)
    closed = [f"{d:%F},{d.month % 5}.5,{int(d.timestamp()) * 1000 + 999}" for d in months]
    assert read("open,price,close_time", closed).proposed == ("price",)
    hours = [f"{d},{i % 24 + 1},{i % 128},{i % 5}.5" for i, d in enumerate(days(200))]
    assert read("day,OPR_HR,COUNTER,MW", hours).proposed == ("MW",)
    weekdays = [f"{d},{e},{i % 7},{i * i * k}.5" for k, e in ((1, "x"), (2, "y"))
                for i, d in enumerate(days(40))]  # fmt: skip
    assert read("day,shop,DayOfWeek,sales", weekdays).proposed == ("sales x", "sales y")
