"""What stands above, among and below the data."""

from tests.data.kinds.kind import (
    DAYS,
    HOURS,
    IN_HOURS,
    IN_ORDER,
    Kind,
    V,
    W,
    both,
    lines,
    plain,
    stamped,
)

STRUCTURE = [
    Kind(
        "two blocks, the first of them about the station",
        lines(
            "station,lat,lon",
            "X,48,11",
            "",
            "day,v,w",
            stamped(DAYS, both),
        ),
        *IN_ORDER,
        {"v": V[0], "w": W[0]},
    ),
    Kind(
        "PVGIS",
        lines(
            "Latitude (decimal degrees):\t45.000",
            "Elevation (m):\t250",
            "",
            "time,P,T2m",
            stamped(HOURS, lambda d, v, w: f"{d:%Y%m%d:%H}10,{v},{w}"),
            "",
            "P: PV system power (W)",
            "PVGIS (c) European Union",
        ),
        "2021-03-25 20:10",
        "2021-03-27 01:10",
        {"P": V[0], "T2m": W[0]},
        ["Rows below the data were left out: 2"],
    ),
    Kind(
        "the head is there again where files were hung together",
        lines(
            "day,v",
            stamped(DAYS, plain)[:12],
            "day,v",
            stamped(DAYS, plain)[12:],
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["Rows that repeat the names were left out: 1"],
    ),
    Kind(
        "a second table below",
        lines(
            "day,v",
            stamped(DAYS, plain),
            "",
            "day,wind",
            stamped(DAYS, lambda d, v, w: f"{d:%F},{w}"),
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["A second table begins below, at 'day wind'"],
    ),
    Kind(
        "Campbell's TOA5",
        lines(
            '"TOA5","CR1000","CR1000","1234"',
            '"TIMESTAMP","RECORD","AirTC_Avg","WS"',
            '"TS","RN","Deg C","m/s"',
            '"","","Avg","Smp"',
            stamped(HOURS, lambda d, v, w: f'"{d:%F %T}",{d.hour},{v},{w}'),
        ),
        *IN_HOURS,
        {"RECORD": 20, "AirTC_Avg Avg": V[0], "WS Smp": W[0]},
    ),
    Kind(
        "NDBC: names and units behind a #",
        lines(
            "#YY  MM DD hh mm  WSPD  PRES",
            "#yr  mo dy hr mn  m/s    hPa",
            stamped(HOURS, lambda d, v, w: f"{d:%Y %m %d %H %M} {v:5.2f} {w:6.1f}"),
        ),
        *IN_HOURS,
        {"WSPD": V[0], "PRES": W[0]},
    ),
    Kind(
        "fixed width with holes",
        lines(
            "SITE DATE         TEMP   PRCP",
            stamped(DAYS, lambda d, v, w: f"ABC  {d:%F} {v:6.2f} {'' if d.day % 5 else '1.5':>6}"),
        ),
        *IN_ORDER,
        {"TEMP": V[0], "PRCP": 1.5},
    ),
    Kind(
        "R's row names",
        lines(
            '"day" "v"', stamped(DAYS, lambda d, v, w: f'"{(d - DAYS[0]).days + 1}" "{d:%F}" {v}')
        ),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "sums among the data, remarks in it",
        lines(
            "day;v",
            stamped(DAYS, lambda d, v, w: f"{d:%d.%m.%Y};{v}" + "\nSubtotal;99" * (d.day == 31)),
            "# read again",
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["Rows without a date"],
    ),
    Kind(
        "a row a year and a column a month",
        lines(
            "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
            (f"{1990 + y}," + ",".join(str(y + m / 10) for m in range(12)) for y in range(10)),
        ),
        "1990-01-01",
        "1999-12-01",
        {"value": 0},
        ["Each row is a year and each column a month"],
    ),
]
