"""What an intervention changes is told as numbers, and as words where it is none."""

import numpy as np

from lstm_viz.ui.intervening.shown import _answers
from tests.training.datasets import of_kind


def test_an_answer_that_is_no_number_is_called_not_finite() -> None:
    before, after, asked = np.array([np.nan]), np.array([0.25]), np.array([True])
    assert _answers(of_kind("numbers"), before, after, asked) == ("not finite", "0.25")
