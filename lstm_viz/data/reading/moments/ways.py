"""The ways in which people and loggers write dates and times of day: a pattern each.

What the groups are called: y, m, d a year, month and day; a, b, c the three in an order to be
found; word a month by name, season three by their letters; hy, q, w, wd, doy a half-year, quarter,
week, day of a week and of a year; roman and roman_month a quarter and a month in such digits; term
a semester; named and over a season by name and the second of its years; next the second of two
years without one; H, M, S, f the time of day and its fraction; half and before what tells morning
from afternoon; zone; era.
"""

from typing import NamedTuple

from lstm_viz.data.reading.moments.calendars import NAMED_SEASONS

ZONE = r"(?: ?(?P<zone>Z|(?:UTC|GMT)?[+\-−]\d{1,2}(?::?\d{2})?|[A-Z]{3,4}|\[[A-Za-z/_]+\]))?"
CLOCK = (
    r"(?P<before>午前|午後|上午|下午)? ?(?P<H>\d{1,2})"
    r"(?:(?P<mark>[:.h時])(?:(?P<M>\d{1,2})[m分]?(?:[:.]?(?P<S>\d{2})(?:[.,:](?P<f>\d{1,9}))?[s秒]?)?)?)?"
    r" ?(?P<half>[AaPp]\.? ?[Mm]\.?)?(?: ?(?P<oclock>Uhr))?"
)
THEN = rf"(?:(?:[T ,;_]+|:| ?- ?)(?:at |um |à |a las )?{CLOCK}{ZONE})?"
WEEKDAY = r"(?:[\p{L}]{2,12}\.?,? )?"
WORD = r"(?P<word>[\p{L}]{3,12})\.?"
TIDY = (
    r" ?[(（][\p{L}]{1,3}[)）]| ?(?:星期|周|週)[一二三四五六日天]|[月火水木金土日]曜日?"
    r"|\[[A-Za-z]+/[A-Za-z/_+-]+\]$"
)
"""A weekday behind the day, in brackets or of East Asia; a zone by name behind its offset."""
SPAN = r"^(.*\d{1,2}:\d{2}(?::\d{2})?)(?: +[-–] +| ?[-–] ?)((?:\S+ )?\d{1,2}:\d{2}(?::\d{2})?.*)$"
"""From one moment to another."""
YEAR, SHORT = r"(?P<y>\d{4})", r"(?P<y>\d{4}|\d{2})"
MONTH, DAY = r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
HALF = r"(?P<hy>[12])"
TERM = r"(?P<term>WS|SS|(?i:wise|sose|wintersemester|sommersemester))"
QUARTER, WEEK = r"(?P<q>[1-4])", r"(?P<w>\d{1,2})"
ROMAN = r"(?P<roman>IV|I{1,3})"
ROMAN_MONTH = r"(?P<roman_month>(?i:X?I{1,3}|IV|VI{0,3}|I?X))"
SEASON = r"(?P<season>[A-Za-z]{3})"
NAMED = rf"(?P<named>(?i:{'|'.join(' '.join(NAMED_SEASONS.values()).split())}))"
OVER = r"(?:[-/](?P<over>\d{4}|\d{2}))?"
NEXT_YEAR = r"(?P<next>\d{4}|\d{2})"
ERA = r"(?P<era>令和|平成|昭和|大正|[RHS])(?P<y>\d{1,2}|元)"
PACKED = r"(?P<H>\d{2})(?::?(?P<M>\d{2})(?::?(?P<S>\d{2})(?:\.(?P<f>\d+))?)?)?(?P<zone>Z)?"
ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
OF = r"(?:de |del |of )?"


class Way(NamedTuple):
    """A way of writing: its pattern, and what it tells: a day, or less."""

    pattern: str
    unit: str = "day"


