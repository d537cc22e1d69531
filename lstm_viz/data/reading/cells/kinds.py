"""What a single cell looks like: a number, a moment, nothing, or words."""

import datetime
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from lstm_viz.data.reading.cells.units import is_unit
from lstm_viz.data.reading.moments.calendars import month_of, plain_word, season_of
from lstm_viz.data.reading.moments.ways import SPAN, TIDY, WAYS

Kind = Literal["empty", "missing", "number", "time", "text"]
LONGEST = 60
"""Letters of a number or a moment."""

_WORDS = (
    "- -- --- ---- – — ? . .. ... : * ** *** / // /// # × -.- --.- --.-- na n/a n.a. n.a <na>",
    "#n/a nan",
    "nil none null (null) \\n missing void n/d n.d. nd s/d s.d. k.a. k.a k. keine fehlt fehlend",
    "ausfall n.v. unavailable unknown undefined unbekannt nodata no_data no-data bad invalid",
    "invalide",
    "error #value! #div/0! #ref! #name? #num! #null! #wert! #bezug! #zahl! #n/v #valeur! #¡valor!",
    "#¡div/0! #¡ref! manquant indisponible sin-dato inconnu desconocido ausente",
    "欠測 欠損 欠測値 欠 無し なし 無効 缺测 缺失 无",
)
_PHRASES = (
    "no data",
    "not available",
    "not measured",
    "not a number",
    "keine angabe",
    "keine daten",
    "k. a.",
    "n. v.",
    "nicht verfügbar",
    "sin dato",
    "sin datos",
    "no disponible",
    "non disponible",
    "valeur manquante",
    "données manquantes",
    "#n/a n/a",
)
MISSING = frozenset((*" ".join(_WORDS).split(), *_PHRASES))
"""What stands for nothing, in small letters."""

CURRENCY = (
    r"(?:US\$|R\$|A\$|C\$|[$€£¥₹₽₩฿₺₴]|EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CNY|INR|kr\.?|zł|Kč"
    r"|Fr\.|円|元)"
)
_COUNTED = r"[人台件個枚戸]|ドル|トン|руб\.?|tons?|tonnes?|[kMG]Wh|t|m[3³]|people|units?"
SCALES = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3, "тыс": 1e3, "lakh": 1e5, "m": 1e6, "mn": 1e6, "mio": 1e6,
    "mln": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "millones": 1e6, "млн": 1e6,
    "crore": 1e7, "b": 1e9, "bn": 1e9, "mrd": 1e9, "mlrd": 1e9, "billion": 1e9, "billions": 1e9,
    "milliard": 1e9, "milliards": 1e9, "milliarden": 1e9, "млрд": 1e9, "g": 1e9, "t": 1e12,
    "tn": 1e12, "trillion": 1e12,
    "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "億": 1e8, "亿": 1e8, "兆": 1e12,
}  # fmt: skip
"""What 1.2M and its like are multiplied by; in East Asia two may follow each other: 百万."""
_SCALE = "|".join(each for each in sorted(SCALES, key=len, reverse=True) if each[1:])
TRIANGLES = "△▲▽▼"
"""Before a number a minus of Japanese accounts, or a rise and a fall: two point up, two down."""
SIGNS = rf"+\-−–{TRIANGLES}"
GROUPS = " \u00a0\u202f\u2009'’"
"""Between thousands in any language, besides the comma or point that is not the decimal mark."""
_DIGITS = (
    rf"(?:\d{{1,3}}(?:[.,{GROUPS}]\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}|\d+)(?:[.,]\d*)?|[.,]\d+"
)
NUMBER = re.compile(
    rf"(?P<lead>{CURRENCY})?(?P<open>\()?(?P<sign>[{SIGNS}]?)\s?(?P<before>{CURRENCY}?)\s?(?P<sign2>[{SIGNS}]?)"
    rf"(?P<digits>{_DIGITS})(?P<power>[eE][+-]?\d{{1,4}})?\s?"
    rf"(?P<scale>(?i:{_SCALE})\.?|[kKMBGT]|[十百千]?[万萬億亿兆]|[百千])?\s?"
    rf"(?P<after>%|‰|{CURRENCY}|{_COUNTED})?(?P<close>\))?(?P<sign3>-?)"
)
SHORT = re.compile(rf"(?<=\d)\s?[mbt](?=(?:\s?(?P<money>{CURRENCY}))?\)?$)")
"""A small letter that multiplies money, $1.2m, and else is a unit or a mark, 12.5 m."""
_MONEY = re.compile(rf"[{SIGNS}(]?\s?{CURRENCY}")
WITH_UNIT = re.compile(rf"(?P<number>[{SIGNS}]?\d[\d.,'  ]*)\s?(?P<unit>[^\d\s.,][^\d\s]{{0,9}})")
"""A number with a unit of measurement behind it: 12.5 °C."""
MARKED = re.compile(
    rf"(?P<number>[{SIGNS}(]?\s?\d.*?[\d)%])"
    r"\s?(?P<mark>[*†‡§¹²³⁴⁵⁶⁷⁸⁹]{1,3}\)?|\([a-z]\)|\[[a-z\d]\]|(?<=\s)[a-z]{1,2})"
)
"""A number with a mark behind it that a remark explains, or a flag: 12.5*, 12.5 p."""
PLAIN = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?|nan|[+-]?inf(?:inity)?", re.I)
DOTTED = re.compile(r"\d{1,4}\.\d{1,2}\.\d{1,4}|0[1-9]\.(?:19|20)\d\d")
"""A day, or a month: no number begins with a 0 and goes on with another digit."""
_CLOCK = re.compile(
    r"(?:午前|午後|上午|下午)?\s?\d{1,2}(?:[:h時.]\s?\d{2}){1,2}分?(?:[.,:]?\d+秒?)?"
    r"(?:\s?[ap]\.?\s?m\.?|[ap])?(?: ?(?:Uhr|Z|UTC))?|\d{1,2}\s?(?:[ap]\.?\s?m\.?|時|Uhr)",
    re.I,
)
_TIDY, _SPAN = (re.compile(each.replace(r"[\p{L}]", r"[^\W\d_]")) for each in (TIDY, SPAN))
_WAYS = [
    re.compile(way.pattern.replace(r"[\p{L}]", r"[^\W\d_]"))
    for way in WAYS
    if way.unit != "clock" and not re.search("<word>|<term>|<season>", way.pattern)
]
_WORD = re.compile(r"[^\W\d_]{3,}")


