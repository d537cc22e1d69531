"""InfluxDB's line protocol: a measurement with tags, fields and a moment in each line."""

import re
from typing import Any

from lstm_viz.data.reading.ceilings import MAX_VALUES, check_table
from lstm_viz.data.reading.found import Found
from lstm_viz.data.reading.structure.rows import framed

_WORD = r"(?:\\.|[^\\,= \n])+"
_VALUE = r'(?:"(?:\\.|[^"\\])*"|[^", \n]+)'
_FIELDS = rf"{_WORD}={_VALUE}(?:,{_WORD}={_VALUE})*"
LINE = re.compile(
    rf"(?P<measurement>(?:\\.|[^\\, \n#])(?:\\.|[^\\, \n])*)(?P<tags>(?:,{_WORD}={_WORD})*)"
    rf" (?P<fields>{_FIELDS})(?: (?P<time>-?\d+))?[ \r]*"
)
PAIR = re.compile(rf"({_WORD})=({_VALUE})")
SAMPLE_LINES, SAMPLE_LETTERS = 50, 2**16


def is_line_protocol(text: str) -> bool:
    """Whether the first lines, remarks apart, are all written in it.

    >>> is_line_protocol("weather,at=a t=20.5,h=40i 1700000000000000000"), is_line_protocol("a=1")
    (True, False)
    """
    lines = [line for line in text[:SAMPLE_LETTERS].split("\n") if _is_told(line)][:SAMPLE_LINES]
    lines = lines[:-1] if len(text) > SAMPLE_LETTERS and len(lines) < SAMPLE_LINES else lines
    return bool(lines) and all(LINE.fullmatch(line) for line in lines)


def read_lines(text: str, filename: str) -> Found:
    """The points as a table: their time, what they were measured of, their tags and fields."""
    names: dict[str, None] = dict.fromkeys(("time", "measurement"))
    records: list[dict[str, Any]] = []
    for line in filter(_is_told, text.split("\n")):
        found = LINE.fullmatch(line)
        if found is None:
            continue
        record: dict[str, Any] = {"measurement": _plain(found["measurement"])}
        record["time"] = int(found["time"]) if found["time"] else None
        record |= {_plain(name): _plain(cell) for name, cell in PAIR.findall(found["tags"])}
        record |= {_plain(name): _value(cell) for name, cell in PAIR.findall(found["fields"])}
        names |= dict.fromkeys(record)
        records.append(record)
        check_table(filename, len(records), len(names), MAX_VALUES)
    kept = [name for name in names if name != "measurement" or len({r[name] for r in records}) > 1]
    columns = [[record.get(name) for record in records] for name in kept]
    return Found(framed(columns), tuple(kept))


def _is_told(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word)


def _value(cell: str) -> Any:
    if cell.startswith('"'):
        return _plain(cell[1:-1])
    try:
        return float(cell.rstrip("iu"))
    except ValueError:
        return cell.lower() in ("t", "true")
