"""The verdict of a race over its seeds, for runs made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.film import SCALARS, Film
from lstm_viz.runs.run import Run
from lstm_viz.ui.race.courses import courses
from lstm_viz.ui.race.scores import curve_of
from lstm_viz.ui.race.seeds import has_solved, said_verdict, score_at_end
from tests.training.datasets import wave
from tests.training.frames_for_tests import frame

ORDER = make_task("temporal_order", {"count": 1000, "length": 20})
ADDING = make_task("adding", {"count": 1000, "length": 4})
EPOCHS, PER_EPOCH = 3, 10
SOLVED, CHANCE = 1.0, 0.25


def run_of(
    accuracy: float = np.nan,
    *,
    loss: float = 0.5,
    data: Dataset = ORDER,
    state: str = "finished",
    seed: int = 0,
) -> Run:
    """A run that has these scores at the end of its three epochs."""
    settings = Settings.of(epochs=EPOCHS, seed=seed)
    run = Run("id", settings, data, Film(), state=state, steps_per_epoch=PER_EPOCH, total_steps=30)
    errors = np.full(200, 1 - accuracy if accuracy == accuracy else loss, np.float32)
    measured = {"validation_errors": errors, "validation_losses": errors}
    scores = {"validation_accuracy": accuracy, "validation_loss": loss}
    for step in (0, EPOCHS * PER_EPOCH):
        run.film.append(replace(frame(step), **scores, **measured))
    return run


def seeds(*accuracies: float, states: str = "finished finished finished") -> list[Run]:
    return [
        run_of(accuracy, state=state)
        for accuracy, state in zip(accuracies, states.split(), strict=True)
    ]


def test_a_verdict_counts_the_seeds_that_solve_the_task_and_compares_medians() -> None:
    said = said_verdict({"GRU": seeds(1.0, 0.999, 1.0), "RNN": seeds(0.25, 0.26, 0.3)})
    assert said.startswith(
        "On 3 seeds. Seeds that solved the task (accuracy at least 99%): GRU 3 of 3; RNN 0 of 3. "
        "Best median accuracy: GRU (100.0%, 99.9% to 100.0%). Behind: RNN (26.0%, "
    )
    assert said.endswith("Best constant answer: accuracy 28.0%.")


def test_the_luck_of_one_seed_makes_no_winner() -> None:
    said = said_verdict({"A": seeds(1.0, 0.25, 0.25), "B": seeds(0.25, 1.0, 1.0)})
    assert "B 2 of 3; A 1 of 3." in said
    assert "No further apart than the seeds" in said
    assert "Next" not in said


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ("finished training waiting", "So far on 1 of 3 seeds."),
        ("finished finished paused", "So far on 2 of 3 seeds."),
        ("finished finished stopped", "On 2 of 3 seeds: the others did not train to the end."),
    ],
)
def test_a_verdict_says_on_how_many_seeds_it_stands(states: str, said: str) -> None:
    both = {name: seeds(1.0, 1.0, 1.0, states=states) for name in "AB"}
    assert said_verdict(both).startswith(said)


def test_while_the_watched_seed_trains_the_verdict_is_about_it_alone() -> None:
    both = {name: seeds(1.0, 1.0, 1.0, states="training waiting waiting") for name in "AB"}
    said = said_verdict(both, until=15)
    assert said.startswith(
        "**At epoch 1.5, which all have reached, with the first of 3 seeds.** Too close "
    )
    assert "solved" not in said.lower(), "it has not ended"


def test_a_verdict_on_one_seed_warns_and_compares_by_the_examples() -> None:
    said = said_verdict({"A": [run_of(SOLVED)], "B": [run_of(CHANCE)]})
    assert said.startswith(
        "On 1 seed: another may end differently. Seeds that solved the task (accuracy "
    )
    assert "Best accuracy: A (100.0%). Behind: B (25.0%)." in said
    assert "Compared on the same 200 validation examples." in said


def test_a_seed_whose_training_broke_off_solves_nothing_and_ranks_nobody() -> None:
    both = {"A": seeds(1.0, 1.0, 1.0, states="finished diverged finished")}
    both |= {name: seeds(1.0, 1.0, 1.0) for name in "BC"}
    said = said_verdict(both)
    assert "B and C 3 of 3; A 2 of 3." in said
    assert said.endswith("Left out, training broke off: A.")


def test_a_series_has_no_solution() -> None:
    both = {name: [run_of(data=wave(), loss=0.01) for _ in range(3)] for name in "AB"}
    said = said_verdict(both)
    assert said.startswith(
        "On 3 seeds. No further apart than the seeds in median validation loss: "
    )
    assert "olved" not in said


def test_numbers_are_solved_by_a_tenth_of_what_a_constant_answer_costs() -> None:
    constant = run_of(data=ADDING).chance.loss
    assert has_solved(run_of(data=ADDING, loss=0.09 * constant))
    assert not has_solved(run_of(data=ADDING, loss=0.11 * constant))
    said = said_verdict({name: [run_of(data=ADDING, loss=0.5)] for name in "AB"})
    assert f"below a tenth of a constant answer's, {constant / 10:.3g})" in said


def test_a_run_that_was_trained_further_is_judged_at_the_end_that_all_have() -> None:
    run = run_of(0.4)
    run.film.append(replace(frame(99), validation_accuracy=1.0))
    assert score_at_end(run, "validation_accuracy") == 0.4
    assert np.isnan(score_at_end(replace(run, state="diverged"), "validation_accuracy"))


def test_one_plot_has_each_watched_seed_thick_the_others_thin_and_medians_broad() -> None:
    both = {
        "A": seeds(1.0, 0.5, 0.25),
        "B": seeds(0.25, 0.25, 0.25, states="finished training waiting"),
    }
    both["B"][1].film.note(dict.fromkeys(SCALARS, 0.3) | {"step": 40})
    runs = [runs[0] for runs in both.values()]
    loss, accuracy = courses(both, curve_of(runs))
    looks = [(each.faint, each.broad) for each in accuracy.courses]
    median, thin, thick = (False, True), (True, False), (False, False)
    assert looks == [median, *[thin] * 4, *[thick] * 2], "B has one seed that has ended"
    assert accuracy.courses[0].values.tolist()[-1] == 0.5
    assert {each.colour["light"] for each in loss.courses} == {
        accuracy.courses[k].colour["light"] for k in (-2, -1)
    }
    (only,) = courses({"A": [run_of(data=ADDING)]}, curve_of([run_of(data=ADDING)]))
    assert [each.broad for each in only.courses] == [False], "one seed has no median"
