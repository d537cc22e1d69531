"""Names of months, seasons, eras and zones, in the languages of files; years in full, and days."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

Wholes = npt.NDArray[np.int64]
PIVOT = 69
"""Two digits up to this are of the 21st century, as POSIX has it."""

_MONTHS = (
    "january januar jaenner janner janvier enero gennaio janeiro januari jan janv ene gen"
    " styczen stycznia январь января ocak",
    "february februar fevrier febrero febbraio fevereiro februari feb fev fevr"
    " luty lutego февраль февраля subat",
    "march marz maerz mars marzo marco maart mar mrz mrt marzec marca март марта mart",
    "april avril abril aprile apr avr abr kwiecien kwietnia апрель апреля nisan",
    "may mai mayo maggio maio mei mag maj maja май мая mayıs",
    "june juni juin junio giugno junho jun giu czerwiec czerwca июнь июня haziran",
    "july juli juillet julio luglio julho jul juil lug lipiec lipca июль июля temmuz",
    "august aout agosto augustus aug ago aou sierpien sierpnia август августа augusti agustos",
    "september septembre septiembre setiembre settembre setembro sep sept set"
    " wrzesien wrzesnia сентябрь сентября eylul",
    "october oktober octobre octubre ottobre outubro oct okt ott out"
    " pazdziernik pazdziernika октябрь октября ekim",
    "november novembre noviembre novembro nov listopad listopada ноябрь ноября kasım",
    "december dezember decembre diciembre dicembre dezembro dec dez dic"
    " grudzien grudnia декабрь декабря desember aralık",
)

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "R": 2018, "H": 1988, "S": 1925}
"""The year before the first one of a Japanese era."""

ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "JST": 540, "KST": 540, "AEST": 600,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480,
    "PDT": -420,
}  # fmt: skip
"""A zone's letters -> minutes east of Greenwich."""


def plain_word(word: str) -> str:
    """A word without accents, dots and capitals.

    >>> plain_word("Févr.")
    'fevr'
    """
    letters = unicodedata.normalize("NFKD", word.lower().strip(" ."))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


MONTHS = {
    plain_word(word): number for number, words in enumerate(_MONTHS, 1) for word in words.split()
}
"""A month's name, plain -> its number. English, German, French, Spanish, Italian, Portuguese,
Dutch, Scandinavian, Polish, Russian and Turkish; Japanese and Chinese write numbers."""


def month_of(word: str) -> int:
    """1 to 12; 0 of what is no month."""
    return MONTHS.get(plain_word(word), 0)


ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def roman_of(digits: str) -> int:
    """1 to 12; 0 of what is none of these in Roman digits."""
    return ROMAN.index(digits.upper()) if digits.upper() in ROMAN else 0


SEASONS = ["djf", "jfm", "fma", "mam", "amj", "mjj", "jja", "jas", "aso", "son", "ond", "ndj"]
"""Three months in a row by their first letters, December's to February's first."""


def season_of(word: str) -> int:
    """The middle month, 1 to 12, of a season of three; 0 of what is none.

    >>> season_of("DJF"), season_of("son"), season_of("JMA")
    (1, 10, 0)
    """
    plain = plain_word(word)
    return SEASONS.index(plain) + 1 if plain in SEASONS else 0


NAMED_SEASONS = {
    1: "winter hiver invierno inverno",
    4: "spring frühling frühjahr fruehling fruehjahr printemps primavera",
    7: "summer sommer été ete verano estate verão verao",
    10: "autumn fall herbst automne otoño autunno outono",
}
"""Middle month -> what its season is called in the north."""


def named_season_of(word: str) -> int:
    """The middle month of a season; 0 of what is none.

    >>> named_season_of("Winter"), named_season_of("Été")
    (1, 7)
    """
    return next((m for m, names in NAMED_SEASONS.items() if word.lower() in names.split()), 0)


def first_monday(years: Wholes) -> npt.NDArray[Any]:
    """(N,) the Monday of each year's first week, that of the fourth of January.

    >>> str(first_monday(np.array([2021]))[0])
    '2021-01-04'
    """
    fourth = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]") + np.timedelta64(3, "D")
    made: npt.NDArray[Any] = fourth - ((fourth.astype(np.int64) + 3) % 7).astype("timedelta64[D]")
    return made


def calendar_of(years: Wholes) -> int:
    """What is to be added to years that are none of ours: Taiwan's 111, Thailand's 2565."""
    usual = int(np.median(years)) if len(years) else 0
    return 1911 if 100 <= usual < 200 else -543 if 2440 <= usual < 2700 else 0


def century_of(years: Wholes) -> Wholes:
    """Years of two digits in full: of POSIX's pivot, and its like with what is yet to come a
    century back, that in which the rows run on with the fewest years in all between neighbours.
    """
    years = years + calendar_of(years)
    short = years < 100
    pivoted = np.where(short, years + np.where(years < PIVOT, 2000, 1900), years)
    to_come = short & (pivoted > datetime.now(tz=UTC).year + 1)
    past = pivoted - 100 * to_come
    return min(pivoted, past, key=lambda each: int(np.abs(np.diff(each)).sum()))


def date_of(year: Any, month: Any, day: Any) -> npt.NDArray[Any]:
    """(N,) datetime64[D], NaT of what is no day."""
    good = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year > 0) & (year < 3000)
    months = (np.where(good, (year - 1970) * 12 + month - 1, 0)).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + np.where(good, day - 1, 0).astype("timedelta64[D]")
    days[~good | (days.astype("datetime64[M]") != months)] = np.datetime64("NaT")
    made: npt.NDArray[Any] = days
    return made
