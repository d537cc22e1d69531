"""What the pages that look inside say of a run."""

from dataclasses import replace

import pytest

from lstm_viz.runs.recordings import load_recordings
from lstm_viz.ui.inside import status_of


@pytest.mark.parametrize(
    ("loss", "said"),
    [(0.25, "validation loss 0.25"), (float("nan"), "not finite"), (float("inf"), "not finite")],
)
def test_a_loss_that_is_no_number_is_said_in_words(loss: float, said: str) -> None:
    run = load_recordings()[0]
    assert status_of(run, replace(run.film.frames[-1], validation_loss=loss)).endswith(said)
