"""Classifier charts: counts, shares, and the dot at the reader's threshold."""

import numpy as np
import pytest

from lstm_viz.figures import classification
from lstm_viz.figures.colour import contrast
from lstm_viz.figures.palette import RAMP_STOPS, TEXT, ask_theme, ramp
from lstm_viz.measures.classification import roc

TRUTH = np.array([0, 0, 1, 1, 1])
SCORE = np.array([0.1, 0.6, 0.4, 0.7, 0.9])


@pytest.mark.parametrize("threshold", [0.05, 0.1, 0.35, 0.4, 0.5, 0.65, 0.9, 0.95])
def test_the_dot_on_the_roc_curve_is_what_the_threshold_costs(threshold: float) -> None:
    chart = classification.roc(roc(TRUTH, SCORE), threshold)
    (dot,) = chart["datasets"]["chosen"].to_dict("records")
    answer = SCORE >= threshold  # noqa: SIM300
    assert dot["fpr"] == answer[TRUTH == 0].mean()
    assert dot["tpr"] == answer[TRUTH == 1].mean()


def test_a_long_roc_curve_is_thinned_and_keeps_its_ends() -> None:
    rng = np.random.default_rng(0)
    curve = roc(rng.integers(0, 2, 9000), rng.random(9000))
    table = classification.roc(curve, 0.5)["datasets"]["curve"]
    assert len(table) <= 1000
    assert table[["fpr", "tpr"]].iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]


def test_cells_say_their_count_and_their_share_of_the_true_class() -> None:
    chart = classification.confusion(np.array([[3, 1], [0, 0]]), ["cat", "dog"])
    cells = chart["datasets"]["cells"].to_dict("records")
    assert [(cell["true"], cell["answer"], cell["words"]) for cell in cells] == [
        ("cat", "cat", "3\n75%"),
        ("cat", "dog", "1\n25%"),
        ("dog", "cat", "0\n0%"),
        ("dog", "dog", "0\n0%"),
    ]
    assert chart["layer"][0]["encoding"]["x"]["scale"]["domain"] == ["cat", "dog"]


def test_many_classes_have_room_for_counts_alone() -> None:
    chart = classification.confusion(np.full((12, 12), 7), [f"{k}" for k in range(12)])
    assert set(chart["datasets"]["cells"]["words"]) == {"7"}
    assert chart["height"] <= 460


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_words_on_a_cell_can_be_read(theme: str) -> None:
    ask_theme(lambda: theme)  # type: ignore[arg-type, return-value]
    try:
        counts = np.stack([np.arange(9), np.arange(9)[::-1]], axis=1)
        square = np.zeros((9, 9), int)
        square[:, :2] = counts
        cells = classification.confusion(square, list("abcdefghi"))["datasets"]["cells"]
    finally:
        ask_theme(lambda: "light")
    for cell in cells.to_dict("records"):
        under = ramp("update", theme)[round(cell["share"] * (RAMP_STOPS - 1))]  # type: ignore[arg-type]
        assert contrast(TEXT["dark" if cell["light"] else "light"], under) >= 3.5


def test_probabilities_are_shares_of_each_class() -> None:
    chart = classification.probabilities(TRUTH, SCORE, 0.5, ["no", "yes"])
    table = chart["datasets"]["shares"]
    for each in ("no", "yes"):
        shares = table[table["name"] == each]
        assert shares["share"].iloc[:-1].sum() == pytest.approx(1)
        assert shares["low"].iloc[-1] == 1
    assert chart["datasets"]["threshold"].to_dict("records") == [
        {"low": 0.5, "label": "threshold 0.5"}
    ]
    assert set(classification.probabilities(TRUTH, SCORE, 0.5)["datasets"]["shares"]["name"])


def test_a_class_that_does_not_occur_has_a_flat_histogram() -> None:
    table = classification.probabilities(np.ones(3), np.full(3, 0.2), 0.5)["datasets"]["shares"]
    assert table[table["name"] == "class 0"]["share"].sum() == 0
