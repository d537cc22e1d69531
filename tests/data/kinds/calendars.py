"""Halves of years, weeks, other calendars, and months by name."""

import pandas as pd

from tests.data.kinds.kind import (
    DAYS,
    HOURS,
    IN_HOURS,
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

PARTED = [
    hourly(
        "AmeriFlux: a day of the year, and 930 for half past nine",
        "YEAR,DOY,HRMN,v",
        lambda d, v, w: f"{d.year},{d.day_of_year},{d.hour * 100},{v}",
    ),
    hourly(
        "a day of the year and an hour",
        "Year,DOY,Hour,v",
        lambda d, v, w: f"{d.year},{d.day_of_year},{d.hour},{v}",
    ),
    hourly(
        "a broken day of the year",
        "Year;DoY;v",
        lambda d, v, w: f"{d.year};{d.day_of_year + d.hour / 24:.4f};{v}",
    ),
    hourly(
        "morning and afternoon in a column of their own",
        "Date;Hour;AM/PM;v",
        lambda d, v, w: f"{d:%F;%I:%M;%p};{v}",
    ),
    hourly(
        "a date and an hour of twelve",
        "Date;Hour;am/pm;v",
        lambda d, v, w: f"{d:%F};{d:%-I;%p};{v}",
    ),
    Kind(
        "a date, an hour, a minute and a second in numbers",
        lines(
            "Date;Hour;Minute;Second;v",
            (f"2021-03-25;{k // 2};{k % 2 * 30};{k};{v}" for k, v in enumerate(V)),
        ),
        "2021-03-25 00:00:00",
        "2021-03-25 14:30:29",
        {"v": V[0]},
    ),
    hourly("a date and an hour in numbers", "Date;Hour;v", lambda d, v, w: f"{d:%F};{d.hour};{v}"),
    Kind(
        "BLS: a year and a period, with the year's mean as a 13th",
        lines(
            "Series ID,Year,Period,Value",
            (
                f"CU,{2000 + k // 13},M{k % 13 + 1:02},{v}"
                for k, v in enumerate([*V[:12], 9, *V[12:24], 9, *V[24:]])
            ),
        ),
        "2000-01-01",
        "2002-06-01",
        {"Value": V[0]},
        ["left out: 2"],
    ),
    *(
        Kind(
            f"a year and a quarter: {form.format(1)}",
            lines(
                f"{year};{quarter};v",
                (f"{2000 + k // 4};{form.format(k % 4 + 1)};{v}" for k, v in enumerate(V)),
            ),
            "2000-01-01",
            "2007-04-01",
            {"v": V[0]},
        )
        for year, quarter, form in (
            ("Jahr", "Quartal", "{}. Quartal"),
            ("Year", "Quarter", "Q{}"),
            ("Year", "Period", "Q0{}"),
        )
    ),
    Kind(
        "a year and a week: W01",
        lines("Year,Week,v", (f"2020,W{k + 1:02},{v}" for k, v in enumerate(V))),
        "2019-12-30",
        "2020-07-20",
        {"v": V[0]},
    ),
]
"""Of dates whose parts stand in columns of their own."""
ROMAN = ["I", "II", "III", "IV", "V"]
SEASONS = [
    ["Spring", "Summer", "Autumn", "Winter"],
    ["Frühjahr", "Sommer", "Herbst", "Winter"],
    ["printemps", "été", "automne", "hiver"],
]
CALENDARS = [
    *PARTED,
    *(
        Kind(
            f"seasons by name, {names[0]}{' of two years' * over}",
            lines(
                "s;v",
                (
                    f"{names[k % 4]} {2000 + k // 4}{f'/{1 + k // 4:02}' * over * (k % 4 == 3)};{v}"
                    for k, v in enumerate(V)
                ),
            ),
            "2000-04-01",
            "2007-07-01",
            {"v": V[0]},
            ["stand at the middle one of their three months"],
        )
        for names in SEASONS
        for over in (False, True)
    ),
    *(
        Kind(
            f"seasons of two years: {form.format(a=2001, b=2, c=2002)}",
            lines(
                "s,v", (f"{form.format(a=2001 + k, b=2 + k, c=2002 + k)},{V[k]}" for k in range(11))
            ),
            "2001-01-01",
            "2011-01-01",
            {"v": V[0]},
            ["'s' tells two years in each row"],
            rows=11,
        )
        for form in ("{a}/{b:02}", "{a}-{b:02}", "{a}/{c}", "FY{a}–{b:02}")
    ),
    Kind(
        "a row a season and a column a month",
        lines(
            "s,Jul,Aug,Sep,Oct,Nov,Dec,Jan,Feb,Mar,Apr,May,Jun",
            (f"{2001 + k}/{2 + k:02}," + ",".join(map(str, V[k : k + 12])) for k in range(4)),
        ),
        "2001-07-01",
        "2005-06-01",
        {"value": V[0]},
        rows=48,
    ),
    Kind(
        "months of one year that look like those of two",
        lines("s,v", (f"2001/{k % 12 + 1:02},{V[k]}" for k in range(12))),
        "2001-01-01",
        "2001-12-01",
        {"v": V[0]},
        rows=12,
    ),
    *(
        daily(
            f"months in Roman digits: {form.format(d=DAYS[0], m='III')}",
            "day;v",
            lambda d, v, w, form=form: f"{form.format(d=d, m=ROMAN[d.month - 1])};{v}",
        )
        for form in (
            "{d.day}.{m}.{d.year}",
            "{d.day}. {m}. {d.year}",
            "{d.day}/{m}/{d:%y}",
            "{d.year}. {m}. {d.day}.",
        )
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
    daily(
        "Taiwan's years",
        "日期,v",
        lambda d, v, w: f"{d.year - 1911}/{d:%m/%d},{v}",
        notes=["+1,911 was added to each"],
    ),
    daily(
        "Thailand's years, and weekdays behind the day",
        "day,v",
        lambda d, v, w: f"{d.year + 543}年{d.month}月{d.day}日 星期三,{v}",
        notes=["-543 was added to each"],
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
    monthly(
        "Genesis: years and months by name, without names over them",
        ";;index",
        lambda d, v, w: f"{d:%Y;%B};{v}",
        columns={"index": V[0]},
    ),
    daily(
        "years with decimals, of single days",
        "decimal date,v",
        lambda d, v, w: f"{d.year + (d.day_of_year - 1) / 365:.4f},{v}",
        notes=["broken years"],
    ),
    daily(
        "a moment of export that is the same in each row",
        "updated,period,v",
        lambda d, v, w: f"2021-05-01 10:00,{d:%F},{v}",
    ),
    monthly(
        "months and years with a point between them, beside a decimal comma",
        "Monat;v",
        lambda d, v, w: f"{d:%m.%Y};{v:.2f}".replace(".", ",", 2).replace(",", ".", 1),
    ),
    hourly(
        "a broker's two spaces before the time of day",
        "date,v",
        lambda d, v, w: f"{d:%Y%m%d  %T},{v}",
    ),
    daily(
        "a month by name between numbers and words, beside a decimal comma",
        "v;date;place",
        lambda d, v, w: f"{int(v)},{d.day:02};{d:%d-%b-%Y};Bern",
        columns={"v": int(V[0]) + 0.25},
    ),
    hourly(
        "a zone in a column of its own, beside a decimal comma",
        "Date;Time;Zone;v",
        lambda d, v, w: f"{d:%d.%m.%Y};{d:%R};MEZ;{int(v)},{d.hour:02}",
        columns={"v": int(V[0]) + 0.2},
    ),
    daily(
        "months by name in Polish",
        "Data;v",
        lambda d, v, w: f"{d.day} {('marca', 'kwietnia')[d.month - 3]} 2021;{v}",
    ),
    daily(
        "months by name in Russian",
        "Дата;v",
        lambda d, v, w: f"{d.day} {('марта', 'апреля')[d.month - 3]} 2021;{v}",
    ),
]
