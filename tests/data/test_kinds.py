"""Files of many makers, each in its own way: loggers, offices, brokers, archives."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from tests.data.kinds.calendars import CALENDARS, PARTED
from tests.data.kinds.formats import FORMATS, NUMBERS
from tests.data.kinds.kind import (
    DAYS,
    Kind,
    V,
    W,
    lines,
    local,
    stamped,
)
from tests.data.kinds.mixed import MIXED
from tests.data.kinds.reports import REPORTS
from tests.data.kinds.structure import STRUCTURE
from tests.data.kinds.times import TIMES

KINDS = [*STRUCTURE, *TIMES, *CALENDARS, *NUMBERS, *FORMATS, *REPORTS, *MIXED]


def found_in(kind: Kind) -> Any:
    data = kind.data if isinstance(kind.data, bytes) else kind.data.encode()
    return read_bytes(data, kind.file, How())


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_kind_of_file_is_read_as_its_maker_meant_it(kind: Kind) -> None:
    found = found_in(kind)
    frame = found.frame
    assert len(frame) == kind.rows
    assert list(frame) == list(kind.columns)
    np.testing.assert_allclose(
        [frame[name].dropna().iloc[0] for name in frame], list(kind.columns.values())
    )
    if kind.first:
        assert isinstance(frame.index, pd.DatetimeIndex)
        ends = [str(each) for each in frame.index.tz_localize(None)[[0, -1]]]
        assert ends[0].startswith(kind.first) and ends[1].startswith(kind.last), ends
    for fragment in kind.notes:
        assert any(fragment in note for note in found.notes), found.notes


@pytest.mark.parametrize("kind", PARTED, ids=[kind.name for kind in PARTED])
def test_the_columns_of_times_that_were_found_can_be_told(kind: Kind) -> None:
    found = found_in(kind)
    data = kind.data if isinstance(kind.data, bytes) else kind.data.encode()
    told = read_bytes(data, kind.file, How(time=found.layout["time"]))
    pd.testing.assert_frame_equal(told.frame, found.frame)


ENCODED = [
    ("cp1251", "Windows-1251", "Дата;Температура"),
    ("koi8_r", "KOI8-R", "Дата;Температура воздуха"),
    ("gb18030", "GB18030", "日期;温度"),
    ("big5", "Big5", "日期;溫度"),
    ("euc_kr", "EUC-KR", "날짜;기온"),
    ("euc_kr", "EUC-KR", "일자;값"),
    ("cp1253", "Windows-1253", "Ημερομηνία;Θερμοκρασία"),
    ("cp1253", "Windows-1253", "Χρόνος;Τιμή"),
    ("cp1256", "Windows-1256", "التاريخ;درجة الحرارة"),
    ("tis-620", "TIS-620", "วันที่;อุณหภูมิ"),
    ("euc_jp", "EUC-JP", "日付;気温"),
    ("cp1250", "Windows-1250", "Data;Prędkość średnia"),
    ("mac_roman", "Mac Roman", "Tag;Höhe über Straße"),
    ("mac_roman", "Mac Roman", "Année;Énergie"),
    ("mac_roman", "Mac Roman", "Datum;Höhe und Größe"),
    ("utf-16-be", "UTF-16", "Tag;Höhe"),
]


@pytest.mark.parametrize(("codec", "name", "head"), ENCODED)
def test_an_encoding_is_found_and_what_was_guessed_is_shown(
    codec: str, name: str, head: str
) -> None:
    text = lines(head, stamped(DAYS, lambda d, v, w: f"{d:%d.%m.%Y};{v}"))
    found = read_bytes(text.encode(codec), "it.csv", How())
    assert found.layout["encoding"] == name
    assert list(found.frame) == [head.split(";")[1]]
    guessed = [note for note in found.notes if f"was taken for {name}: '{head}'" in note]
    assert len(guessed) == (codec != "utf-16-be")
    if codec != "utf-16-be":
        assert read_bytes(text.encode(codec), "it.csv", How(encoding=codec)).frame.equals(
            found.frame
        )


@pytest.mark.parametrize(
    "head",
    [
        "Mois;Coût",
        "Año;Caudal",
        "Débit;mètre",
        "Måned;Nedbør",
        "Lunedì;Città",
        "Väli;Õhk",
        "forêt;où",
        "Tag;PM10 in µg/m³",
        "Škoda;Žilina",
        "Cena €;Šport",
        "Œuvre;l’eau à Berlin–Bonn",
    ],
)
def test_western_letters_are_not_taken_for_those_of_central_europe(head: str) -> None:
    text = lines(head, (f"{v};{w}" for v, w in zip(V, W, strict=True)))
    found = read_bytes(text.encode("cp1252"), "it.csv", How())
    assert found.layout["encoding"] == "Latin-1"
    assert list(found.frame) == head.split(";")


@pytest.mark.parametrize(
    "head", ["Idő;Hőmérséklet", "Čas;Průtok", "Oraş;Staţie", "Miesiąc;Wartość", "Množstvo;Výška"]
)
def test_central_european_letters_are_found(head: str) -> None:
    text = lines(head, (f"{v};{w}" for v, w in zip(V, W, strict=True)))
    found = read_bytes(text.encode("cp1250"), "it.csv", How())
    assert found.layout["encoding"] == "Windows-1250"


def test_a_table_that_a_file_of_json_holds_besides_is_not_left_out_without_a_word() -> None:
    def of(host: str) -> dict[str, object]:
        return {"host": host, "values": [[1650000000 + 15 * k, v, v] for k, v in enumerate(V)]}

    two = json.dumps({"result": [of("a"), of("b")]})
    assert "left out: 1." in read_bytes(two.encode(), "it.json", How()).notes[0]
    one = read_bytes(json.dumps({"result": [of("a")]}).encode(), "it.json", How())
    assert not [note for note in one.notes if "left out" in note]


@pytest.mark.parametrize("plain", [True, False])
def test_years_that_stand_side_by_side_are_turned(plain: bool) -> None:
    head = "Country Name,Country Code," + ",".join(map(str, range(1990, 2005)))
    rows = [f"{c},{c[:3]}," + ",".join(f"{b + k * k % 7}.5" for k in range(15)) + "," * (not plain)
            for c, b in (("Norway", 10), ("Kenya", 50), ("Peru", 30))]  # fmt: skip
    above = [] if plain else ['"Data Source","World Development Indicators",', ""]
    found = read_bytes(lines(*above, head + "," * (not plain), rows).encode(), "it.csv", How())
    assert list(found.frame) == list(found.proposed) == ["Norway", "Kenya", "Peru"]
    assert found.frame.index.year.tolist() == list(range(1990, 2005))
    assert found.frame["Kenya"].tolist() == [50.5 + k * k % 7 for k in range(15)]
    assert "1990 to 2004 stand side by side" in found.notes[0]
    few = lines("name,1990,1991,1992", ["a,1,2,3", "b,2,3,5"])
    assert read_bytes(few.encode(), "it.csv", How()).notes == ["Left out of the table: 'name'."]


@pytest.mark.parametrize("form", ["{0.month}/{0.day}/{0:%y}", "{0:%Y-%m}", "{0:%b-%y}"])
def test_dates_that_stand_side_by_side_are_turned(form: str) -> None:
    every = "D" if "day" in form else "MS"
    dates = pd.date_range("2020-01-01", periods=20, freq=every)
    head = "Province,Country,Lat," + ",".join(map(form.format, dates))
    rows = [f"{p},{c},1.5," + ",".join(f"{k * k % 7 + b}.5" for k in range(20))
            for p, c, b in (("", "Peru", 10), ("A", "China", 50), ("B", "China", 30))]  # fmt: skip
    found = read_bytes(lines(head, rows).encode(), "it.csv", How())
    assert list(found.frame) == ["Peru", "A · China", "B · China"]
    assert found.frame.index.tolist() == dates.tolist()
    assert found.frame["A · China"].tolist() == [50.5 + k * k % 7 for k in range(20)]
    assert "stand side by side" in found.notes[0]
    hours = lines("hour," + ",".join(map(form.format, dates)),
                  [f"{h}," + ",".join(["1.5", "2.5"] * 10) for h in range(24)])  # fmt: skip
    assert len(read_bytes(hours.encode(), "it.csv", How()).frame) == 24, "no row is a series"


def test_steps_that_are_only_counted_stand_side_by_side_and_are_turned() -> None:
    head = ",".join(f'"V{k}"' for k in range(1, 27))
    rows = [f'"Y{s}",' + ",".join(f'"{k * s % 7}.5"' for k in range(25 - s)) + "," * s
            for s in range(1, 5)]  # fmt: skip
    found = read_bytes(lines(head, rows).encode(), "it.csv", How())
    assert list(found.frame) == ["Y1", "Y2", "Y3", "Y4"] and len(found.frame) == 25
    assert found.frame["Y3"].notna().sum() == 22 and found.frame["Y3"][1] == 3.5
    assert "The steps V2 to V26" in found.notes[0]
    people = lines(head, (row.replace(f"Y{s}", "Ann") for s, row in enumerate(rows, 1)))
    assert len(read_bytes(people.encode(), "it.csv", How()).frame) == 4, "no row has its own name"


@pytest.mark.parametrize("more", ["", ",Annual", ",Total,J-D", ",Station"])
def test_a_row_a_year_and_a_column_a_month_are_one_series(more: str) -> None:
    head = "Year,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec" + more
    rows = [f"{y}," + ",".join(str(k * y % 11) for k in range(12)) + ",55" * more.count(",")
            for y in range(1990, 2010)]  # fmt: skip
    found = read_bytes(lines(head, rows).encode(), "it.csv", How())
    assert (list(found.frame) == ["value"]) == (more != ",Station")
    told = read_bytes(lines(head, rows).encode(), "it.csv", How(time=("Year",)))
    assert len(told.frame) == 20 and told.frame.shape[1] == 12 + more.count(","), "as one tells"
    said = {",Annual": "out: 'Annual'.", ",Total,J-D": "out: 'Total', 'J-D'."}.get(more, "")
    assert said in "".join(found.notes)


def test_classes_that_are_words_stand_before_or_behind_their_sequences() -> None:
    waves = [[f"{np.sin((t + k) / (3 + 2 * (k % 2))):.4f}" for t in range(30)] for k in range(12)]
    words = ["fine", "faulty"]
    first = lines(",".join([words[k % 2], *wave]) for k, wave in enumerate(waves))
    last = lines(",".join([*(f"t{t}" for t in range(30)), "state"]),
                 (",".join([*wave, words[k % 2]]) for k, wave in enumerate(waves)))  # fmt: skip
    for text in (first, last):
        found = read_bytes(text.encode(), "it.csv", How())
        assert found.sequences is not None and found.labels is not None
        assert found.sequences.shape == (12, 30, 1) and found.labels.tolist() == 6 * words
    unlike = lines(",".join([f"w{k}", *wave]) for k, wave in enumerate(waves))
    assert read_bytes(unlike.encode(), "it.csv", How()).sequences is None


def test_a_row_a_year_without_names_is_one_series_between_short_lines() -> None:
    rows = (f"{y} " + " ".join(f"{y % 7}.{m:02}" for m in range(12)) for y in range(1990, 2010))
    text = lines("  1990 2009", rows, "  -99.99", "  Nino 3.4")
    found = read_bytes(text.encode(), "nino.data", How())
    assert list(found.frame) == ["value"] and len(found.frame) == 240
    assert found.frame["value"].iloc[13] == 1991 % 7 + 0.01
    assert str(found.frame.index[-1])[:7] == "2009-12"


STACKED: list[tuple[str, list[str], str]] = [
    (
        lines(
            "station,what,when,v",
            (f"{s},{k},2021-01-{d:02},{d / 2}" for s in "AB" for k in "th" for d in range(1, 13)),
        ),
        ["A · t", "A · h", "B · t", "B · h"],
        "station + what",
    ),
    (
        lines(
            "day,store,sales",
            (f"2021-01-{d:02},{s},{d * s / 2}" for d in range(1, 13) for s in (1, 2)),
        ),
        ["1", "2"],
        "store",
    ),
    (
        lines(
            "unit,cycle,s", (f"{u},{c},{c * u / 3:.3f}" for u in (1, 2, 3) for c in range(1, 9 + u))
        ),
        ["1", "2", "3"],
        "unit",
    ),
]


def test_japanese_literature_is_read_without_readings_and_notes() -> None:
    line = "-" * 55
    legend = f"{line}\n【記号について】\n\n《》：ルビ\n（例）邪智《じゃち》\n{line}\n\n"
    told = "　かの｜邪智《じゃち》の王を［＃「王」に傍点］除こうと決意《けつい》した。\n"
    text = "走れ\n太宰\n\n" + legend + 40 * told + "\n底本：「全集」文庫\n入力：某\n"
    found = read_bytes(text.encode("cp932"), "run.txt", How())
    assert found.text == "走れ\n太宰\n\n" + 40 * "　かの邪智の王を除こうと決意した。\n"
    assert "160 marks" in found.notes[-1]
    plain = "我讀《紅樓夢》和《西遊記》，很喜歡。\n" * 40
    assert read_bytes(plain.encode(), "novel.txt", How()).text == plain


@pytest.mark.parametrize(("text", "entities", "column"), STACKED)
def test_stacked_series_are_told_apart_by_one_column_or_several(
    text: str, entities: list[str], column: str
) -> None:
    found = read_bytes(text.encode(), "it.csv", How())
    assert list(found.entities) == entities
    assert found.layout["entity"] == column
    for entity in entities:
        values = found.frame_of(entity).iloc[:, -1]
        assert (values.diff().dropna() > 0).all()


def test_a_text_column_that_only_marks_summer_time_stacks_nothing() -> None:
    moments = local("2021-10-30 12:00", "h")
    rows = stamped(moments, lambda d, v, w: f"{d:%F %R},{'S' if d.day < 31 else 'W'},{v}")
    assert read_bytes(lines("time,zone,v", rows).encode(), "it.csv", How()).entities == ()


def test_cases_of_a_ts_file_are_sequences_of_several_signals() -> None:
    head = "@problemName x\n@timeStamps false\n@classLabel true up down\n@data\n"
    text = head + "1,2,3:4,?,6:up\n7,8:9,1:down\n"
    found = read_bytes(text.encode(), "it.ts", How())
    assert found.sequences is not None and found.labels is not None
    assert found.sequences.shape == (2, 3, 2)
    assert found.labels.tolist() == ["up", "down"]
    np.testing.assert_array_equal(found.sequences[0, :, 1], [4, np.nan, 6])
    assert np.isnan(found.sequences[1, 2]).all()


def test_a_ts_file_of_numbers_to_be_estimated_has_no_classes() -> None:
    text = "@problemName x\n@timeStamps false\n@targetLabel true\n@data\n1,2,3:0.5\n4,5,6:1.5\n"
    found = read_bytes(text.encode(), "it.ts", How())
    assert found.sequences is not None and found.sequences[:, :, 0].tolist() == [
        [1, 2, 3],
        [4, 5, 6],
    ]
    assert found.labels is None and "no class" in found.notes[0]
