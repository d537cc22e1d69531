"""Dates and times of day."""

import pandas as pd

from tests.data.kinds.kind import (
    DAYS,
    HOURS,
    IN_HOURS,
    IN_ORDER,
    ROWS,
    Kind,
    V,
    by_minute,
    daily,
    hourly,
    lines,
    local,
    monthly,
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
    monthly("months by name beside years", "Year,Month,v", lambda d, v, w: f"{d:%Y,%b},{v}"),
    daily(
        "a Japanese era and weekdays",
        "日付,値",
        lambda d, v, w: f"令和{d.year - 2018}年{d.month}月{d.day}日(水),{v}",
        columns={"値": V[0]},
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
    hourly(
        "DWD: hours in ten digits",
        "MESS_DATUM;TT",
        lambda d, v, w: f"{d:%Y%m%d%H};{v:8.2f}",
        columns={"TT": V[0]},
    ),
    hourly(
        "a broker's day and time of day, each in digits",
        "<TICKER>,<PER>,<DATE>,<TIME>,<CLOSE>",
        lambda d, v, w: f"ABC,60,{d:%Y%m%d},{d:%H%M%S},{v}",
        columns={"<PER>": 60.0, "<CLOSE>": V[0]},
    ),
    hourly(
        "hours of a day under the name of time",
        "date,time,v",
        lambda d, v, w: f"{d:%F},{d.hour},{v}",
    ),
    daily(
        "a station's number before a day in digits, and 99.99 for nothing",
        "STN    YEARMODA   TEMP   PRCP",
        lambda d, v, w: f"{10010:6d} {d:%Y%m%d} {v:6.2f} {99.99 if v < 9 else 0.1:6}",
        columns={"STN": 10010.0, "TEMP": V[0], "PRCP": 0.1},
        notes=["99.99 is far from all other values"],
        file="it.txt",
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
        "a German meter's 02A and 02B in autumn",
        lines(
            "Datum;Zeit;v",
            (
                f"{d:%d.%m.%Y};{d:%H}{letter}:{d:%M};{v}"
                for d, v, letter in zip(
                    local("2021-10-30 12:00", "h"),
                    V,
                    12 * [""] + ["A", "B"] + 16 * [""],
                    strict=True,
                )
            ),
        ),
        "2021-10-30 14:00",
        "2021-10-31 18:00",
        {"v": V[0]},
        ["The date 2021-10-31 02:00 is there 2 times"],
    ),
    *(
        Kind(
            f"digits and marks: {form}",
            lines("t;v", (f"{d.strftime(form)};{v}" for d, v in zip(moments, V, strict=True))),
            *ends,
            {"v": V[0]},
        )
        for form, moments, ends in (
            ("%y%m%d%H%M", HOURS, IN_HOURS),
            ("%d%m%Y", DAYS, IN_ORDER),
            ("%y%m%d", DAYS, IN_ORDER),
            ("%Y. %-m. %-d.", DAYS, IN_ORDER),
            ("%Y.%m.%d. %H:%M", HOURS, IN_HOURS),
            ("%Y年%m月%d日 %H時", HOURS, IN_HOURS),
            ("[%d/%b/%Y:%H:%M:%S +0000]", HOURS, IN_HOURS),
        )
    ),
    hourly(
        "ENTSO-E: from and to in one cell",
        '"MTU (CET)","Price [EUR/MWh]"',
        lambda d, v, w: f'"{d:%d.%m.%Y %R} - {d:%d.%m.%Y} 23:59","{v}"',
        columns={"Price [EUR/MWh]": V[0]},
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
        "a HOBO logger's, with a column that is empty in all rows",
        lines(
            '"Plot Title: 123"',
            '"#","Date Time, GMT+01:00","Temp, °C","Coupler Detached (LGR S/N: 1)"',
            stamped(HOURS, lambda d, v, w: f"{d.day % 2 + 1},{d:%m/%d/%y %I:%M:%S %p},{v},"),
        ),
        *IN_HOURS,
        {"#": 2, "Temp, °C": V[0]},
    ),
    hourly(
        "a clock of twelve hours with a letter, as Davis writes it",
        "Date\tTime\tv",
        lambda d, v, w: f"{d:%d/%m/%y}\t{d:%I:%M}{'a' if d.hour < 12 else 'p'}\t{v}",
    ),
    *(
        Kind(
            f"days of one month, {name}",
            lines("day,v", (f"{d:{form}},{v}" for d, v in zip(DAYS[7:], V, strict=False))),
            "2021-04-01",
            "2021-04-23",
            {"v": V[0]},
            rows=23,
        )
        for name, form in (("a year of two digits behind", "%d.%m.%y"), ("before", "%y-%m-%d"))
    ),
    Kind(
        "years of two digits, their first days",
        lines("day,v", (f"01.01.{k:02},{v}" for k, v in enumerate(V[:20], 3))),
        "2003",
        "2022",
        {"v": V[0]},
        rows=20,
    ),
]
