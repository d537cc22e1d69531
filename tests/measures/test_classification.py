"""Counts by hand; the area under a ROC curve as the probability it is."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_viz.errors import DataError
from lstm_viz.measures.classification import accuracy, confusion, roc

codes = arrays(np.uint8, 20, elements=st.integers(0, 3))
truths = arrays(np.float32, 15, elements=st.sampled_from([0.0, 1.0]))
both = truths.filter(lambda truth: 0 < truth.sum() < 15)
scores = arrays(np.float64, 15, elements=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]))


@given(codes, codes)
def test_the_diagonal_of_a_confusion_is_what_is_right(truth: np.ndarray, found: np.ndarray) -> None:
    matrix = confusion(truth, found, classes=4)
    assert matrix.shape == (4, 4)
    assert matrix.sum() == 20
    assert np.trace(matrix) / 20 == accuracy(truth, found) == pytest.approx((truth == found).mean())
    for row, column in itertools.product(range(4), repeat=2):
        assert matrix[row, column] == ((truth == row) & (found == column)).sum()


@given(both, scores)
def test_the_area_is_the_chance_that_a_one_scores_above_a_zero(
    truth: np.ndarray, probability: np.ndarray
) -> None:
    ones, zeros = probability[truth == 1], probability[truth == 0]
    wins = [(one > zero) + (one == zero) / 2 for one in ones for zero in zeros]
    assert roc(truth, probability).auc == pytest.approx(np.mean(wins))


@given(both, scores)
def test_every_point_of_the_curve_has_its_threshold(
    truth: np.ndarray, probability: np.ndarray
) -> None:
    curve = roc(truth, probability)
    assert (curve.false_positive_rate[0], curve.true_positive_rate[0]) == (0, 0)
    assert (curve.false_positive_rate[-1], curve.true_positive_rate[-1]) == (1, 1)
    assert (np.diff(curve.thresholds) < 0).all()
    for k, at in enumerate(curve.thresholds):
        answer = probability >= at
        assert curve.true_positive_rate[k] == pytest.approx(answer[truth == 1].mean())
        assert curve.false_positive_rate[k] == pytest.approx(answer[truth == 0].mean())


@pytest.mark.parametrize("truth", [np.zeros(3), np.ones(3), np.zeros(0)])
def test_one_class_has_no_curve(truth: np.ndarray) -> None:
    with pytest.raises(DataError, match="both classes"):
        roc(truth, np.full(len(truth), 0.5))


def test_a_diverged_network_has_no_curve() -> None:
    with pytest.raises(DataError, match="are not numbers"):
        roc(np.array([0, 1]), np.array([0.5, np.nan]))


def test_of_no_answers_nothing_is_counted() -> None:
    nothing = np.zeros((0, 1), np.int16)
    assert np.isnan(accuracy(nothing, nothing))
    assert confusion(nothing, nothing, 3).tolist() == [[0, 0, 0]] * 3


def test_classes_that_never_occur_have_their_row() -> None:
    assert confusion(np.array([[1], [1]]), np.array([[1], [2]]), 3).tolist() == [
        [0, 0, 0],
        [0, 1, 1],
        [0, 0, 0],
    ]