@lru_cache(20_000)
def _kind(cell: str) -> Kind:
    text = cell.strip()
    if not text:
        return "empty"
    if text.lower() in MISSING or CENSORED.fullmatch(text):
        return "missing"
    if len(text) > LONGEST:
        return "text"
    if PLAIN.fullmatch(text) and not DOTTED.fullmatch(text):
        return "number"
    if is_time(text):
        return "time"
    measured = WITH_UNIT.fullmatch(text)
    if is_short_money(text):
        text = SHORT.sub(in_capitals, text)
    if NUMBER.fullmatch(text) or (measured is not None and is_unit(measured["unit"])):
        return "number"
    marked = MARKED.fullmatch(text)
    return "number" if marked is not None and NUMBER.fullmatch(marked["number"]) else "text"


CENSORED = re.compile(r"[<>≤≥]=?\s?[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\s?%?")
"""Below or above what can be measured."""


def is_short_money(text: str) -> bool:
    """Whether a small letter multiplies an amount of money.

    >>> is_short_money("$1.2m"), is_short_money("-£0.9 bn"), is_short_money("12.5 m")
    (True, False, False)
    """
    found = SHORT.search(text)
    return found is not None and bool(found["money"] or _MONEY.match(text))


def in_capitals(found: re.Match[str]) -> str:
    """What was found, in capital letters."""
    return found[0].upper()


def is_time(text: str) -> bool:
    """Whether a cell is written like a date or a time of day; numbers alone are not."""
    if _CLOCK.fullmatch(text):
        return True
    begin = _SPAN.sub(r"\1", _TIDY.sub("", text))
    if any(each.fullmatch(begin) for each in _WAYS):
        return not re.fullmatch(r"\d{1,3}(?:\.\d{3})+|\d+ \d+", text)
    words = _WORD.findall(text)
    return (
        0 < len(words) <= 4
        and not re.search(r"[;|\t]", text)  # several cells, of which one is a date
        and bool(re.search(r"\d", text))
        and any(month_of(w) or season_of(w) for w in words)
        and len(re.findall(r"\d+", text)) <= 8
    )


def kind_of(cell: object) -> Kind:
    """What a cell looks like by itself.

    >>> [kind_of(each) for each in ("1.234,5", "1.2.2020", "n/a", "3 Jan 2020", "sun", "(2.50)")]
    ['number', 'time', 'missing', 'time', 'text', 'number']
    """
    if isinstance(cell, str):
        return _kind(cell)
    if cell is None or cell != cell:  # NaN
        return "empty"
    if isinstance(cell, datetime.date | datetime.time):
        return "time"
    return "number" if isinstance(cell, int | float) else "text"


def is_missing(text: str) -> bool:
    """Whether a word stands for nothing wherever it is met."""
    return text.strip().lower() in MISSING


def only_names(cells: Iterable[object]) -> bool:
    """Whether all that stands for something is words: "NA" among those is a name like any other.

    >>> only_names(["NO", "NA", ""]), only_names(["NA", "2.5"]), only_names(["NA", ""])
    (True, False, False)
    """
    kinds = {kind_of(cell) for cell in cells} - {"empty", "missing"}
    return kinds == {"text"}


_TOTALS = (
    "total totals sum summe gesamt insgesamt gesamtsumme subtotal zwischensumme average avg mean",
    "durchschnitt mittelwert mittel schnitt moyenne somme ensemble media promedio suma totale",
    "somma",
    "minimum maximum min max std stdev sd median variance count anzahl",
    "合計 平均 総計 計 小計 最大 最小 平均値 合计 总计",
)
TOTALS = frozenset(" ".join(_TOTALS).split())


def is_total(cell: object) -> bool:
    """Whether a cell names what sums other rows up.

    >>> is_total("Grand total:"), is_total("Totnes")
    (True, False)
    """
    if not isinstance(cell, str) or len(cell) > LONGEST:
        return False
    words = plain_word(cell.strip(" :*.")).split()
    return bool(words) and (words[0].strip(":,;.") in TOTALS or words[-1] in TOTALS)
