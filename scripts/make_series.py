"""Write the shipped series from their sources: `python -m scripts.make_series`.

The numbers come from the data sets bundled with statsmodels (public domain) and with plotly (MIT).
statsmodels is needed for this alone, and only its files: either `pip install --no-deps
statsmodels`, or unpack its wheel and name the folder: `python -m scripts.make_series FOLDER`.
"""

import csv
import sys
from importlib.util import find_spec
from pathlib import Path

from lstm_viz.files import SERIES

Row = list[str]


def main() -> None:
    folder = Path(sys.argv[1]) if sys.argv[1:] else package("statsmodels").parent
    data = folder / "statsmodels" / "datasets"
    SERIES.mkdir(parents=True, exist_ok=True)
    write("sunspots", ["year", "sunspots"], [[y, tidy(n)] for y, n in bundled(data, "sunspots")])
    write("nile", ["year", "flow"], [[y, tidy(n)] for y, n in bundled(data, "nile")])
    write("co2", ["date", "co2"], [[iso(day), tidy(n)] for day, n in bundled(data, "co2")])
    names, *rows = stocks()
    write("stocks", names, [[row[0], *(f"{float(n):.6g}" for n in row[1:])] for row in rows])


def package(name: str) -> Path:
    """A package's folder, found without importing it, and so without SciPy."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is missing: pip install --no-deps {name}")
    return Path(spec.origin).parent


def bundled(data: Path, name: str) -> list[Row]:
    with (data / name / f"{name}.csv").open(newline="") as file:
        return list(csv.reader(file))[1:]


def stocks() -> list[Row]:
    import plotly.data

    frame = plotly.data.stocks()
    return [list(frame.columns), *([str(cell) for cell in row] for row in frame.to_numpy())]


def tidy(number: str) -> str:
    """A number at its shortest; nothing stays nothing."""
    return f"{float(number):g}" if number.strip() else ""


def iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def write(name: str, names: Row, rows: list[Row]) -> None:
    target = SERIES / f"{name}.csv"
    target.write_text("\n".join(",".join(row) for row in [names, *rows]) + "\n")
    print(f"{target.name}: {len(rows)} rows, {rows[0][0]} to {rows[-1][0]}")


if __name__ == "__main__":
    main()
