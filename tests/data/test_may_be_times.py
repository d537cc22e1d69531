"""What a reader says of columns that may say when, or how long something took."""

from collections.abc import Callable

import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from tests.data.kinds.kind import DAYS, lines


@pytest.mark.parametrize(
    ("name", "clock", "doubtful"),
    [
        ("Time", lambda k: f"00:{28 + 7 * k % 9}:{k:02}", True),
        ("Zeit", lambda k: f"01:{28 + 7 * k % 9}:{k:02}", True),
        ("Time", lambda k: f"{k % 9 + 1}", True),
        ("Uhrzeit", lambda k: f"07:{k:02}", False),
        ("Time (UTC)", lambda k: f"07:{k:02}", False),
        ("Time", lambda k: "08:00", False),
    ],
)
@pytest.mark.parametrize("twice", [0, 1])
def test_times_beside_dates_that_are_there_once_may_be_how_long_something_took(
    name: str, clock: Callable[[int], str], doubtful: bool, twice: int
) -> None:
    rows = [f"{d:%F},{clock(k)},{k % 7}.5" for k, d in enumerate(DAYS)]
    rows += [f"{DAYS[-1]:%F},{clock(30)},1.5"] * twice
    notes = " ".join(read_bytes(lines(f"Date,{name},km", rows).encode(), "it.csv", How()).notes)
    assert (f"joined: Date + {name}. If the times are how long" in notes) == doubtful


def test_times_beside_dates_that_are_there_twice_each_are_of_the_day_without_a_word() -> None:
    rows = (f"{d:%F},{clock},{d.day}.5" for d in DAYS for clock in ("08:00", "20:00"))
    notes = read_bytes(lines("Date,Time,v", rows).encode(), "it.csv", How()).notes
    assert not [note for note in notes if "joined" in note]
