"""Numbers as people write them, and what they are packed in."""

import io
import json
import zipfile

import numpy as np
from scipy.io import savemat

from tests.data.hostile.workbooks import workbook
from tests.data.kinds.kind import (
    DAYS,
    HOURS,
    IN_HOURS,
    IN_ORDER,
    Kind,
    V,
    W,
    daily,
    hourly,
    lines,
    plain,
    stamped,
)


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("__MACOSX/._data.csv", "x")
        archive.writestr("readme.txt", "What is in here.")
        archive.writestr("in/data.csv", lines("day,v", stamped(DAYS, plain)))
    return target.getvalue()


def mat() -> bytes:
    target = io.BytesIO()
    savemat(target, {"note": "by hand", "s": {"v": np.array(V)}, "w": np.array(W)})
    return target.getvalue()


NUMBERS = [
    daily(
        "a broker's: thousands, millions, percents",
        '"Date","Price","Vol.","Change %"',
        lambda d, v, w: f'"{d:%m/%d/%Y}","{w * 10:,.2f}","1.25M","{v}%"',
        columns={"Price": W[0] * 10, "Vol.": 1_250_000, "Change %": V[0]},
        notes=["'Vol.' multiply: '1.25M' is 1,250,000."],
    ),
    daily(
        "numbers below a thousand beside 1.2 K",
        "Day,Views",
        lambda d, v, w: f"{d:%F},{f'{w:.0f}' if w < 1000 else f'{w / 1000:.2f} K'}",
        columns={"Views": 1300},
        notes=["'Views' multiply: '1.30 K' is 1,300."],
    ),
    daily(
        "kelvins beside some temperatures, and not beside others",
        "Day,v",
        lambda d, v, w: f"{d:%F},{v}{' K' * (d.day % 2)}",
    ),
    daily(
        "thousands with commas between spaces",
        "day v w",
        lambda d, v, w: f"{d:%F} {w * 10:9,.0f} {v:6.2f}",
        columns={"v": W[0] * 10, "w": V[0]},
        file="it.txt",
    ),
    daily(
        "India's groups, and a minus of its own",
        "Date;A;B",
        lambda d, v, w: f"{d:%d-%m-%Y};1,23,456.5;−{v}",
        columns={"A": 123_456.5, "B": -V[0]},
    ),
    daily(
        "a sum of money, and one that is owed",
        "Date,A",
        lambda d, v, w: f'{d:%F},"({w:,.2f})"',
        columns={"A": -W[0]},
    ),
    daily(
        "a detection limit",
        "day,v",
        lambda d, v, w: f"{d:%F},{'<1' if d.day == 27 else v}",
        notes=["Words among the numbers of 'v' were taken as missing: '<1' (1)."],
    ),
    daily(
        "three digits behind every point",
        "Tag;Stück",
        lambda d, v, w: f"{d:%d.%m.%Y};1.{200 + d.day}",
        columns={"Stück": 1.225},
        notes=["1.234 may be a thousand"],
    ),
    daily(
        "three digits behind every point of one column, beside a decimal comma",
        "Tag;Netz;Kurs",
        lambda d, v, w: f"{d:%d.%m.%Y};{v:.1f};1.{200 + d.day}".replace(
            f"{v:.1f}", f"{v:.1f}".replace(".", ",")
        ),
        columns={"Netz": round(V[0], 1), "Kurs": 1225},
        notes=["three digits behind every '.' in 'Kurs', and both readings fit"],
    ),
    Kind(
        "marks and flags behind numbers, in the first row too",
        lines(
            "year,v,w",
            (
                f"{1980 + k},{v}{'*' if k % 7 == 0 else ''},{w}{' p' if k > 26 else ''}"
                for k, (v, w) in enumerate(zip(V, W, strict=True))
            ),
        ),
        "1980",
        "2009",
        {"v": V[0], "w": W[0]},
        ["Marks behind the numbers of 'v' were left out: '*' (5).", "'p' (3)."],
    ),
    Kind(
        "below what can be measured in the first row",
        lines("year,v", (f"{1980 + k},{v if k % 9 else '<0.5'}" for k, v in enumerate(V))),
        "1980",
        "2009",
        {"v": V[1]},
        ["taken as missing: '<0.5' (4)."],
    ),
    hourly(
        "Fluke: a unit nobody knows, and another range",
        "Reading;Start Time;Sample",
        lambda d, v, w: f"7;{d:%m/%d/%Y %I:%M:%S %p};{v} {'m' * (d.hour == 0)}VDC",
        columns={"Reading": 7, "Sample": V[0]},
        notes=["taken as missing:"],
    ),
]
FORMATS = [
    Kind("a zip archive", zipped(), *IN_ORDER, {"v": V[0]}, ["'in/data.csv' was read"], "it.zip"),
    Kind("MATLAB", mat(), "", "", {"s.v": V[0], "w": W[0]}, (), "it.mat"),
    Kind(
        "ARFF",
        lines(
            "@relation r",
            '@attribute day DATE "yyyy-MM-dd"',
            "@attribute v numeric",
            "@data",
            stamped(DAYS, lambda d, v, w: f'"{d:%F}",{v}'),
        ),
        *IN_ORDER,
        {"v": V[0]},
        (),
        "it.arff",
    ),
    Kind(
        "a web service: columns within an object",
        json.dumps(
            {
                "latitude": 52.5,
                "hourly_units": {"time": "iso8601", "t": "°C"},
                "hourly": {"time": [f"{d:%FT%R}" for d in HOURS], "t": V, "wind": W},
            }
        ),
        *IN_HOURS,
        {"t": V[0], "wind": W[0]},
        (),
        "it.json",
    ),
    Kind(
        "a web service: days as keys, newest first",
        json.dumps(
            {
                "Meta Data": {"1. Symbol": "X"},
                "Daily": {
                    f"{d:%F}": {"1. open": str(v)} for d, v in zip(DAYS[::-1], V, strict=True)
                },
            }
        ),
        *IN_ORDER,
        {"1. open": V[-1]},
        ["sorted"],
        "it.json",
    ),
    Kind(
        "a web service: pairs of a time and words",
        json.dumps(
            {
                "data": {
                    "result": [
                        {"values": [[d.timestamp(), str(v)] for d, v in zip(HOURS, V, strict=True)]}
                    ]
                }
            }
        ),
        *IN_HOURS,
        {"values": V[0]},
        ["epoch seconds"],
        "it.json",
    ),
    Kind(
        "a workbook: days and clocks, three heads, a sum",
        workbook(
            a=[
                ["Report"],
                [None, None, "Site A", None, "Site B"],
                ["Date", "Time", "T", "RH", "T"],
                [None, None, "°C", "%", "°C"],
                *(
                    [d.date(), d.time(), v, w, v]
                    for d, v, w in zip(HOURS.to_pydatetime(), V, W, strict=True)
                ),
                ["Mean", None, 3.5, 4.5, 5.5],
            ]
        ),
        *IN_HOURS,
        {"Site A T": V[0], "Site A RH": W[0], "Site B T": V[0]},
        ["Rows below the data"],
        "it.xlsx",
    ),
]
