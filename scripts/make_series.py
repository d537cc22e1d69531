"""Write the shipped series from their sources: `python -m scripts.make_series`.

The numbers come from the public-domain data sets bundled with statsmodels, which is needed for
this alone: `pip install --no-deps statsmodels`.
"""

import csv
from importlib.util import find_spec
from pathlib import Path

from lstm_viz.data.shipped import FOLDER


def main() -> None:
    spec = find_spec("statsmodels")  # finds it without importing it, and so without SciPy
    if spec is None or spec.origin is None:
        raise SystemExit("statsmodels is missing: pip install --no-deps statsmodels")
    source = Path(spec.origin).parent / "datasets" / "sunspots" / "sunspots.csv"
    with source.open(newline="") as file:
        rows = [(int(year), float(number)) for year, number in list(csv.reader(file))[1:]]
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / "sunspots.csv"
    lines = ["year,sunspots", *(f"{year},{number:g}" for year, number in rows)]
    target.write_text("\n".join(lines) + "\n")
    print(f"{target.name}: {len(rows)} rows, {rows[0][0]} to {rows[-1][0]}")


if __name__ == "__main__":
    main()
