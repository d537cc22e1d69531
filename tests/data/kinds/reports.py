"""Reports of offices: sums above, days written once, hours across, magnitudes in words."""

import json

import pandas as pd

from tests.data.kinds.kind import (
    DAYS,
    HOURS,
    IN_HOURS,
    IN_MONTHS,
    IN_ORDER,
    MONTHS,
    ROWS,
    Kind,
    V,
    W,
    both,
    daily,
    lines,
    monthly,
    stamped,
)

IN_QUARTERS = ("2000-01-01", "2007-04-01")
ROMAN = ["I", "II", "III", "IV"]
SEASONS = [("DJFMAMJJASOND" + "J")[k : k + 3] for k in range(12)]
EIGHTS = pd.date_range("2021-03-25", periods=ROWS, freq="8h")
IN_EIGHTS = ("2021-03-25 00:00", "2021-04-03 16:00")
ACROSS = "Each row is a day and each column a part of it"


def seconds(moments: pd.DatetimeIndex) -> list[int]:
    return [int(d.timestamp()) for d in moments]


def pairs(values: list[float], scale: int = 1000) -> list[list[float]]:
    return [[s * scale, v] for s, v in zip(seconds(DAYS), values, strict=True)]


def cube(values: object, version: int) -> str:
    index = {f"{d:%YM%m}": at for at, d in enumerate(MONTHS)}
    sides = {
        "time": {"category": {"index": index}},
        "what": {"label": "what", "category": {"label": {"k": "rate"}}},
    }
    facts = {"id": ["what", "time"], "size": [1, ROWS]}
    if version == 1:
        return json.dumps({"x": {"value": values, "dimension": {**sides, **facts}}})
    return json.dumps({"class": "dataset", **facts, "dimension": sides, "value": values})


