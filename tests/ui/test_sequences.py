"""What is said of a task's sequence."""

import numpy as np

from lstm_viz.ui.data.sequences import _answer_in_words
from tests.training.datasets import of_kind


def test_a_small_answer_is_not_rounded_to_nothing() -> None:
    assert _answer_in_words(of_kind("numbers"), np.array([2e-4])) == "Answer: 2·10⁻⁴."
