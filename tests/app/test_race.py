"""A race, from its button to its table, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.run import Run
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
    """The contenders that are watched."""
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
    assert "On 3 seeds. Seeds that solved the task (loss below a tenth" in texts(page)
    assert "edian validation loss" in texts(page)
    assert "Held equal: Data (Adding problem), Seeds (0 to 2), Epochs (4)" in texts(page)
    assert "Different: Cell." in texts(page)
    table = page.table[0].value
    assert list(table.index.str.replace("\\", "")) == ["RNN (tanh)", "LSTM", "GRU"]
    assert list(table["parameters"]) == [f"{run.parameters:,}" for run in runs]
    assert all(run.memory > 0 for run in runs)


def test_each_contender_trains_with_further_seeds_that_no_list_shows(
    page: AppTest, trainer: InProcessTrainer
) -> None:
    page.number_input(key="race.seeds").set_value(2).run()
    runs = started(page, trainer)
    pairs = [trainer.runs.seeds_of(run.id) for run in runs]
    assert [[run.settings.budget.seed for run in pair] for pair in pairs] == [[0, 1]] * 3
    for watched, other in pairs:
        assert other.settings.changed(seed=0) == watched.settings
        assert other.dataset is watched.dataset
    while any(run.training for run in runs):
        trainer.advance(slices=1)
    healthy(page.run())
    assert "So far on 1 of 2 seeds." in texts(page)
    trainer.advance()
    healthy(page.run())
    assert "On 2 seeds." in texts(page)
    assert {*page.table[0].value["solved"]} <= {"0 of 2", "1 of 2", "2 of 2"}
    assert page.multiselect[0].value == [run.id for run in runs]
    assert len(page.multiselect[0].options) == 3


def test_a_race_with_one_slow_contender_trains_apart_as_a_whole(
    page: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart: list[bool] = []
    room = trainer._room_for
    monkeypatch.setattr(trainer, "is_slow", lambda settings, _: settings.cell.kind == "gru")
    monkeypatch.setattr(
        trainer, "_room_for", lambda race, slow: (apart.append(slow), room(race, slow))[1]
    )
    started(page, trainer)
    assert apart == [True] * 3


def test_a_race_for_which_there_is_no_room_starts_nothing_and_stops_nothing(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    before = [run.state for run in trainer.runs.all]
    trainer.runs.keeping = Keeping(owner_runs=2)
    press(go(app, COMPARE), "Start the race")
    assert "You can train 2 runs at a time" in texts(app)
    assert [run.state for run in trainer.runs.all] == before


def test_films_of_a_race_that_gave_way_on_a_full_server_say_so_once(
    page: AppTest, trainer: InProcessTrainer
) -> None:
    runs = started(page, trainer)
    trainer.advance()
    healthy(page.run())
    assert "keeps fewer moments" not in texts(page)
    runs[1].thinned = True
    healthy(page.run())
    assert texts(page).count("keeps fewer moments of some of these films") == 1


def test_a_further_seed_is_looked_into(page: AppTest, trainer: InProcessTrainer) -> None:
    runs = started(page, trainer)
    trainer.advance()
    healthy(page.run())
    page.query_params["show"] = runs[1].id
    go(page, "pages/inside/gates.py")
    (seed,) = (each for each in page.selectbox if each.label == "Seed")
    assert seed.options == ["Seed 0", "Seed 1", "Seed 2"]
    other = trainer.runs.seeds_of(runs[1].id)[2]
    healthy(seed.set_value(other.id).run())
    assert page.session_state["selection"].run == other.id
    go(page, "pages/lab/train.py")
    assert page.selectbox[0].label != "Seed"


def test_equal_numbers_of_parameters_are_those_of_the_first_contender(
    page: AppTest, trainer: InProcessTrainer
) -> None:
    page.toggle(key="race.equal").set_value(True).run()
    said = texts(page)
    first, *others = [run.parameters for run in started(page, trainer)]
    for count in others:
        assert abs(count - first) / first < 0.1, "16 units each were 3 and 4 times as many"
        assert f"Parameters: {count:,}" in said


def test_the_carousel_fills_the_editor_and_its_forget_gates_are_opened(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    go(app, COMPARE)
    press(app, "From the carousel to the GRU")
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    assert len(runs) == 7
    trainer.advance(slices=1)
    app.toggle(key="race.editing").set_value(True).run()
    assert not button(app, "Start the race").disabled
    press(app, "Raise the forget-gate bias to 3")
    raised = [trainer.run(run) for run in app.session_state["runs"]][7:]
    assert [run.state for run in runs] == ["stopped"] * 7
    biases = [run.settings.cell.options.get("forget_bias") for run in raised]
    assert biases == [None, None, 3.0, 3.0, 3.0, None], "twins race once"
    assert raised[3].label == "With peepholes · forget bias 3"
    assert raised[0].settings == runs[0].settings
    assert not [each for each in app.button if each.label.startswith("Raise")], "all are open"
    press(app, "Start the race")
    again = [trainer.run(run) for run in app.session_state["runs"]][13:]
    assert [(run.settings, run.label) for run in again] == [
        (run.settings, run.label) for run in raised
    ], "the editor holds the contenders of the race"


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
    press(page, "One epoch each")
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


def test_a_race_has_two_to_eight_contenders(page: AppTest, trainer: InProcessTrainer) -> None:
    for _ in range(5):
        press(page, "Add a contender")
    assert not [each for each in page.button if each.label == "Add a contender"]
    for slot in (0, 1, 3, 4, 5, 6):
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
    healthy(page.toggle(key="race.editing").set_value(True).run())
    assert button(page, "Add the current run").disabled, "it is among the contenders"


def test_a_contender_is_looked_into(page: AppTest, trainer: InProcessTrainer) -> None:
    runs = started(page, trainer)
    trainer.advance()
    healthy(page.run())
    links = {link.proto.query_string: link.proto for link in page.get("page_link")}
    link = links[f"show={runs[1].id}"]
    assert (link.label, link.page) == ("LSTM", "gates")
    page.query_params["show"] = runs[1].id
    go(page, "pages/inside/gates.py")
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


def test_different_losses_are_compared_by_an_error_that_they_share(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    for loss in ("mse", "mae"):
        small_run(app, **{"train.loss": loss})
        trainer.advance()
    go(app, COMPARE)
    words = texts(app)
    assert "The losses differ, so mean absolute errors are compared." in words
    assert "Best validation loss" not in words
    assert "mean absolute error (scaled)" in app.table[0].value.columns