REPORTS = [
    Kind(
        "a sum right below the names",
        lines("Day,v,w", "Total,500,9000", stamped(DAYS, both)),
        *IN_ORDER,
        {"v": V[0], "w": W[0]},
        ["Rows between the names and the data were left out: 1, the first of them 'Total 500"],
    ),
    Kind(
        "two sums right below names, of rows without dates, and decimal commas",
        lines(
            "Name;v;w",
            "Summe;500,5;9000,5",
            "Mittel;5,5;90,5",
            (f"r{k};{v};{w}".replace(".", ",") for k, (v, w) in enumerate(zip(V, W, strict=True))),
        ),
        "",
        "",
        {"v": V[0], "w": W[0]},
        ["Rows between the names and the data were left out: 2, the first of them 'Summe"],
    ),
    Kind(
        "a day on the first row of its clocks only",
        lines(
            "day;time;v",
            stamped(EIGHTS, lambda d, v, w: f"{f'{d:%d.%m.%Y}' * (d.hour == 0)};{d:%R};{v}"),
        ),
        *IN_EIGHTS,
        {"v": V[0]},
        ["'day' is written on the first row of each block only: the empty cells below, 20"],
    ),
    Kind(
        "a day on the first row of its hours only",
        lines(
            "day,hour,v",
            stamped(EIGHTS, lambda d, v, w: f"{f'{d:%F}' * (not d.hour)},{d.hour},{v}"),
        ),
        *IN_EIGHTS,
        {"v": V[0]},
        ["on the first row of each block only"],
    ),
    monthly(
        "a year on the first row of its months only",
        "Year,Month,v",
        lambda d, v, w: f"{str(d.year) * (d.month == 1)},{d:%b},{v}",
        notes=["on the first row of each block only"],
    ),
    *(
        Kind(
            f"a row a day and a column an hour, as {head[0]} to {head[-1]}",
            lines(
                f"Datum;{';'.join(head)};Total",
                stamped(
                    DAYS, lambda d, v, w: f"{d:%d.%m.%Y};" + ";".join(f"{v + k}" for k in range(25))
                ),
            ),
            "2021-03-25 00:00",
            "2021-04-23 23:00",
            {"value": V[0]},
            [ACROSS, f"'{head[0]}' at 00:00", "sum up others were left out: 'Total'"],
            rows=24 * ROWS,
        )
        for head in (
            [f"h{k}" for k in range(1, 25)],
            [f"{k:02}:00" for k in range(24)],
            [f"{k}" for k in range(24)],
        )
    ),
    *(
        daily(
            f"numbers in {unit}",
            "day;v",
            lambda d, v, w, unit=unit: f"{d:%F};{v}{unit}",
            columns={"v": V[0] * scale},
        )
        for unit, scale in (
            ("億円", 1e8),
            ("百万円", 1e6),
            ("万人", 1e4),
            (" Mio. €", 1e6),
            (" млн руб.", 1e6),
            (" billion USD", 1e9),
            (" thousand t", 1e3),
        )
    ),
    *(
        Kind(
            f"quarters in Roman digits, as in {form.format(y=2000, q='II')}",
            lines(
                "q;v",
                (f"{form.format(y=2000 + k // 4, q=ROMAN[k % 4])};{v}" for k, v in enumerate(V)),
            ),
            *IN_QUARTERS,
            {"v": V[0]},
        )
        for form in ("{q} {y}", "{q}/{y}", "{y}-{q}")
    ),
    Kind(
        "quarters in Roman digits beside years",
        lines("Year;Quarter;v", (f"{2000 + k // 4};{ROMAN[k % 4]};{v}" for k, v in enumerate(V))),
        *IN_QUARTERS,
        {"v": V[0]},
    ),
    monthly(
        "seasons of three months beside years, as of El Niño",
        "SEAS   YR  TOTAL  ANOM",
        lambda d, v, w: f"{SEASONS[d.month - 1]}  {d.year}  {v:6.2f} {w:7.1f}",
        columns={"TOTAL": V[0], "ANOM": W[0]},
        file="oni.txt",
    ),
    monthly(
        "seasons of three months and their year in a word",
        "s,v",
        lambda d, v, w: f"{SEASONS[d.month - 1]} {d.year},{v}",
        notes=["stand at the middle one of their three months"],
    ),
    Kind(
        "Microsoft's dates in JSON",
        json.dumps(
            [{"when": f"/Date({s}000)/", "v": v} for s, v in zip(seconds(DAYS), V, strict=True)]
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["the zone UTC"],
        "it.json",
    ),
    Kind(
        "Microsoft's dates in JSON with their zone",
        json.dumps(
            [
                {"when": f"/Date({s}000+0900)/", "v": v}
                for s, v in zip(seconds(DAYS), V, strict=True)
            ]
        ),
        "2021-03-25 09:00",
        "2021-04-23 09:00",
        {"v": V[0]},
        ["the zone +09:00"],
        "it.json",
    ),
    Kind(
        "CoinGecko: pairs under names",
        json.dumps({"prices": pairs(V), "total_volumes": pairs(W)}),
        *IN_ORDER,
        {"prices": V[0], "total_volumes": W[0]},
        file="it.json",
    ),
    Kind(
        "Prometheus: pairs with labels",
        json.dumps(
            {
                "data": {
                    "result": [
                        {"metric": {"__name__": "up", "job": job}, "values": pairs(values, 1)}
                        for job, values in (("a", V), ("b", W))
                    ]
                }
            }
        ),
        *IN_ORDER,
        {"up · a": V[0], "up · b": W[0]},
        file="it.json",
    ),
    Kind(
        "Grafana: pairs turned round, with a target each",
        json.dumps(
            [
                {"target": name, "datapoints": [pair[::-1] for pair in pairs(values)]}
                for name, values in (("cpu", V), ("mem", W))
            ]
        ),
        *IN_ORDER,
        {"cpu": V[0], "mem": W[0]},
        file="it.json",
    ),
    Kind("JSON-stat 2", cube(V, 2), *IN_MONTHS, {"rate": V[0]}, file="it.json"),
    Kind(
        "JSON-stat 1, its values by their places",
        cube({str(k): v for k, v in enumerate(V)}, 1),
        *IN_MONTHS,
        {"rate": V[0]},
        file="it.json",
    ),
    Kind(
        "InfluxDB's line protocol",
        lines(
            "# DML",
            (
                f'air,at=roof\\ 1 t={v},h={int(w)}i,said="x, y=z" {s}000000000'
                for s, v, w in zip(seconds(HOURS), V, W, strict=True)
            ),
        ),
        *IN_HOURS,
        {"t": V[0], "h": int(W[0])},
        ["epoch nanoseconds", "Left out of the table: 'at', 'said'"],
        "it.txt",
    ),
]
