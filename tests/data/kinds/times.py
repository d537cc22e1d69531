"""Dates and times of day."""

import pandas as pd

from tests.data.kinds.kind import (
    DAYS,
    HOURS,
    IN_HOURS,
    IN_ORDER,
    MONTHS,
    ROWS,
    Kind,
    V,
    W,
    by_minute,
    lines,
    local,
    stamped,
)

TIMES = [
    Kind(
        "quarters",
        lines("q,v", (f"{2000 + k // 4}-Q{k % 4 + 1},{v}" for k, v in enumerate(V))),
        "2000-01-01",
        "2007-04-01",
        {"v": V[0]},
    ),
    Kind(
        "weeks",
        lines("Woche;v", (f"KW {k + 1}/2021;{v}" for k, v in enumerate(V))),
        "2021-01-04",
        "2021-07-26",
        {"v": V[0]},
    ),
    Kind(
        "days of the year in a column of their own",
        lines("year,doy,v", (f"2021,{k + 84},{v}" for k, v in enumerate(V))),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "months by name beside years",
        lines("Year,Month,v", stamped(MONTHS, lambda d, v, w: f"{d:%Y,%b},{v}")),
        "2001-01-01",
        "2003-06-01",
        {"v": V[0]},
    ),
    Kind(
        "a Japanese era and weekdays",
        lines(
            "日付,値",
            stamped(DAYS, lambda d, v, w: f"令和{d.year - 2018}年{d.month}月{d.day}日(水),{v}"),
        ),
        *IN_ORDER,
        {"値": V[0]},
    ),
    Kind(
        "24 o'clock",
        lines(
            "time;v",
            stamped(
                HOURS - pd.Timedelta("1h"),
                lambda d, v, w: f"{d:%d.%m.%Y} {d.hour + 1:02}:00;{v}",
            ),
        ),
        *IN_HOURS,
        {"v": V[0]},
    ),
    Kind(
        "DWD: hours in ten digits",
        lines("MESS_DATUM;TT", stamped(HOURS, lambda d, v, w: f"{d:%Y%m%d%H};{v:8.2f}")),
        *IN_HOURS,
        {"TT": V[0]},
    ),
    Kind(
        "a broker's day and time of day, each in digits",
        lines(
            "<TICKER>,<PER>,<DATE>,<TIME>,<CLOSE>",
            stamped(HOURS, lambda d, v, w: f"ABC,60,{d:%Y%m%d},{d:%H%M%S},{v}"),
        ),
        *IN_HOURS,
        {"<PER>": 60.0, "<CLOSE>": V[0]},
    ),
    Kind(
        "hours of a day under the name of time",
        lines("date,time,v", stamped(HOURS, lambda d, v, w: f"{d:%F},{d.hour},{v}")),
        *IN_HOURS,
        {"v": V[0]},
    ),
    Kind(
        "a station's number before a day in digits, and 99.99 for nothing",
        lines(
            "STN    YEARMODA   TEMP   PRCP",
            stamped(
                DAYS, lambda d, v, w: f"{10010:6d} {d:%Y%m%d} {v:6.2f} {99.99 if v < 9 else 0.1:6}"
            ),
        ),
        *IN_ORDER,
        {"STN": 10010.0, "TEMP": V[0], "PRCP": 0.1},
        ["99.99 is far from all other values"],
        "it.txt",
    ),
    Kind(
        "offsets that change",
        lines(
            "time,v",
            stamped(
                pd.date_range("2021-03-27 20:00", periods=ROWS, freq="h", tz="UTC"),
                lambda d, v, w: f"{d.tz_convert('Europe/Berlin').isoformat()},{v}",
            ),
        ),
        "2021-03-27 20:00",
        "2021-03-29 01:00",
        {"v": V[0]},
        ["in the zone UTC"],
    ),
    Kind(
        "an hour that is not there in spring",
        lines("time,v", stamped(local("2021-03-27 20:00", "h"), by_minute)),
        "2021-03-27 21:00",
        "2021-03-29 03:00",
        {"v": V[0]},
        ["as where clocks are put forward"],
    ),
    Kind(
        "quarters of an hour that come twice in autumn",
        lines("time,v", stamped(local("2021-10-30 22:00", "15min"), by_minute)),
        "2021-10-31 00:00",
        "2021-10-31 06:15",
        {"v": V[0]},
        ["4 dates are there more than once"],
    ),
    Kind(
        "ENTSO-E: from and to in one cell",
        lines(
            '"MTU (CET)","Price [EUR/MWh]"',
            stamped(HOURS, lambda d, v, w: f'"{d:%d.%m.%Y %R} - {d:%d.%m.%Y} 23:59","{v}"'),
        ),
        *IN_HOURS,
        {"Price [EUR/MWh]": V[0]},
    ),
    Kind(
        "HOBO: 12-hour clock, two-digit year, a count before it",
        lines(
            '"Plot Title: 123"',
            '"#","Date Time, GMT+01:00","Temp, °C"',
            stamped(HOURS, lambda d, v, w: f"{d.day % 2 + 1},{d:%m/%d/%y %I:%M:%S %p},{v},"),
        ),
        *IN_HOURS,
        {"#": 2, "Temp, °C": V[0]},
    ),
    Kind(
        "newest first",
        lines("day,v", stamped(DAYS[::-1], lambda d, v, w: f'"{d:%b} {d.day}, {d.year}",{v}')),
        *IN_ORDER,
        {"v": V[-1]},
        ["The rows were sorted by 'day'"],
    ),
    Kind(
        "half-years",
        lines("period,v", (f"{2000 + k // 2}-S{k % 2 + 1},{v}" for k, v in enumerate(V))),
        "2000-01-01",
        "2014-07-01",
        {"v": V[0]},
    ),
    Kind(
        "semesters",
        lines(
            "Semester;v",
            (
                f"{'WS' if k % 2 else 'SS'} {2000 + k // 2}{'/01' * (k % 2)};{v}"
                for k, v in enumerate(V)
            ),
        ),
        "2000-04-01",
        "2014-10-01",
        {"v": V[0]},
    ),
    Kind(
        "years and weeks in digits",
        lines(
            "yearweek,v",
            (f"{2020 + (k + 40) // 53}{(k + 40) % 53 + 1:02},{v}" for k, v in enumerate(V)),
        ),
        "2020-10-05",
        "2021-04-26",
        {"v": V[0]},
    ),
    Kind(
        "Taiwan's years",
        lines("日期,v", stamped(DAYS, lambda d, v, w: f"{d.year - 1911}/{d:%m/%d},{v}")),
        *IN_ORDER,
        {"v": V[0]},
        ["+1,911 was added to each"],
    ),
    Kind(
        "Thailand's years, and weekdays behind the day",
        lines(
            "day,v",
            stamped(DAYS, lambda d, v, w: f"{d.year + 543}年{d.month}月{d.day}日 星期三,{v}"),
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["-543 was added to each"],
    ),
    Kind(
        "hours that end, which tell the month from the day",
        lines(
            "Date,HE,v",
            stamped(
                pd.date_range("2021-03-04 20:00", periods=ROWS, freq="h"),
                lambda d, v, w: f"{d:%m/%d/%Y},{d.hour},{v}",
            ),
        ),
        "2021-03-04 20:00",
        "2021-03-06 01:00",
        {"v": V[0]},
        ["Taken: 2021-03-04 20:00"],
    ),
    Kind(
        "ISD: the parts of a date in columns without names",
        lines(stamped(HOURS, lambda d, v, w: f"{d:%Y %m %d %H}{v:8.2f}{w:8.1f}")),
        *IN_HOURS,
        {"column 5": V[0], "column 6": W[0]},
        ["read as the parts of a date: column 1 + column 2 + column 3 + column 4."],
        "it.txt",
    ),
    Kind(
        "Genesis: years and months by name, without names over them",
        lines(
            ";;index",
            stamped(MONTHS, lambda d, v, w: f"{d:%Y;%B};{v}"),
        ),
        "2001-01-01",
        "2003-06-01",
        {"index": V[0]},
    ),
    Kind(
        "years with decimals, of single days",
        lines(
            "decimal date,v",
            stamped(DAYS, lambda d, v, w: f"{d.year + (d.day_of_year - 1) / 365:.4f},{v}"),
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["broken years"],
    ),
    Kind(
        "a moment of export that is the same in each row",
        lines("updated,period,v", stamped(DAYS, lambda d, v, w: f"2021-05-01 10:00,{d:%F},{v}")),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "months and years with a point between them, beside a decimal comma",
        lines(
            "Monat;v",
            stamped(
                MONTHS,
                lambda d, v, w: f"{d:%m.%Y};{v:.2f}".replace(".", ",", 2).replace(",", ".", 1),
            ),
        ),
        "2001-01-01",
        "2003-06-01",
        {"v": V[0]},
    ),
    Kind(
        "a broker's two spaces before the time of day",
        lines("date,v", stamped(HOURS, lambda d, v, w: f"{d:%Y%m%d  %T},{v}")),
        *IN_HOURS,
        {"v": V[0]},
    ),
    Kind(
        "a month by name between numbers and words, beside a decimal comma",
        lines(
            "v;date;place",
            stamped(DAYS, lambda d, v, w: f"{int(v)},{d.day:02};{d:%d-%b-%Y};Bern"),
        ),
        *IN_ORDER,
        {"v": int(V[0]) + 0.25},
    ),
    Kind(
        "a zone in a column of its own, beside a decimal comma",
        lines(
            "Date;Time;Zone;v",
            stamped(HOURS, lambda d, v, w: f"{d:%d.%m.%Y};{d:%R};MEZ;{int(v)},{d.hour:02}"),
        ),
        *IN_HOURS,
        {"v": int(V[0]) + 0.2},
    ),
]
