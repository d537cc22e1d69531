import csv
import json
from pathlib import Path

import numpy as np
import pytest

from lstm_viz.data import shipped
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.tables import MISSING, Missing
from lstm_viz.data.shipped import SHIPPED, load
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.files import SERIES
from tests.data.as_tables import read_table


def known(name: str, column: str, numbers: dict[object, float]) -> None:
    table = load(name)
    values = next(each.values for each in table.columns if each.name == column)
    assert table.index is not None
    for label, number in numbers.items():
        where = np.datetime64(label) if isinstance(label, str) else label
        assert values[table.index == where].tolist() == [number]


def test_sunspots_are_the_309_years_from_1700_to_2008() -> None:
    np.testing.assert_array_equal(load("sunspots").index, np.arange(1700, 2009))
    known("sunspots", "sunspot number", {1700: 5, 1712: 0, 1778: 154.4, 1957: 190.2, 2008: 2.9})


def test_the_nile_is_the_100_years_from_1871_to_1970() -> None:
    np.testing.assert_array_equal(load("nile").index, np.arange(1871, 1971))
    known("nile", "annual flow (10⁸ m³)", {1871: 1120, 1913: 456, 1916: 1120, 1970: 740})
    flow = load("nile").columns[0].values
    assert flow[:27].mean() - flow[28:].mean() > 200  # it drops in 1898


def test_co2_is_every_saturday_with_59_of_them_missing() -> None:
    table = load("co2")
    assert table.index is not None
    assert set(np.diff(table.index)) == {np.timedelta64(7, "D")}
    assert np.isnan(table.columns[0].values).sum() == table.columns[0].missing == 59
    known("co2", "CO2 (ppmv)", {"1958-03-29": 316.1, "2001-12-29": 371.5})


def test_stocks_are_six_columns_that_begin_at_one() -> None:
    table = load("stocks")
    assert [column.name for column in table.columns] == list(SHIPPED["stocks"].columns)
    assert {column.values[0] for column in table.columns} == {1}
    known("stocks", "AAPL", {"2019-12-30": 1.678})


@pytest.mark.parametrize("name", [name for name, each in SHIPPED.items() if each.season])
def test_a_season_is_the_period_that_the_numbers_have(name: str) -> None:
    season = SHIPPED[name].season
    assert season is not None
    values = series_from(load(name), SHIPPED[name].target).values[:, 0]
    rows = np.arange(len(values))
    rest = values - np.polynomial.Polynomial.fit(rows, values, 2)(rows)
    longest = len(values) // (2 * season)  # cycles; what is slower is the trend
    cycles = longest + np.abs(np.fft.rfft(rest))[longest:].argmax()
    assert len(values) / cycles == pytest.approx(season, rel=0.05)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_uploaded_again_is_the_same_table(name: str) -> None:
    again = read_table((SERIES / f"{name}.csv").read_bytes(), f"{name}.csv")
    table = load(name)
    np.testing.assert_array_equal(again.index, table.index)
    for read, column in zip(again.columns, table.columns, strict=True):
        np.testing.assert_array_equal(read.values, column.values)


@pytest.mark.parametrize("missing", MISSING)
def test_the_missing_weeks_are_treated_as_chosen(missing: Missing) -> None:
    series = series_from(load("co2"), SHIPPED["co2"].target, missing=missing)
    assert len(series.values) == (2284 - 59 if missing == "drop" else 2284)
    assert np.isfinite(series.values).all()
    assert "59 of the 2,284 values" in str(series.note)


def test_every_shipped_file_has_its_source_written_down() -> None:
    sources = (SERIES / "SOURCES.md").read_text()
    assert {path.stem for path in SERIES.glob("*.csv")} == set(SHIPPED)
    for name, each in SHIPPED.items():
        assert f"`{name}.csv`" in sources
        assert str(load(name).facts[0]) == each.note
        assert "public domain" in each.note or "MIT" in each.note


def test_stocks_are_what_plotly_brings() -> None:
    from plotly.data import stocks

    frame = stocks()
    for column in load("stocks").columns:
        np.testing.assert_allclose(column.values, frame[column.name], rtol=1e-5)


def test_the_files_are_small_and_hold_plain_numbers() -> None:
    for path in SERIES.glob("*.csv"):
        assert path.stat().st_size < 50_000
        names, *rows = csv.reader(path.read_text().splitlines())
        assert {len(row) for row in rows} == {len(names)}
        for row in rows:
            assert all(cell == "" or json.loads(cell) is not None for cell in row[1:])


def test_a_library_without_its_assets_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shipped, "SERIES", tmp_path)
    load.cache_clear()
    with pytest.raises(DataError) as refused:
        load("sunspots")
    assert "not part of the library" in str(refused.value)


def test_an_unknown_series_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        load("moonspots")
    assert "Choose one of: sunspots, co2, nile, stocks" in str(refused.value)
