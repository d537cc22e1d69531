"""A stretch of time in a link."""

import pytest

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.stretch import OUTSIDE, Stretch


@pytest.mark.parametrize("outside", OUTSIDE.values())
@pytest.mark.parametrize("threshold", [0.25, 2.0, 1 / 3, 1e-6 / 3, 1e6 / 3])
def test_a_link_carries_exactly_that_stretch(outside: tuple[bool, bool], threshold: float) -> None:
    stretch = Stretch(3, 9, threshold, *outside)
    assert Stretch.from_text(stretch.to_text()) == stretch


@pytest.mark.parametrize(
    "text",
    ["", "3,9", "9,3,0.5,both", "-1,3,0.5,both", "3,9,nan,both", "3,9,0,both", "3,9,0.5,soon",
     "3,9,1e400,both", "3,99999999,0.5,both", "3,9,0.5,both,x"],
)  # fmt: skip
def test_what_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match="No stretch of time can be read from"):
        Stretch.from_text(text)


def test_what_lies_beyond_the_sequence_is_cut_off() -> None:
    assert Stretch(3, 9, 0.5).within(6) == Stretch(3, 5, 0.5)
    assert Stretch(8, 9, 0.5).within(6) == Stretch(5, 5, 0.5)
