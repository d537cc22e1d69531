"""The first page's story: each scene by its link, its sentence, and the way from it to a run."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments.links import Link
from lstm_viz.measures.selectivity import writes_at_marks
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.selection import KEY
from tests.app.conftest import another_session, button, components, go, healthy, texts
from tests.app.test_address import address

SAID = {
    1: "Set the gates so that the cell keeps the last marked number",
    2: "Untrained, the LSTM's input gates differ by at most",
    3: "the LSTM beats the best constant answer from epoch",
    4: "From t = 49 to 15, the gradient is multiplied by",
    5: "Drop a file",
}


def scene(number: object) -> AppTest:
    app = another_session()
    app.query_params["scene"] = str(number)
    return healthy(app.run())


@pytest.mark.parametrize("number", SAID)
def test_a_scenes_link_opens_it_with_its_sentence(trainer: InProcessTrainer, number: int) -> None:
    app = scene(number)
    assert SAID[number] in texts(app)
    assert ("Recorded" in texts(app)) == (number in (2, 3, 4))
    assert Link.of(address(app)).parameters["scene"] == [str(number)]


def test_next_and_back_go_through_the_story_and_a_strange_scene_is_the_first(
    trainer: InProcessTrainer,
) -> None:
    app = scene("<b>")
    assert SAID[1] in texts(app)
    assert button(app, "Back").disabled
    for number in (2, 3, 4, 5):
        healthy(button(app, "Next").click().run())
        assert SAID[number] in texts(app)
    assert button(app, "Next").disabled
    healthy(button(app, "Back").click().run())
    assert SAID[4] in texts(app)


def test_a_scene_that_streamlit_forgot_is_the_first(trainer: InProcessTrainer) -> None:
    app = another_session()
    app.session_state["story.scene"] = None
    app.session_state["data.group"] = app.session_state["data.adding.count"] = None
    assert SAID[1] in texts(healthy(app.run()))
    assert "Adding" in texts(go(app, "pages/lab/data.py"))


def stair(run: Run) -> list[float]:
    """What is added at the marks to the unit that stores what is marked."""
    layer, inputs = run.film.frames[-1].top_layer, run.examples.inputs[0]
    assert layer.cell is not None
    marked = inputs[:, 1] > 0.5
    found = writes_at_marks(layer.gates["input"][0], layer.cell[0], marked)
    assert found is not None
    held = layer.cell[0, :, found.unit]
    return [float(held[t] - held[t - 1]) for t in range(1, len(held)) if marked[t]]


def test_the_recorded_units_stair_goes_up_at_both_marks(trainer: InProcessTrainer) -> None:
    assert min(stair(trainer.runs.recorded[0])) > 0.3


def test_live_is_the_same_experiment_example_and_unit_slow_enough_to_follow(
    trainer: InProcessTrainer,
) -> None:
    app = scene(2)
    button(app, "Train it live").click().run()
    recorded = trainer.runs.recorded[0]
    run = trainer.run(app.session_state["runs"][0])
    assert run.settings.changed(device="cpu") == recorded.settings
    assert 0 < run.pace < recorded.steps_per_epoch
    (speed,) = [each for each in app.selectbox if each.label == "Speed of the training"]
    assert speed.value == run.pace
    healthy(speed.set_value(0).run())
    assert run.pace == 0
    chosen = app.session_state[KEY]
    assert chosen.units == (7,)
    assert (run.examples.inputs[chosen.sample] == recorded.examples.inputs[0]).all()


def test_both_networks_of_the_fourth_scene_race_live(trainer: InProcessTrainer) -> None:
    app = scene(4)
    button(app, "Train both live").click().run()
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    assert {run.settings.cell.kind for run in runs} == {"lstm", "rnn_tanh"}
    assert runs[0].race == runs[1].race != ""


def test_a_file_dropped_into_the_story_is_the_data(trainer: InProcessTrainer) -> None:
    app = scene(5)
    rows = "a,b\n" + "\n".join(f"{k % 7 / 2},{k % 5}" for k in range(90))
    healthy(app.file_uploader[0].set_value(("mine.csv", rows.encode(), "text/csv")).run())
    assert app.title[0].value == "Data"
    assert components(app)
    again = healthy(app.switch_page("pages/welcome/start.py").run())
    assert "Drop a file" in texts(again), "what was brought before leads nowhere"


def test_without_recordings_the_story_is_what_needs_none(trainer: InProcessTrainer) -> None:
    for run in trainer.runs.recorded:
        del trainer.runs._runs[run.id]
    app = scene(2)
    assert "Drop a file" in texts(app)
