"""What a race says of its scores: only what can be compared, and only what the examples show."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.chance import chance
from lstm_viz.runs.film import Film
from lstm_viz.runs.run import Run
from lstm_viz.ui.race.scores import curve_of, said_scores
from tests.training.frames_for_tests import frame

ADDING = make_task("adding", {"count": 1000, "length": 4})
ORDER = make_task("temporal_order", {"count": 1000, "length": 20})
RANDOM = np.random.default_rng(0)
CONSTANT = {loss: chance(ADDING, loss).losses.values for loss in ("mse", "mae", "huber")}


def run_of(values: np.ndarray, data: Dataset = ADDING, state: str = "finished", **settings) -> Run:
    """A run whose newest frame has these losses (and errors) on the validation examples."""
    run = Run("id", Settings.of(**settings), data, Film(), state=state)
    run.film.append(frame(0))
    measured = {"validation_losses": values, "validation_errors": values}
    run.film.append(replace(frame(30), validation_loss=float(values.mean()), **measured))
    return run


def shares(wrong: int) -> np.ndarray:
    return (np.arange(200) < wrong).astype(np.float32)


def test_a_leader_is_named_with_its_score_and_that_of_the_next() -> None:
    runs = {"RNN": run_of(shares(150), ORDER), "LSTM": run_of(shares(2), ORDER)}
    said = said_scores(runs)
    assert said.startswith("Best accuracy: LSTM (99.0%). Behind: RNN (25.0%). ")
    assert "Not measurably better than the best constant answer (accuracy 28.0%): RNN." in said
    assert said.endswith("Compared on the same 200 validation examples.")


def test_one_example_more_makes_no_leader() -> None:
    runs = {"RNN": run_of(shares(150), ORDER), "LSTM": run_of(shares(2), ORDER)}
    runs["GRU"] = run_of(shares(1), ORDER)
    assert said_scores(runs).startswith(
        "Best accuracy: GRU (99.5%). Too close to call: LSTM (99.0%). Behind: RNN (25.0%)."
    )
    del runs["RNN"]
    assert said_scores(runs).startswith(
        "Too close to call in accuracy: GRU (99.5%) and LSTM (99.0%). "
        "All beat the best constant answer (accuracy 28.0%)."
    )


@pytest.mark.parametrize("loss", CONSTANT)
def test_what_has_learned_nothing_is_not_better_than_a_constant_under_any_loss(loss: str) -> None:
    constant = CONSTANT[loss]
    noise = RANDOM.normal(size=200)
    nothing = constant * 0.97 + constant.mean() * (noise - noise.mean())  # lucky by 3 %
    runs = {"RNN": run_of(nothing, loss=loss), "LSTM": run_of(constant / 10, loss=loss)}
    cost = f"{constant.mean():.3g}"
    assert (
        f"Not measurably better than the best constant answer (loss {cost}): RNN."
        in said_scores(runs)
    )
    del runs["RNN"]
    runs["GRU"] = run_of(constant / 2, loss=loss)
    assert f"All beat the best constant answer (loss {cost})." in said_scores(runs)


def test_different_losses_are_never_ranked_against_each_other() -> None:
    """An MSE of 0.01 is no better than an MAE of 0.08: it is the same error."""
    runs = {
        "A": run_of(np.full(200, 0.08), loss="mse"),
        "B": run_of(np.full(200, 0.02), loss="mae"),
    }
    said = said_scores(runs)
    assert said.startswith("The losses differ, so mean absolute errors are compared. ")
    assert "Best mean absolute error: B (0.02). Behind: A (0.08)." in said
    assert f"best constant answer (MAE {CONSTANT['mae'].mean():.3g})" in said
    curve = curve_of(list(runs.values()))
    assert (curve.what, curve.title) == ("validation_mae", "mean absolute error (scaled)")
    assert curve.chance == pytest.approx(CONSTANT["mae"].mean())


def test_equal_losses_share_an_axis_and_the_constant_of_that_loss() -> None:
    curve = curve_of([run_of(np.ones(200), loss="huber")] * 2)
    assert (curve.what, curve.title) == ("validation_loss", "Huber")
    assert curve.chance == pytest.approx(CONSTANT["huber"].mean())


def test_different_data_is_not_compared() -> None:
    other = make_task("adding", {"count": 1000, "length": 5})
    runs = {"A": run_of(np.ones(200)), "B": run_of(np.zeros(200), other)}
    said = "These runs learned from different data: no comparison."
    assert said_scores(runs) == said
    assert curve_of(list(runs.values())).chance is None


def test_a_training_that_broke_off_has_no_place() -> None:
    runs = {name: run_of(np.full(200, 0.1 * k)) for k, name in enumerate("AB", 1)}
    runs["C"] = run_of(np.zeros(200), state="diverged")
    said = said_scores(runs)
    assert said.startswith("Best validation loss: A (0.1). Behind: B (0.2). ")
    assert said.endswith("Left out, training broke off: C.")
    assert "Left out" not in said_scores({"A": runs["A"], "B": runs["B"]})


def test_all_are_compared_at_the_step_that_all_have_reached() -> None:
    early, late = run_of(np.full(200, 0.2)), run_of(np.full(200, 0.1))
    zeros = np.zeros(200, np.float32)
    early.film.append(replace(frame(60), validation_losses=zeros, validation_errors=zeros))
    assert said_scores({"A": early, "B": late}, 30).startswith("Best validation loss: B (0.1).")
