"""Dialects of several kinds at once: a maker's head, numbers and dates."""

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
    daily,
    hourly,
    lines,
    monthly,
    stamped,
)


def german(number: float) -> str:
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


IN_GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
EIGHTS = pd.date_range("2021-03-25 06:00", periods=ROWS, freq="8h")
ACROSS = ("2021-03-25 00:00", "2021-04-23 23:00")

MIXED = [
    Kind(
        "the last day's date once for three clocks, in words",
        lines(
            "Datum;Uhrzeit;v",
            stamped(
                EIGHTS,
                lambda d, v, w: f"{f'{d:%d.%m.%Y}' * (d.hour == 6)};{d:%H} Uhr;{german(v)}",
            ),
        ),
        "2021-03-25 06:00",
        "2021-04-03 22:00",
        {"v": V[0]},
        ["on the first row of each block only"],
    ),
    daily(
        "year, month and day, each written once",
        "Year,Month,Day,v",
        lambda d, v, w: (
            f"{'2021' * (d == DAYS[0])},{d:%b},{d.day},{v}"
            if d in (DAYS[0], DAYS[7])
            else f",,{d.day},{v}"
        ),
        notes=["'Year' is written on the first row", "'Month' is written on the first row"],
    ),
    daily(
        "a sum below each week, of a tenth of the rows and more",
        "Tag;kWh",
        lambda d, v, w: f"{d:%d.%m.%Y};{german(v)}" + "\nSumme;99,00" * (d.day_of_week == 6),
        columns={"kWh": V[0]},
        notes=["Rows that sum up others were left out: 4, the first 'Summe 99"],
    ),
    Kind(
        "KNMI: a remark that says nothing below the names",
        lines(
            "SOURCE: KNMI",
            "# STN,YYYYMMDD,   HH,   TG",
            "#",
            stamped(HOURS, lambda d, v, w: f"  260,{d:%Y%m%d},{d.hour:5},{int(w):5}"),
        ),
        *IN_HOURS,
        {"STN": 260, "TG": int(W[0])},
        file="it.txt",
    ),
    daily(
        "names of two words above columns that spaces separate",
        "day         water level",
        lambda d, v, w: f"{d:%F}  {v}",
        columns={"water level": V[0]},
        file="it.txt",
    ),
    hourly(
        "Japanese hours right behind the day",
        "日時;値",
        lambda d, v, w: f"{d.year}年{d:%m}月{d:%d}日{d:%H}時;{v}",
        columns={"値": V[0]},
    ),
    daily(
        "a currency before the brackets of an accountant",
        'day,"P&L"',
        lambda d, v, w: f'{d:%m/%d/%Y},"$({w:,.2f})"',
        columns={"P&L": -W[0]},
    ),
    Kind(
        "dates side by side, decimal commas and thousands below",
        lines(
            f"Reihe;{';'.join(f'{d:%d.%m.%Y}' for d in DAYS)}",
            *(f"{name};{';'.join(map(german, each))}" for name, each in (("A", V), ("B", W))),
        ),
        *IN_ORDER,
        {"A": V[0], "B": W[0]},
        ["stand side by side"],
    ),
    *(
        Kind(
            f"a row a day and a column a part of it, from {head[0]} on",
            lines(
                f"Date,{','.join(head)}",
                stamped(DAYS, lambda d, v, w, head=head: f"{d:%F}" + f",{v}" * len(head)),
            ),
            ACROSS[0],
            ACROSS[1][:-2] + last,
            {"value": V[0]},
            [f"'{head[0]}' at 00:00"],
            rows=len(head) * ROWS,
        )
        for head, last in (
            ([f"{(k - 1) % 12 + 1}:00 {'AP'[k // 12]}M" for k in range(24)], "00"),
            ([f"SP{k}" for k in range(1, 49)], "30"),
            ([f"{m // 60:02}:{m % 60:02}-{m // 60:02}:59" for m in range(0, 1440, 15)], "45"),
        )
    ),
    Kind(
        "a brand that is called Total",
        lines("brand;v", [f"{name};{v}" for name, v in zip("ABCD", V, strict=False)], "Total;3"),
        "",
        "",
        {"v": V[0]},
        rows=5,
    ),
    daily(
        "provisional dates at the end",
        "date;v",
        lambda d, v, w: f"{d:%F}{' p' * (d.month == 4)};{v}",
        notes=["Marks behind dates of 'date' were left out: 23, the first '2021-04-01 p'"],
    ),
    daily(
        "four dates that are missing",
        "date;v",
        lambda d, v, w: f"{f'{d:%F}' * (d.day % 7 != 0)};{v}",
        notes=["Rows without a date that can be read were left out: 4"],
        rows=ROWS - 4,
    ),
    Kind(
        "dates of which half are missing",
        lines("date;v", stamped(DAYS, lambda d, v, w: f"{f'{d:%F}' * (d.day % 2)};{v}")),
        "",
        "",
        {"v": V[0]},
        ["'date' does not say when: in 14 of 30 rows"],
    ),
    hourly(
        "hours that are called by their end",
        "Date,HE,v",
        lambda d, v, w: f"{d:%F},{d.hour + 1},{v}",
        notes=["'HE' is when an hour ends: 1 is the one from 00:00"],
    ),
    *(
        daily(
            f"24 columns that are no hours: {head[0]}",
            f"Date,{','.join(head)}",
            lambda d, v, w: f"{d:%F}" + f",{v},{w}" * 12,
            columns={name: (V[0], W[0])[k % 2] for k, name in enumerate(head)},
        )
        for head in ([f"V{k}" for k in range(1, 25)], [f"{k}" for k in range(1, 25)])
    ),
    Kind(
        "the World Bank: pages beside the records",
        json.dumps(
            [
                {"page": 1, "pages": 1},
                [
                    {"date": str(d.year), "value": v}
                    for d, v in zip(pd.date_range("1990", periods=ROWS, freq="YS"), V, strict=True)
                ][::-1],
            ]
        ),
        "1990",
        "2019",
        {"value": V[0]},
        file="it.json",
    ),
    Kind(
        "a sentence above names, and units over the last columns, as the Met Office writes",
        lines(
            "Durham",
            "Estimated data is marked with a * after the value.",
            "   yyyy  mm   tmax    rain     sun",
            "              degC      mm   hours",
            stamped(MONTHS, lambda d, v, w: f"   {d:%Y}  {d.month:2}  {v:6}  {w:6}   {v:6}"),
        ),
        *IN_MONTHS,
        {"tmax": V[0], "rain": W[0], "sun": V[0]},
        file="it.txt",
    ),
    daily(
        "kelvin right behind numbers",
        "day,t",
        lambda d, v, w: f"{d:%F},{260 + v}K",
        columns={"t": 260 + V[0]},
    ),
    daily(
        "thousands right behind numbers",
        "day,n",
        lambda d, v, w: f"{d:%F},{20 * v - 100}K",
        columns={"n": 1000 * (20 * V[0] - 100)},
    ),
    daily(
        "bytes, which are no billions",
        "day,n",
        lambda d, v, w: f"{d:%F},{int(w)} B",
        columns={"n": int(W[0])},
    ),
    daily(
        "bytes and their thousands",
        "day,n",
        lambda d, v, w: f"{d:%F},{int(w)}B" if d.day % 2 else f"{d:%F},{v} KB",
        columns={"n": int(W[0])},
        notes=["have several units: 'B' (16), 'KB' (14)"],
    ),
    hourly(
        "hours of digits in UTC, as INMET writes them",
        "Data;Hora UTC;v",
        lambda d, v, w: f"{d:%Y/%m/%d};{d:%H%M} UTC;{german(v)}",
    ),
    hourly(
        "hours from and to, as Nord Pool writes them",
        "Date,Hours,v",
        lambda d, v, w: f"{d:%d-%m-%Y},{d:%H} - {(d.hour + 1) % 24:02},{v}",
    ),
    Kind(
        "a utility of Tokyo",
        lines(
            "2021/3/25 10:00 UPDATE",
            "DATE,TIME,実績(万kW)",
            stamped(HOURS, lambda d, v, w: f"{d.year}/{d.month}/{d.day},{d.hour}:00,{v}"),
        ).encode("cp932"),
        *IN_HOURS,
        {"実績(万kW)": V[0]},
    ),
    Kind(
        "Home Assistant: a list of records for each sensor",
        json.dumps(
            [
                [
                    {"entity_id": name, "state": str(v), "last_changed": d.isoformat()}
                    for d, v in zip(DAYS, values, strict=True)
                ]
                for name, values in (("a", V), ("b", W))
            ]
        ),
        *IN_ORDER,
        {"a": V[0], "b": W[0]},
        file="it.json",
    ),
    monthly("a month and a year in digits", "month,v", lambda d, v, w: f"{d:%m%Y},{v}"),
    *(
        monthly(
            f"Destatis: a title above columns without names, the year {told}",
            "Verbraucherpreisindex\nDeutschland\n;;Index",
            lambda d, v, w, every=every: (
                f"{d.year if every or d.month == 1 else ''};{IN_GERMAN[d.month - 1]};{german(v)}"
            ),
            columns={"Index": V[0]},
        )
        for told, every in (("in each row", True), ("once", False))
    ),
]
