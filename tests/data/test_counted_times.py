"""Times that are counted from a day, or tell their zone: which day, and whose clock."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.reading import Reading
from tests.data.hostile.hdf_files import hdf
from tests.data.kinds.kind import HOURS, V

IN_UTC = "are given in UTC."


def read(data: bytes | str, name: str = "it.csv", **how: Any) -> Reading:
    return read_bytes(data.encode() if isinstance(data, str) else data, name, How.of(how))


@pytest.mark.parametrize("zone", ["+01:00", "-6", "", "Z", "UTC", "+00:00"])
def test_times_that_count_from_a_moment_in_another_zone_are_said_to_be_in_utc(zone: str) -> None:
    def counted(file: Any) -> None:
        file["time"] = np.arange(len(V)) * 1.0
        file["time"].attrs["units"] = f"hours since 2000-01-01 00:00 {zone}"
        file["v"] = V

    notes = read(hdf(counted), "it.h5").notes
    said = [f"The times in 'time' count 'hours since 2000-01-01 00:00 {zone}', and {IN_UTC}"]
    assert notes == (said if zone in ("+01:00", "-6") else [])


@pytest.mark.parametrize(("zone", "hours"), [("+02:00", 2), ("Z", 0), ("", 0)])
def test_dates_in_words_that_tell_a_zone_are_said_to_be_in_utc(zone: str, hours: int) -> None:
    def zoned(file: Any) -> None:
        file["when"] = [f"{d:%FT%R}{zone}" for d in HOURS]
        file["v"] = V

    found = read(hdf(zoned), "it.h5")
    assert found.frame.index[0] == HOURS[0] - pd.Timedelta(hours=hours)
    said = [f"The times in 'when' tell their zone, and {IN_UTC}"]
    assert [note for note in found.notes if "UTC" in note] == (said if zone else [])


@pytest.mark.parametrize(
    ("head", "first", "moment", "kind"),
    [
        ("MJD", 60004, "2023-03-01", "modified Julian days"),
        ("time_mjd", 60004.5, "2023-03-01 12:00", "modified Julian days"),
        ("Modified Julian Date", 51544, "2000-01-01", "modified Julian days"),
        ("date", 44986, "2023-03-01", "Excel days"),
        ("JD", 2460004.5, "2023-03-01", "Julian days"),
        ("MJD", 1677628800, "2023-03-01", "epoch seconds"),
    ],
)
def test_days_are_counted_from_where_the_column_s_name_says(
    head: str, first: float, moment: str, kind: str
) -> None:
    """60004 and 44986: the day of the Julian day number 2460004.5, and what Excel shows."""
    step = 86400 if first > 1e9 else 1
    text = f"{head},v\n" + "".join(f"{first + step * k},{v}\n" for k, v in enumerate(V))
    found = read(text)
    assert found.frame.index[0].tz_localize(None) == pd.Timestamp(moment)
    assert any(f"read as moments: {kind}." in note for note in found.notes), found.notes
    told = read(text, time=found.layout["time"])
    pd.testing.assert_frame_equal(told.frame, found.frame)
