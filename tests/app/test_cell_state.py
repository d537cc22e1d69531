"""What the Cell state page shows below its stage."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments.stretch import Stretch
from lstm_viz.measures.responding import held, responding, sides
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.components import PROJECT
from lstm_viz.ui.selection import KEY
from tests.app.conftest import button, go, healthy, small_run, texts
from tests.app.test_address import address, opened
from tests.app.test_examples import film_of

PAGE = "pages/inside/cell_state.py"


def spaces(app: AppTest) -> list[dict]:
    """The paths that can be turned."""
    return [
        json.loads(node.proto.json)
        for node in app.main
        if node.type == "bidi_component" and node.proto.component_name == f"{PROJECT}.space"
    ]


def test_the_paths_of_the_state_and_on_request_where_it_rests(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 6})
    trainer.advance()
    go(app, PAGE)
    assert "of the variance of cell state c" in texts(app)
    assert "With this input held" not in texts(app)
    healthy(app.toggle(key="state.points").set_value(True).run())
    assert "With this input held: " in texts(app)
    held = next(each for each in app.segmented_control if each.key == "state.held")
    healthy(held.set_value("points").run())
    assert "With this input held: " in texts(app)
    assert not spaces(app)
    healthy(app.toggle(key="state.turns").set_value(True).run())
    (view,) = spaces(app)
    assert len(view["own"]) == 12 and view["points"] and view["marked"]
    assert "With this input held: " in texts(app)


def test_a_state_of_one_unit_has_no_plane_and_a_large_layer_no_points(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 1, "train.epochs": 1})
    trainer.advance()
    go(app, PAGE)
    assert "moves in fewer than two directions" in texts(app)
    app.session_state["state.turns"] = True
    small_run(app, **{"train.hidden_size": 2, "train.epochs": 1})
    trainer.advance()
    go(app, PAGE)
    assert "moves in two directions only" in texts(app)
    app.session_state["state.turns"] = False
    app.session_state["state.points"] = True
    small_run(app, **{"train.hidden_size": 65, "train.epochs": 1})
    trainer.advance()
    go(app, PAGE)
    assert "this layer has 130" in texts(app)


def strips(app: AppTest) -> dict:
    """What the chart of windows is made of."""
    charts = [node.proto for node in app.main if node.type == "vega_lite_chart"]
    (spec,) = [json.loads(each.spec) for each in charts if "the window begins" in each.spec]
    return spec


@pytest.mark.parametrize(
    "settings",
    [
        {"train.cell": "lstm"},
        {"train.cell": "rnn_relu", "train.layers": 2, "train.bidirectional": True},
        {"train.cell": "gru", "data.task": "copy_memory", "data.copy_memory.count": 60},
        {"data.group": "text", "data.text": "topics", "data.window": 12, "train.cell": "min_gru"},
        {"data.group": "series", "data.series": "sine", "data.window": 8, "data.sine.points": 120},
    ],
)
def test_units_that_respond_to_a_stretch_are_looked_for_in_other_examples(
    app: AppTest, trainer: InProcessTrainer, settings: dict[str, object]
) -> None:
    small_run(app, **{"train.hidden_size": 6, "train.epochs": 1, **settings})
    trainer.advance(slices=2)
    go(app, PAGE)
    assert "stretch=" not in address(app) and film_of(app)[0]["stretch"] is None
    healthy(app.toggle(key="state.responds").set_value(True).run())
    stretch = app.session_state["state.stretch"]
    assert film_of(app)[0]["stretch"] == [*stretch.steps], "the stage frames it"
    top = trainer.run(app.session_state["runs"][0]).film.frames[-1].top_layer
    on = sides(held(top.hidden[0], None if top.cell is None else top.cell[0]), stretch.threshold)
    units = np.flatnonzero(responding(on, stretch.steps))
    assert ", ".join(map(str, units)) in texts(app) and len(units)
    assert "Other validation examples in which" in texts(app)
    assert strips(app)
    again = go(opened(address(app)), PAGE)
    assert again.session_state["state.stretch"] == stretch and strips(again) == strips(app)


def test_a_stretch_is_chosen_pinned_and_left_for_another_example(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 6})
    trainer.advance()
    app.session_state["state.responds"] = True
    app.session_state["state.stretch"] = Stretch(3, 40, 1e-5, before=False)
    go(app, PAGE)
    (slider,) = [each for each in app.slider if each.key == "state.stretch.steps"]
    assert slider.value == (3, 11), "what the sequence has of it"
    assert "Units on at t = 3-11: 0, 1, 2" in texts(app)
    healthy(button(app, "Pin them").click().run())
    assert app.session_state[KEY].units == (0, 1, 2, 3)
    healthy(slider.set_value((5, 7)).run())
    assert app.session_state["state.stretch"] == Stretch(5, 7, 1e-5, before=False)
    assert app.session_state[KEY].t == 5, "the stage goes there"
    assert film_of(app)[0]["stretch"] == [5, 7]
    assert "Units on at t = 5-7: 6, but also just outside" in texts(app)