WAYS = (
    Way(rf"^{WEEKDAY}{YEAR}[-/.年 ] ?{MONTH}[-/.月 ] ?{DAY}[日.]?{THEN}$"),
    Way(rf"^{YEAR}年{MONTH}月{DAY}日{CLOCK}$"),
    Way(
        rf"^{WEEKDAY}(?P<a>\d{{1,2}})[-/. ] ?(?P<b>\d{{1,2}})[-/. ] ?(?P<c>\d{{4}}|\d{{2}})\.?"
        rf"{THEN}$"
    ),
    Way(rf"^{YEAR}(?P<m>\d{{2}})(?P<d>\d{{2}})(?:[T _:-]{{0,2}}{PACKED})?$"),
    Way(rf"^\[?{WEEKDAY}{DAY}{ORDINAL}[ \-/.]*{OF}{WORD}[ \-/,.]*{OF}{SHORT}\.?{THEN}\]?$"),
    Way(rf"^{WEEKDAY}{WORD}[ \-/.]*{DAY}{ORDINAL},?[ \-/]+{YEAR}{THEN}$"),
    Way(rf"^{YEAR}[ \-/]*{WORD}[ \-/]*{DAY}{THEN}$"),
    Way(rf"^[\p{{L}}]{{3}} {WORD} +{DAY} {CLOCK}(?: (?P<zone>[A-Z]{{3,4}}))? {YEAR}$"),
    Way(rf"^{DAY}[-./ ]+{ROMAN_MONTH}[-./ ]+{SHORT}\.?{THEN}$"),
    Way(rf"^{YEAR}[-./ ]+{ROMAN_MONTH}[-./ ]+{DAY}\.?{THEN}$"),
    Way(rf"^{ERA}[年./-]{MONTH}(?:[月./-](?:{DAY}日?)?)?{THEN}$"),
    Way(rf"^(?P<y>1\d\d)[-/.年] ?{MONTH}[-/.月] ?{DAY}日?{THEN}$"),
    Way(rf"^{YEAR}[-. /]*(?:H|S|HJ ?){HALF}$", "half-year"),
    Way(rf"^(?:H|S|HJ ?){HALF}[-./ ']*{YEAR}$", "half-year"),
    Way(rf"^{HALF}(?:H|S|\.? ?Halbjahr)[-./ ']*{YEAR}$", "half-year"),
    Way(rf"^{TERM}[-./ ]*{SHORT}(?:[-/]\d{{2,4}})?$", "half-year"),
    Way(rf"^{YEAR}-?W(?P<w>\d{{2}})(?:-?(?P<wd>[1-7]))?$", "week"),
    Way(rf"^{YEAR}[-. /]*(?:KW|CW|W|S) ?{WEEK}$", "week"),
    Way(rf"^(?:KW|CW|W|S|Week|Woche)[-. ]*{WEEK}[-./, ]+{YEAR}$", "week"),
    Way(rf"^{YEAR}[-. /]*(?:Q|T|QTR){QUARTER}$", "quarter"),
    Way(rf"^(?:Q|T){QUARTER}[-./ ']*{SHORT}$", "quarter"),
    Way(rf"^{QUARTER}(?:Q|T|\.? ?Quartal)[-./ ']*{SHORT}$", "quarter"),
    Way(rf"^{YEAR}年 ?第?{QUARTER}四半期$", "quarter"),
    Way(rf"^{ROMAN}(?:\.? ?(?:Quartal|kw\.?|trim\.?))?[-./ ]+{YEAR}$", "quarter"),
    Way(rf"^{YEAR}[-./ ]+{ROMAN}$", "quarter"),
    Way(rf"^{YEAR}[-/. ](?P<doy>\d{{3}}){THEN}$"),
    Way(rf"^(?:FY ?)?{YEAR} ?[-/–] ?{NEXT_YEAR}$", "two years"),
    Way(rf"^{YEAR}[-/.年M ]+{MONTH}月?$", "month"),
    Way(rf"^{MONTH}[-/. ]{YEAR}$", "month"),
    Way(rf"^{WORD}[ \-/,.']*{OF}{SHORT}$", "month"),
    Way(rf"^{YEAR}[ \-/,.]*{WORD}$", "month"),
    Way(rf"^{ROMAN_MONTH}[-./ ]+{YEAR}$", "month"),
    Way(rf"^{YEAR}[-./ ]+{ROMAN_MONTH}$", "month"),
    Way(rf"^{NAMED}[-./ ]*{YEAR}{OVER}$", "season"),
    Way(rf"^{YEAR}{OVER}[-./ ]*{NAMED}$", "season"),
    Way(rf"^{SEASON}[ \-/]+{YEAR}$", "season"),
    Way(rf"^{YEAR}[ \-/]+{SEASON}$", "season"),
    Way(rf"^{CLOCK}{ZONE}$", "clock"),
)
ORDERS = {"day": ("c", "b", "a"), "month": ("c", "a", "b"), "year": ("a", "b", "c")}
"""What comes first in 01/02/03 -> which of a, b, c are year, month and day."""
