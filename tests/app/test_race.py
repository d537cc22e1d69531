"""A race, from its button to its table, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.runs.registry import Run
from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import button, go, healthy, small_run, texts

COMPARE = "pages/lab/compare.py"
SMALL = {"data.adding.count": 100, "data.adding.length": 12, "train.epochs": 4}


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The page before a race on something small."""
    for key, value in SMALL.items():
        app.session_state[key] = value
    return go(app, COMPARE)


def started(page: AppTest, trainer: InProcessTrainer) -> list[Run]:
    healthy(button(page, "Start the race").click().run())
    return [trainer.run(run) for run in page.session_state["runs"]]


def press(page: AppTest, label: str) -> None:
    healthy(button(page, label).click().run())


def test_one_click_races_three_cells_with_all_else_equal(
    page: AppTest, trainer: InProcessTrainer
) -> None:
    runs = started(page, trainer)
    assert [run.settings.cell.kind for run in runs] == ["rnn_tanh", "lstm", "gru"]
    assert len({run.race for run in runs}) == 1 and runs[0].race
    assert len({id(run.dataset) for run in runs}) == 1
    assert (
        len(
            {
                (
                    run.settings.budget.seed,
                    run.settings.budget.epochs,
                    run.settings.budget.batch_size,
                )
                for run in runs
            }
        )
        == 1
    )
    trainer.advance()
    healthy(page.run())
    assert [run.state for run in runs] == ["finished"] * 3
    assert "alidation loss" in texts(page)
    assert "Compared on the same 20 validation examples." in texts(page)
    assert "Held equal: Data (Adding problem), Seed (0), Epochs (4)" in texts(page)
    assert "Different: Cell." in texts(page)
    table = page.table[0].value
    assert list(table.index.str.replace("\\", "")) == ["RNN (tanh)", "LSTM", "GRU"]
    assert list(table["parameters"]) == [f"{run.parameters:,}" for run in runs]
    assert all(run.memory > 0 for run in runs)


def test_a_fresh_visitor_races_on_data_where_the_difference_shows(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    go(app, COMPARE)
    assert "order of two symbols" in texts(app)
    runs = started(app, trainer)
    assert {run.dataset.name for run in runs} == {"Temporal order"}


def test_all_are_held_stepped_resumed_and_stopped_at_once(
    page: AppTest, trainer: InProcessTrainer
) -> None:
    page.session_state["train.epochs"] = 500
    runs = started(page, trainer)
    trainer.advance(slices=3)
    press(page, "Pause all")
    assert all(run.step > 0 for run in runs), "each has its turn"
    assert {run.state for run in runs} == {"paused"}
    held = [run.step for run in runs]
    press(page, "Step all")
    trainer.advance()
    for run, before in zip(runs, held, strict=True):
        assert run.step == (before // run.steps_per_epoch + 1) * run.steps_per_epoch
    healthy(page.run())
    press(page, "Resume all")
    assert {run.state for run in runs} == {"training"}
    press(page, "Stop all")
    assert {run.state for run in runs} == {"stopped"}


def test_a_contender_that_diverges_stops_alone(app: AppTest, trainer: InProcessTrainer) -> None:
    explosive = {"race.0.cell": "rnn_relu", "race.0.learning_rate": 10.0}
    calm = {"train.clip_norm": 0.0, "train.optimizer": "sgd", "train.learning_rate": 0.01}
    for key, value in {**SMALL, **calm, **explosive}.items():
        app.session_state[key] = value
    page = go(app, COMPARE)
    runs = started(page, trainer)
    trainer.advance()
    assert [run.state for run in runs] == ["diverged", "finished", "finished"]
    healthy(page.run())
    assert "diverged at update" in texts(page)
    assert len(page.table[0].value) == 3, "it keeps its row"


def test_contenders_that_are_the_same_cannot_race(page: AppTest, trainer: InProcessTrainer) -> None:
    page.selectbox(key="race.0.cell").set_value("lstm").run()
    assert button(page, "Start the race").disabled
    assert "Contenders 1 and 2 are the same" in texts(page)


def test_a_race_has_two_to_four_contenders(page: AppTest, trainer: InProcessTrainer) -> None:
    press(page, "Add a contender")
    assert not [each for each in page.button if each.label == "Add a contender"]
    for slot in (0, 1):
        healthy(page.button(key=f"race.remove.{slot}").click().run())
    assert all(each.disabled for each in page.button if each.label == "Remove")
    assert [run.settings.cell.kind for run in started(page, trainer)] == ["gru", "lstm"]


def test_the_current_run_becomes_a_contender_with_the_races_budget(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 5, "train.cell": "nested_lstm"})
    trainer.advance()
    app.session_state["train.hidden_size"] = 6
    app.session_state["train.epochs"] = 2
    go(app, COMPARE)
    press(app, "Add the current run")
    runs = started(app, trainer)[1:]
    assert [run.settings.network.hidden_size for run in runs] == [6, 6, 6, 5]
    assert runs[-1].settings.cell.kind == "nested_lstm"
    assert {run.settings.budget.epochs for run in runs} == {2}


def test_a_run_that_races_already_cannot_be_added(page: AppTest, trainer: InProcessTrainer) -> None:
    assert button(page, "Add the current run").disabled, "there is none"
    started(page, trainer)
    healthy(page.run())
    assert button(page, "Add the current run").disabled, "it is among the contenders"


def test_a_contender_is_looked_into(page: AppTest, trainer: InProcessTrainer) -> None:
    runs = started(page, trainer)
    trainer.advance()
    healthy(page.run())
    healthy(page.button(key=f"race.inside.{runs[1].id}").click().run())
    assert page.title[0].value == "Gates"
    assert page.session_state["selection"].run == runs[1].id


def test_any_runs_are_compared_and_what_differs_is_said(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    small_run(app, **{"train.epochs": 2, "train.seed": 3})
    trainer.advance()
    go(app, COMPARE)
    assert len(app.table[0].value) == 2
    assert "Different: Epochs and Seed. So compare with care." in texts(app)
