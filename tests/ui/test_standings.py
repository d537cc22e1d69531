"""The words of a race are true to its numbers, for runs made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.run import Run
from lstm_viz.ui.race.equal import said_equal, same_data
from lstm_viz.ui.race.standings import standing
from tests.training.datasets import wave
from tests.training.frames_for_tests import frame

CONFIG = Settings.of(epochs=3, seed=7, batch_size=16)


def run_of(settings: Settings = CONFIG, dataset: Dataset | None = None, examples: int = 2) -> Run:
    inputs = np.ones((examples, 8, 1), np.float32)
    run = Run("id", settings, dataset or wave(), Film(), probe=Probe(inputs, inputs, inputs))
    run.film.append(frame(0))
    run.film.append(frame(30))
    return run


def test_a_standing_is_that_of_the_step_that_all_have_reached() -> None:
    run = run_of()
    first, last = (run.film.frames[k].top_layer for k in (0, -1))
    first.flow_norms["cell"][:] = [1e-6, 1e-4, 1e-2, 1e-1, 1.0]
    last.flow_norms["cell"][:] = 1.0
    run.film.append(replace(frame(60), validation_loss=0.1, validation_accuracy=0.3))
    run.memory, run.parameters, run.seconds, run.step, run.steps_per_epoch = 5, 6, 2.0, 4, 3
    found = standing("A", run, None, "validation_loss")
    assert (found.score, found.accuracy) == (0.1, 0.3)
    assert (found.memory, found.parameters, found.seconds_per_epoch) == (5, 6, 1.5)
    assert found.untrained.reach() == 3, "1e-4 at the third step back is below a thousandth"
    assert standing("A", run, 30, "validation_loss").now.reach() is None
    assert standing("A", run, 30, "validation_loss").score == 2 / 31


def test_of_a_network_of_both_directions_the_forward_layer_is_compared() -> None:
    """The reverse one, whose norms fall the other way, was told to reach beyond the sequence."""
    run = run_of()
    forward = run.film.frames[0].layers["recurrent.l0"]
    decay = 1e-2 ** np.arange(5.0)
    forward.flow_norms["cell"][:] = decay[::-1]
    reverse = replace(
        forward,
        flow_norms={"hidden": decay + np.zeros((2, 1)), "cell": decay + np.zeros((2, 1))},
        flow_from=np.zeros(2, np.int64),
        reverse=True,
    )
    both = {"recurrent.l0": forward, "recurrent.l0_reverse": reverse}
    run.film = Film()
    run.film.append(replace(frame(0), layers=both))
    found = standing("A", run, None, "validation_loss")
    assert (found.untrained.reverse, found.untrained.reach()) == (False, 2)
    assert reverse.flow().reach() == 2


def test_what_was_held_equal_is_read_from_the_runs() -> None:
    runs = [run_of(CONFIG.changed(cell=cell)) for cell in ("lstm", "gru")]
    assert said_equal(runs) == (
        "Held equal: Data (wave), Seed (7), Epochs (3), Batch size (16) and Probe examples (2). "
        "Different: Cell."
    )
    assert said_equal(runs[:1]) == "", "one run is equal to nothing"


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        (run_of(CONFIG.changed(epochs=9)), "Different: Epochs."),
        (run_of(CONFIG.changed(seed=9)), "Different: Seed."),
        (run_of(CONFIG.changed(batch_size=9)), "Different: Batch size."),
        (run_of(dataset=wave(window=9)), "Different: Data."),
        (run_of(CONFIG.changed(loss="mae")), "Different: Loss."),
    ],
)
def test_what_makes_a_comparison_unfair_is_said(other: Run, apart: str) -> None:
    said = said_equal([run_of(), other])
    assert said.endswith(f"{apart} So compare with care.")
    assert apart.removeprefix("Different: ").rstrip(".") + " (" not in said


def test_other_probe_examples_are_not_called_equal() -> None:
    assert "Probe" not in said_equal([run_of(), run_of(examples=1)])


def test_the_same_examples_made_twice_are_the_same_data() -> None:
    assert same_data(wave(), wave())
    assert not same_data(wave(), replace(wave(), values=-wave().values))
