"""A measured number has one form, wherever a person reads it."""

import math
import re

import pytest

from lstm_viz.numerals import Written, numeral
from lstm_viz.words import Sentence
from scripts import words

READ = [
    (7.234e-05, "7.23·10⁻⁵"),
    (1e10, "10¹⁰"),
    (0.0, "0"),
    (-0.0, "0"),
    (math.nan, "–"),
    (-math.inf, "−∞"),
    (0.1234, "0.123"),
    (-12.25, "−12.2"),
    (0.09999, "0.1"),
    (9.999e-4, "10⁻³"),
    (12_345.0, "12300"),
    (123_456.0, "1.23·10⁵"),
]


@pytest.mark.parametrize(("value", "read"), READ)
def test_a_number_is_written_as_readers_write_it(value: float, read: str) -> None:
    assert numeral(value) == read


def test_a_sentence_writes_its_numbers_so_and_an_error_as_one_would_type_them() -> None:
    assert str(Sentence("{a} {b}", {"a": 7.234e-05, "b": 3})) == "7.234·10⁻⁵ 3"
    assert (
        "{a:.2g} {a:.1f} {b} {c}".format(a=Written(0.129), b=Written(-1.0), c=Written(math.nan))
        == "0.13 0.1 -1 nan"
    )


def test_no_marked_sentence_writes_powers_of_ten_as_code_does() -> None:
    """`{loss:.3g}` would make 7.23e-05 of it."""
    data = {
        each
        for path in words.sources()
        if "lstm_viz/data" in words.where(path)
        for each in re.findall(r"\{\w+:[^}]*[ge]\}", path.read_text())
    }  # in errors: see Written
    found = {
        spec
        for each in words.sentences(words.collect())
        for spec in re.findall(r"\{\w+:[^}]*[ge]\}", str(each))
    }
    assert found - data == set()
