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
        ["Rows that sum up others were left out: 1"],
    ),
    *(
        Kind(
            f"a row a year and a column a month, {head}",
            lines(
                f"Year,{head}",
                (
                    f"{1990 + y}," + ",".join(str(y + m / 10) for m in range(len(head.split(","))))
                    for y in range(10)
                ),
            ),
            "1990-01-01",
            "1999-12-01",
            {"value": 0},
            ["Each row is a year and each column a month"],
            rows=120,
        )
        for head in (
            "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
            "1,2,3,4,5,6,7,8,9,10,11,12",
            "1,2,3,4,5,6,7,8,9,10,11,12,Annual",
            "01,02,03,04,05,06,07,08,09,10,11,12",
            "M1,M2,M3,M4,M5,M6,M7,M8,M9,M10,M11,M12",
        )
    ),
    Kind(
        "Open-Meteo: days below hours, with fewer columns",
        lines(
            "latitude,longitude",
            "52.5,13.4",
            "",
            "time,temp,rain",
            stamped(HOURS, lambda d, v, w: f"{d:%Y-%m-%dT%R},{v},{w}"),
            "",
            "time,temp_max",
            (f"{d:%F},1.5" for d in DAYS[:3]),
        ),
        *IN_HOURS,
        {"temp": V[0], "rain": W[0]},
        ["A second table begins below, at 'time temp_max'"],
    ),
    Kind(
        "a row between names and codes that names few columns",
        lines(
            ",東京,東京,東京,東京",
            "年月日,気温,気温,風速,風速",
            ",,,,風向",
            ",,品質情報,,",
            stamped(DAYS, lambda d, v, w: f"{d:%Y/%m/%d},{v},8,{w},1"),
        ),
        *IN_ORDER,
        {"気温": V[0], "気温 品質情報": 8, "風速": W[0], "風速 風向": 1},
    ),
    Kind(
        "the head says how dates are written, a row of widths beside it",
        lines(
            "[dd.MM.yyyy HH:mm]\tflow",
            "20d\t14n",
            stamped(HOURS, lambda d, v, w: f"{d.replace(day=d.day - 22):%d.%m.%Y %R}\t{v}"),
        ),
        "2021-03-03 20:00",
        "2021-03-05 01:00",
        {"flow": V[0]},
        (),
    ),
    Kind(
        "whole lines in quotation marks",
        lines('"day,v"', stamped(DAYS, lambda d, v, w: f'"{d:%F},""{v}"""')),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "names in apostrophes",
        lines("'day','v'", stamped(DAYS, lambda d, v, w: f"'{d:%F}',{v}")),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "cells that Excel is kept from",
        lines("day,v", stamped(DAYS, lambda d, v, w: f'="{d:%F}",="{v}"')),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "zeros where a logger lost its power",
        lines("day,v", stamped(DAYS, plain)) + "\n" + 40 * "\0",
        *IN_ORDER,
        {"v": V[0]},
        ["bytes of zeros", "left out: 40."],
    ),
    Kind(
        "a database's table with rules around it",
        lines(
            "+------------+------+",
            "| day        | v    |",
            "+------------+------+",
            stamped(DAYS, lambda d, v, w: f"| {d:%F} | {v:5.2f} |"),
            "+------------+------+",
        ),
        *IN_ORDER,
        {"v": V[0]},
        ["Rows below the data were left out: 1"],
        "it.txt",
    ),
    Kind(
        "what pandas prints",
        lines("         v     w", stamped(HOURS, lambda d, v, w: f"{d:%F %T} {v:6.2f} {w:7.1f}")),
        *IN_HOURS,
        {"v": V[0], "w": W[0]},
        (),
        "it.txt",
    ),
    Kind(
        "names that count",
        lines("1;2;3", stamped(DAYS, lambda d, v, w: f"{v:.2f};{w};5.5")),
        "",
        "",
        {"1": V[0], "2": W[0], "3": 5.5},
    ),
    Kind(
        "flags at the end of a third of the rows",
        lines(
            ";BBK01.WT;BBK01.WT_FLAGS",
            "Einheit;EUR;",
            "Stand vom;01.05.2021;",
            stamped(DAYS, lambda d, v, w: f"{d:%F};{f'{v};' if d.day % 3 else '.;no value'}"),
        ),
        *IN_ORDER,
        {"BBK01.WT": V[0]},
    ),
    Kind(
        "one quantity and its codes, all under one place",
        lines(
            ",東京,東京,東京",
            "年月日,気温(℃),気温(℃),気温(℃)",
            ",,品質情報,均質番号",
            stamped(DAYS, lambda d, v, w: f"{d:%Y/%m/%d},{v},8,1"),
        ),
        *IN_ORDER,
        {"気温(℃)": V[0], "気温(℃) 品質情報": 8, "気温(℃) 均質番号": 1},
    ),
    Kind(
        "names of one letter below remarks, and a row of counts",
        lines("% made by hand", "% a, b", "t,v", stamped(DAYS, plain)),
        *IN_ORDER,
        {"v": V[0]},
    ),
    Kind(
        "a row of numbers about the columns among their names",
        lines("Title,CPI,PPI", "No. Obs,30,30", "Series ID,A1,A2", stamped(DAYS, both)),
        *IN_ORDER,
        {"CPI A1": V[0], "PPI A2": W[0]},
    ),
]
