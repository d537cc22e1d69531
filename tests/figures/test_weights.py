"""A network as the browser runs it: which it can run, and what of it is sent."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_viz.data.tasks.catalogue import adding_problem, make_task
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.weights import model_of, runs_in_browser, weights_message
from lstm_viz.runs.frames import MAX_WEIGHTS
from lstm_viz.runs.recordings import load_recordings
from lstm_viz.runs.topics import RefusedError


@pytest.mark.parametrize(
    ("how", "can"),
    [
        ({"cell": "gru", "layers": 2, "bidirectional": True, "readout": "mean"}, True),
        ({"cell": "rnn_relu"}, True),
        ({"cell": "lstm_variant"}, False),
        ({"cell": "nested_lstm"}, False),
        ({"cell": "lstm", "conv_channels": 4}, False),
        ({"cell": "lstm", "readout": "attention"}, False),
    ],
)
def test_only_what_the_browser_has_equations_of_is_run_there(
    how: dict[str, Any], can: bool
) -> None:
    assert runs_in_browser(Settings.of(**how), adding_problem(20, 5)) is can


def test_where_each_step_is_answered_there_is_no_pool() -> None:
    settings, echo = Settings.of(cell="lstm"), make_task("delayed_echo")
    assert model_of(settings, adding_problem(20, 5))["readout"] == "last"
    assert model_of(settings, echo)["readout"] == "every"
    assert runs_in_browser(Settings.of(readout="attention"), echo)


def test_a_frame_without_weights_or_with_too_many_sends_none() -> None:
    frame = load_recordings()[0].film.frames[0]
    many = {"readout.weight": np.zeros((1, MAX_WEIGHTS + 1), np.float32)}
    for weights in (None, many):
        with pytest.raises(RefusedError):
            weights_message("weights/x", replace(frame, weights=weights))
