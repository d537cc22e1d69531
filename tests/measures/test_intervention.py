"""What is said of an intervention, and of which it must not be said."""

import numpy as np
import pytest

from lstm_viz.measures.intervention import left_at_first, said_gradient, said_loss


def test_a_loss_that_rises_or_falls_is_told_from_one_that_hardly_changes() -> None:
    assert said_loss(0.012, 0.48) == ("The mean loss rises from 0.012 to 0.48.")
    assert "falls from 0.2 to 0.197" in said_loss(0.2, 0.197)
    for after in (0.2, 0.2019, 0.1981):
        said = said_loss(0.2, after)
        assert "by at most 1%" in said
        assert "rises" not in said and "falls" not in said
    assert "at most" not in said_loss(0.2, 0.2021)
    assert "to 0.1." in said_loss(0.0, 0.1)


def test_a_loss_that_is_no_number_is_not_compared() -> None:
    assert "the network has diverged" in said_loss(np.nan, 0.1)
    assert "not finite" in said_loss(0.1, np.inf)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (0.8, "‖dL/dc‖ at step 0, relative to step 2, rises from 0.2 to 0.8."),
        (0.31, ": 0.31; without the intervention 0.2."),
        (0.05, "‖dL/dc‖ at step 0, relative to step 2, falls from 0.2 to 0.05."),
    ],
)
def test_a_gradient_that_goes_further_is_told_from_one_that_does_not(
    first: float, said: str
) -> None:
    before = np.array([0.4, 1.0, 2.0])
    words = said_gradient(before, np.array([first, 0.5, 1.0]), "cell")
    assert said in words
    assert sum(each in words for each in ("rises", "falls", "without")) == 1
    backwards = said_gradient(before[::-1], np.array([1.0, 0.5, first]), "hidden", reverse=True)
    turned = words.replace("dc", "dh").replace("step 2", "step 0").replace("step 0", "step 2", 1)
    assert backwards == turned, "a reverse layer began at the last step"


def test_where_no_share_is_left_of_anything_nothing_is_said() -> None:
    nothing, cut = np.zeros(3), np.array([0.0, 0.0, 1.0])
    assert said_gradient(np.ones(3), nothing, "cell") == ""
    assert said_gradient(np.ones(1), np.ones(1), "cell") == ""
    assert said_gradient(np.ones(3), np.array([np.nan, 1, 1]), "cell") == ""
    assert np.isnan(left_at_first(nothing))
    assert ": 0; without" in said_gradient(cut, cut, "cell")
