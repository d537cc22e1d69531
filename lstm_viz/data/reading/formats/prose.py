"""Plain texts, to learn letter by letter."""

import re

import pandas as pd

from lstm_viz.data.reading.ceilings import MAX_LETTERS
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

LEAST_LETTERS = 0.2
"""Share of letters from which on a text that is no table is meant to be read as a text."""
SAMPLE = 100_000
MOSTLY = 0.8
"""Share of lines with measurements, a name and its number, from which on a text is made of them."""


def read_text(text: str, filename: str, encoding: str, notes: tuple[Sentence, ...] = ()) -> Reading:
    """A plain text. Raises DataError for one that is too long."""
    if len(text) > MAX_LETTERS:
        raise DataError(
            N_("'{file}' has {got:,} letters and at most {most:,} can be read. Keep a part of it."),
            file=filename,
            got=len(text),
            most=MAX_LETTERS,
        )
    text, marks = without_ruby(text)
    if marks:
        words = N_(
            "Readings (ruby) and notes of the editors were left out: {count:,} marks, and what the "
            "file says of itself before and after the text."
        )
        notes = (*notes, Sentence(words, {"count": marks}))
    lines = [line for line in text[:SAMPLE].split("\n") if line.strip()]
    measured = [line for line in lines if MEASURED.search(line)]
    if len(measured) > MOSTLY * len(lines):
        words = N_(
            "The lines look like measurements, as in '{sample}', and were read as a text. For "
            "numbers, save them as CSV with a column for each name."
        )
        notes = (*notes, Sentence(words, {"sample": measured[0].strip()[:60]}))
    layout = {"format": "text", "encoding": encoding, "units": {}}
    return Reading(filename, pd.DataFrame(), text=text, layout=layout, sentences=notes)


DIGITS = "０１２３４５６７８９۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
OTHER_NUMBER = re.compile(rf"(?<!\w)[－＋−]?[{DIGITS}][{DIGITS}．，٫٬]*(?!\w)")
PLAIN_DIGITS = str.maketrans(
    dict(zip(DIGITS, 3 * "0123456789", strict=True))
    | {"．": ".", "٫": ".", "，": "", "٬": "", "－": "-", "＋": "+"}
)


def with_plain_digits(text: str) -> tuple[str, tuple[Sentence, ...]]:
    r"""(a text whose numbers of full-width, Persian or Arabic digits are plain ones, what to say).

    >>> with_plain_digits("１号機，２１．５\t۲۱٫۶")[0]
    '１号機，21.5\t21.6'
    """
    if text.isascii():
        return text, ()
    text, count = OTHER_NUMBER.subn(lambda found: found[0].translate(PLAIN_DIGITS), text)
    words = N_(
        "Numbers in full-width, Persian or Arabic digits were read as plain ones: {count:,}."
    )
    return text, (Sentence(words, {"count": count}),) if count else ()


MEASURED = re.compile(r"(?<!\S)\w[\w.]*=[+-]?\d[\d.]*")
"""A name and its number: temp=20.5."""


READING = "《[ぁ-ヿ・　 ]{1,60}》"
RUBY = re.compile(rf"{READING}|［＃[^［］\n]{{1,200}}］|｜(?=[^《\n]{{1,40}}{READING})")
"""Readings are kana: in Chinese these brackets hold titles."""
HEAD = re.compile(r"^-{20,}\n(?:.*\n){0,60}?-{20,}\n+", re.MULTILINE)
FOOT = "\n底本："
FEWEST_MARKS = 3


def without_ruby(text: str) -> tuple[str, int]:
    """(a text of Aozora Bunko without readings, notes, legend and colophon, how many marks went).

    >>> without_ruby("｜王様《おうさま》を［＃傍点］、邪智《じゃち》の")
    ('王様を、邪智の', 4)
    """
    if len(RUBY.findall(text[:SAMPLE])) < FEWEST_MARKS:
        return text, 0
    body, _foot, _colophon = HEAD.sub("", text, count=1).partition(FOOT)
    return RUBY.subn("", body)


def looks_like_prose(text: str) -> bool:
    """Whether letters rather than numbers make up a text, so far as a sample shows."""
    sample = "".join(text[:SAMPLE].split())
    return sum(map(str.isalpha, sample)) > LEAST_LETTERS * len(sample)
