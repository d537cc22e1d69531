"""Which came first, the gradient or the learning, is told as it was measured."""

import pytest

from lstm_viz.measures.gradient_return import said_return
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.runs.run import Run

EPOCHS = [0.0, 1.0, 2.0, 3.0]
HIGH, LOW = 1.0, 0.5


def told(shares: list[float], losses: list[float]) -> str:
    return said_return(EPOCHS, shares, losses, 1.0)


@pytest.mark.parametrize(
    ("shares", "losses", "phrase"),
    [
        (
            [1e-9, 1e-1, 1, 1],
            [HIGH, HIGH, LOW, LOW],
            "came back at epoch 1.0. The loss left the best constant answer's at epoch 2.0.",
        ),
        (
            [1e-9, 1e-9, 1e-9, 1],
            [HIGH, LOW, LOW, LOW],
            "at epoch 1.0. The gradient came back at epoch 3.0.",
        ),
        (
            [1e-9, 1e-9, 1, 1],
            [HIGH, HIGH, LOW, LOW],
            "came back at epoch 2.0. The loss left the best constant answer's at epoch 2.0.",
        ),
        (
            [1e-9, 1, 1e-9, 1e-9],
            [HIGH, LOW, HIGH, HIGH],
            "arrives. The loss has not left",
        ),
        (
            [1e-9, 1, 1, 1],
            [HIGH, HIGH, HIGH, HIGH],
            "epoch 1.0. The loss has not left the best constant answer's.",
        ),
        (
            [1e-9, 1e-9, 1e-9, 1e-9],
            [HIGH, LOW, LOW, LOW],
            "at epoch 1.0. At the last checkpoint under a thousandth of the gradient arrives.",
        ),
    ],
)
def test_it_is_said_what_came_first_and_nothing_else(
    shares: list[float], losses: list[float], phrase: str
) -> None:
    said = told(shares, losses)
    assert phrase in said
    assert "learned" not in said, "a loss below a constant's can have no answer right"
    assert said.count(".") == 2 + said.count("epoch "), "two sentences"


def test_nothing_came_back_where_it_was_there_or_is_no_number() -> None:
    assert told([0.5, 1, 1, 1], [HIGH, LOW, LOW, LOW]) == ""
    assert told([1e-9, float("nan"), 1, 1], [HIGH, LOW, LOW, LOW]) == ""
    assert told([1e-9, 1, 1, 1e9], [HIGH, HIGH, HIGH, HIGH]) == "", "it explodes"
    assert said_return([0.0], [1e-9], [HIGH], 1.0) == ""


def test_of_the_recorded_runs_the_lstm_s_gradient_came_back() -> None:
    def of(run: Run) -> str:
        frames = run.film.frames
        flows = [frame.top_layer.flow(0) for frame in frames]
        return said_return(
            [frame.epoch for frame in frames],
            [flow.ratio for flow in flows],
            [frame.validation_loss for frame in frames],
            run.chance.loss,
        )

    lstm, rnn = map(of, load_recordings())
    assert "The gradient came back at epoch 11.1. The loss left" in lstm
    assert "arrives. The loss has not left" in rnn
