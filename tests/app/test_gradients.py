"""The Gradients page says of a run what was measured of it, whatever the run is."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments import cost
from lstm_viz.measures.gradient_flow import said_flow, said_trained
from lstm_viz.measures.spelling import share
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import go, healthy, small_run, texts

PAGE = "pages/inside/gradients.py"


def own(app: AppTest, trainer: InProcessTrainer) -> Run:
    return trainer.run(app.session_state["runs"][0])


def trained(app: AppTest, trainer: InProcessTrainer, **settings: object) -> Run:
    small_run(app, **{f"train.{name}": value for name, value in settings.items()})
    trainer.advance()
    go(app, PAGE)
    return own(app, trainer)


def test_a_link_shows_the_recorded_rnn_whose_gradient_vanishes_beside_an_lstm(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.query_params["show"] = "adding_rnn"
    go(app, PAGE)
    lstm, rnn = trainer.runs.recorded
    for name, run in {"LSTM": lstm, "RNN (tanh)": rnn}.items():
        first, last = (run.film.frames[k].top_layer.flow(0) for k in (0, -1))
        assert said_trained(name, first, last) in texts(app)
    assert "RNN (tanh)" in app.selectbox[0].value or rnn.id == app.selectbox[0].value
    assert "it vanishes" in texts(app)
    assert "times as large at step 0. Untrained" in texts(app)
    assert "Measure what would help" in [each.label for each in app.toggle]


def test_a_link_to_nothing_shows_what_is_shown_without_it(app: AppTest) -> None:
    app.query_params["show"] = "<script>"
    go(app, PAGE)
    assert app.selectbox[0].value == "adding"


@pytest.mark.parametrize("readout", ["last", "mean", "attention"])
def test_a_reverse_layers_gradient_is_told_in_the_order_of_its_run(
    app: AppTest, trainer: InProcessTrainer, readout: str
) -> None:
    small_run(
        app,
        **{
            "train.cell": "rnn_tanh",
            "train.bidirectional": True,
            "train.readout": readout,
            "data.adding.length": 40,
        },
    )
    trainer.advance()
    go(app, PAGE)
    layers = next(each for each in app.selectbox if each.label == "Layer")
    assert layers.value == "recurrent.l0", "a layer that reads forward comes first"
    healthy(layers.set_value("recurrent.l0_reverse").run())
    layer = own(app, trainer).film.frames[-1].layers["recurrent.l0_reverse"]
    assert layer.flow_from[0] == 0
    assert said_flow(layer.flow(0)) in texts(app)
    assert "arrives at step 39" in texts(app)
    assert "explodes" not in texts(app)


def test_an_early_frame_is_told_as_it_was(app: AppTest, trainer: InProcessTrainer) -> None:
    run = trained(app, trainer)
    first, last = (run.film.frames[k].top_layer.flow(0) for k in (0, -1))
    assert said_flow(last) in texts(app)
    assert "Untrained: " in texts(app)
    from lstm_viz.ui.selection import KEY, Selection

    app.session_state[KEY] = Selection(run=run.id, step=0)
    healthy(app.run())
    assert said_flow(first) in texts(app)
    assert "Untrained: " not in texts(app)


def test_truncation_and_clipping_are_said_where_they_are_and_not_where_not(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    trained(app, trainer, truncate=4, clip_norm=0.01)
    assert "Truncated BPTT: training cuts this gradient every 4 steps." in texts(app)
    clipped = own(app, trainer).film.updates
    assert f"Clipping acted at {clipped.clipped} of {clipped.counted} updates" in texts(app)
    assert "explodes" not in texts(app)
    go(app, "pages/lab/train.py")
    assert "training cuts this gradient every 4 steps." in texts(app)
    trained(app, trainer, truncate=0, clip_norm=100.0)
    assert "Truncated" not in texts(app)
    assert "Clipping never acted" in texts(app)
    assert not [each for each in app.button if "without clipping" in each.label]


def test_the_same_training_without_clipping_stands_beside_it_after_a_click(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = trained(app, trainer, clip_norm=0.01)
    button = next(each for each in app.button if each.label == "Train the same without clipping")
    healthy(button.click().run())
    assert "The same training without clipping: " in texts(app)
    trainer.advance()
    healthy(app.run())
    twin, first = (trainer.run(each) for each in reversed(app.session_state["runs"][-2:]))
    assert first is run and twin.settings == run.settings.changed(clip_norm=0.0)
    loss = twin.film.frames[-1].validation_loss
    assert f"is {share(loss)} without clipping" in texts(app)
    from lstm_viz.ui.selection import KEY

    assert app.session_state[KEY].run == run.id, "which stays the one that is looked at"
    go(app, PAGE)
    app.session_state[KEY] = replace(app.session_state[KEY], run=twin.id)
    healthy(app.run())
    assert "Nothing is clipped in this run." in texts(app)


@pytest.mark.parametrize(
    "settings",
    [
        {"cell": "rnn_relu", "bidirectional": True, "readout": "mean", "hidden_size": 1},
        {"cell": "min_gru", "readout": "attention", "layers": 2},
    ],
)
def test_the_laboratory_measures_what_is_shown_when_it_is_asked(
    app: AppTest, trainer: InProcessTrainer, settings: dict[str, object]
) -> None:
    trained(app, trainer, **settings)
    plain, minimal = texts(app), settings["cell"] == "min_gru"
    for what, said in {
        "map": "Median over s",
        "inputs": "of the attribution",
        "carousel": "exactly the product of the gates" if minimal else "has no carousel",
        "jacobians": "growth of a change",
    }.items():
        assert said not in plain
        app.session_state["laboratory.open"] = what
        healthy(app.run())
        assert said in texts(app)
        assert not app.error
    app.session_state["laboratory.when"] = "training"
    healthy(app.run())
    assert any(said in texts(app) for said in ("Largest exponent a step", "carries nothing on"))
    assert "Right: the first state's change" in texts(app)


def test_with_zoneout_the_gradient_flows_and_no_way_along_c_is_drawn_or_explained(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    trained(app, trainer, cell="lstm_variant", zoneout=0.3)
    assert "no gradient flows" not in texts(app) and "arrives at step 0" in texts(app)
    app.session_state["laboratory.open"] = "carousel"
    said = texts(healthy(app.run()))
    assert "no gradient enters the state" in said and "rides the state" not in said


def test_the_laboratory_says_what_it_cannot_measure(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(app, trainer)
    app.session_state["laboratory.open"] = "jacobians"
    monkeypatch.setattr(cost, "LABORATORY_SECONDS", 1e-9)
    healthy(app.run())
    assert "This would take about" in app.error[0].value
    app.session_state["laboratory.open"] = "inputs"
    healthy(app.run())
    assert "This would take about" in app.error[0].value


def test_what_would_help_a_gradient_that_vanishes_is_measured_and_trained(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    trained(app, trainer, cell="lstm", hidden_size=4, forget_bias=3.0)
    assert "Measure what would help" not in [each.label for each in app.toggle]
    app.session_state["gradients.helping"] = True
    small_run(app, **{"train.cell": "rnn_tanh", "data.adding.length": 40})
    trainer.advance()
    go(app, PAGE)
    run = trainer.run(app.session_state["runs"][-1])
    began = run.film.frames[0].top_layer.flow(0).ratio
    assert f"Before training, {share(began)} of the gradient from step 39" in texts(app)
    assert "with an LSTM with forget bias 3" in texts(app)
    healthy(app.button("helping.lstm").click().run())
    trainer.advance()
    new = trainer.run(app.session_state["runs"][-1])
    assert new.id != run.id and new.dataset is run.dataset
    assert new.settings == run.settings.changed(cell="lstm", forget_bias=3.0)
    arrives = new.film.frames[0].top_layer.flow(0).ratio
    assert f"{share(arrives)} with an LSTM" in said(app, run)


def said(app: AppTest, run: Run) -> str:
    """What the page says of a run."""
    from lstm_viz.ui.selection import KEY

    app.session_state[KEY] = replace(app.session_state[KEY], run=run.id)
    return texts(healthy(app.run()))


def test_a_measurement_is_stopped_and_made_after_all(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    trained(app, trainer)
    app.session_state["laboratory.open"] = "map"
    healthy(app.run())
    assert "Median over s" in texts(app)
    app.session_state["laboratory.measured"] = {}  # as it was while that was measured
    healthy(app.button("laboratory.stop").click().run())
    assert "You stopped this measurement" in texts(app)
    assert "Median over s" not in texts(app)
    app.session_state["laboratory.open"] = "carousel"
    healthy(app.run())
    assert "You stopped" not in texts(app), "another one"
    app.session_state["laboratory.open"] = "map"
    healthy(app.run())
    (again,) = [each for each in app.button if each.label == "Measure it"]
    healthy(again.click().run())
    assert "Median over s" in texts(app)


def test_the_class_whose_score_is_attributed_is_named_as_it_is_written(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_run(app, **{"data.task": "temporal_order", "data.temporal_order.count": 60})
    trainer.advance()
    run = own(app, trainer)
    names = tuple(f"*{name}*" for name in run.dataset.classes)
    monkeypatch.setattr(run, "dataset", replace(run.dataset, classes=names))
    app.session_state["laboratory.open"] = "inputs"
    go(app, PAGE)
    assert "the score of the class '\\*" in texts(app)
