"""The verdict is plain, and right at its edges."""

import numpy as np
import pytest

from lstm_viz.measures.scores import Scores
from lstm_viz.measures.verdict import verdict


def of(mae: float) -> Scores:
    return Scores(mae, mae, mae)


@pytest.mark.parametrize(
    ("model", "naive", "seasonal", "said"),
    [
        (2.0, 1.5, None, "2 against 1.5 the network does worse than repeating the last value"),
        (2.0, 1.5, 3.0, "has not learned the series"),
        (1.5, 1.5, None, "no better than repeating the last value"),
        (0.0, 0.0, None, "no better than repeating the last value"),
        (1.0, 2.0, None, "is 50% of that of repeating the last value: it has learned something"),
        (1.0, 2.0, 0.5, "no better than repeating the last season"),
        (1.0, 2.0, 1.0, "no better than repeating the last season"),
        (1.0, 2.0, 4.0, "50% of that of repeating the last value and 25%"),
        (np.inf, 2.0, 4.0, "smaller learning rate"),
        (np.nan, np.nan, None, "no forecast to judge"),
    ],
)
def test_the_verdict_says_what_was_beaten(
    model: float, naive: float, seasonal: float | None, said: str
) -> None:
    found = verdict(of(model), of(naive), None if seasonal is None else of(seasonal))
    assert said in str(found)
