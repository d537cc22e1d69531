from pathlib import Path

import numpy as np
import pytest

from lstm_viz.data import shipped
from lstm_viz.data.reading import read_csv
from lstm_viz.data.shipped import FOLDER, SHIPPED, load
from lstm_viz.errors import ConfigError, DataError


def test_sunspots_are_the_309_years_from_1700_to_2008() -> None:
    series = load("sunspots")
    assert series.index is not None
    np.testing.assert_array_equal(series.index, np.arange(1700, 2009))
    numbers = series.column("sunspot number")
    known = {1700: 5, 1712: 0, 1778: 154.4, 1957: 190.2, 2008: 2.9}
    assert {year: numbers[year - 1700] for year in known} == known


def test_sunspots_come_back_about_every_eleven_years() -> None:
    numbers = load("sunspots").values[:, 0]
    spectrum = np.abs(np.fft.rfft(numbers - numbers.mean()))
    assert len(numbers) / spectrum.argmax() == pytest.approx(11, abs=0.3)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_uploaded_again_is_the_same_series(name: str) -> None:
    table = read_csv((FOLDER / f"{name}.csv").read_bytes(), f"{name}.csv")
    series = load(name)
    (column,) = table.columns
    np.testing.assert_array_equal(column.values, series.values[:, 0])
    np.testing.assert_array_equal(table.index, series.index)


def test_every_shipped_file_has_its_source_written_down() -> None:
    sources = (FOLDER / "SOURCES.md").read_text()
    assert {path.stem for path in FOLDER.glob("*.csv")} == set(SHIPPED)
    assert all(f"`{name}.csv`" in sources for name in SHIPPED)
    assert all(series.note is not None for series in map(load, SHIPPED))


def test_a_library_without_its_assets_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    with pytest.raises(DataError) as refused:
        load("sunspots")
    assert "not part of the library" in str(refused.value)


def test_an_unknown_series_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        load("moonspots")
    assert "Choose one of: sunspots" in str(refused.value)
