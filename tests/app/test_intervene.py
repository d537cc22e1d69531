"""Reaching into a network: what the page asks, shows and takes back."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments.intervention import Intervention
from lstm_viz.numerals import numeral
from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import another_session, button, charts, go, healthy, small_run, texts
from tests.app.test_examples import chosen

PAGE, NOW = "pages/inside/intervene.py", "intervene.now"
UNTOUCHED = "Nothing is changed."
EVERYTHING = Intervention(
    (("forget", 0.5),), (1,), (2, 5), (0,), begin=0.5, change=(3, 0, 0.25), swap=("weight_hh", 0)
)


def widget(app: AppTest, kind: str, name: str):
    return next(each for each in getattr(app, kind) if each.key == f"intervene.{name}")


def metrics(app: AppTest) -> list[tuple[str, str]]:
    return [(each.value, each.delta) for each in app.metric]


def test_every_way_to_reach_in_is_offered_and_taken_back_alone(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 3})
    trainer.advance()
    go(app, PAGE)
    assert UNTOUCHED in texts(app)
    own = [value for value, _delta in metrics(app)]
    reached = {
        "multiselect": {"gates": ["forget"], "silenced": [1]},
        "selectbox": {"begin": -1, "swap": "weight_ih"},
        "number_input": {"change": 4},
    }
    for kind, values in reached.items():
        for name, value in values.items():
            healthy(widget(app, kind, name).set_value(value).run())
            assert UNTOUCHED not in texts(app)
            assert [delta for _value, delta in metrics(app)] == [f"untouched: {v}" for v in own]
            empty = [] if kind == "multiselect" else None
            healthy(widget(app, kind, name).set_value(empty).run())
            assert UNTOUCHED in texts(app), name
            assert [value for value, _delta in metrics(app)] == own
    healthy(widget(app, "multiselect", "gates").set_value(["forget", "input"]).run())
    healthy(widget(app, "slider", "value.input").set_value(0.25).run())
    healthy(widget(app, "slider", "steps").set_value((2, 5)).run())
    assert app.session_state[NOW] == Intervention((("forget", 1.0), ("input", 0.25)), steps=(2, 5))
    assert "held" in charts(app)[0]
    for there in (None, 4):  # the changed input takes the place of a gate
        healthy(widget(app, "number_input", "change").set_value(there).run())
        assert [name for name in charts(app)[0] if name.startswith("row")][-1] == "row4"
    healthy(widget(app, "number_input", "change").set_value(None).run())
    healthy(widget(app, "multiselect", "units").set_value([1]).run())
    healthy(widget(app, "multiselect", "gates").set_value([]).run())
    assert UNTOUCHED in texts(app), "no gate is held: units and steps of none are no change"
    assert [value for value, _delta in metrics(app)] == own
    healthy(widget(app, "multiselect", "gates").set_value(["input"]).run())
    assert app.session_state[NOW] == Intervention((("input", 1.0),)), "nothing of the last gate's"
    app.session_state[NOW] = Intervention((("forget", 0.0), ("input", 0.5)), (9,), (2, 5))
    healthy(app.run())
    assert UNTOUCHED in texts(app)
    assert "this layer has none of these units" in texts(app)
    healthy(widget(app, "multiselect", "silenced").set_value([0]).run())
    assert app.session_state[NOW] == Intervention(silenced=(0,)), "what is not there is forgotten"
    app.session_state[NOW] = Intervention((("forget", 0.0),), steps=(40, 50))
    healthy(app.run())
    assert UNTOUCHED in texts(app) and "none of these time steps" in texts(app)
    healthy(button(app, "Back to the run").click().run())
    assert UNTOUCHED in texts(app) and "none of these time steps" not in texts(app)
    healthy(app.toggle(key="state.silenced").set_value(True).run())
    assert "validation examples" in texts(app)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"train.cell": "rnn_tanh"}, "This cell has no gate that could be clamped."),
        ({"train.layers": 2, "train.bidirectional": True, "train.readout": "attention"}, ""),
        ({"data.group": "text", "data.text": "topics", "data.window": 12}, "of them stay"),
        ({"train.hidden_size": 150}, "Weights cannot be swapped"),
    ],
)
def test_any_run_has_a_view_or_a_sentence(
    app: AppTest, trainer: InProcessTrainer, settings: dict[str, object], said: str
) -> None:
    small_run(app, **{"train.hidden_size": 3, "train.epochs": 1, **settings})
    trainer.advance(slices=2)
    app.session_state[NOW] = EVERYTHING
    go(app, PAGE)
    assert len(metrics(app)) == 3
    assert said.replace("of them stay", "the intervention") in texts(app)


def test_the_example_to_begin_like_stays_where_another_one_is_shown(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 3, "train.epochs": 1})
    trainer.advance()
    app.session_state[NOW] = Intervention(begin_like=2)
    (run,) = [each for each in trainer.runs.all if each.state != "recorded"]
    x, y = (values[5:6] for values in run.dataset.part("validation"))
    weights = run.film.frames[-1].weights
    expected = trainer.ask(
        "laboratory_of", settings=run.settings, dataset=run.dataset, weights=weights,
        what="intervened", layer="recurrent.l0", inputs=x, targets=y,
        intervention=Intervention(begin_like=2), like=run.examples.inputs[2:3],
    )  # fmt: skip
    go(app, PAGE)
    chosen(app, place=5)
    healthy(app.run())
    assert widget(app, "selectbox", "begin").value == 2
    assert metrics(app)[1][0] == numeral(expected["after"]["loss"])
    assert expected["after"]["loss"] != pytest.approx(expected["before"]["loss"], rel=0.01)


@pytest.mark.parametrize(
    ("settings", "label", "value", "left_out"),
    [
        ({"data.task": "first_symbol", "data.first_symbol.count": 60},
         "Probability of X first, target ", "0.", True),
        ({"data.group": "series", "data.series": "sine", "data.window": 8, "data.horizon": 5,
          "data.sine.points": 120}, "First of 5 answers (scaled), target ", "", False),
        ({"data.task": "copy_memory", "data.copy_memory.count": 60}, "Answers", "of 5 the same",
         True),
    ],
)  # fmt: skip
def test_the_answer_says_what_it_is_and_a_symbol_that_is_none_is_left_out(
    app: AppTest,
    trainer: InProcessTrainer,
    settings: dict[str, object],
    label: str,
    value: str,
    left_out: bool,
) -> None:
    small_run(app, **{"train.hidden_size": 3, "train.epochs": 1, **settings})
    trainer.advance()
    app.session_state[NOW] = Intervention(silenced=(0, 1), change=(3, 0, 999.0))
    go(app, PAGE)
    assert app.metric[0].label.replace("\\", "").startswith(label)
    assert value in app.metric[0].value
    assert ("999 is the code of no symbol here" in texts(app)) == left_out


def test_a_link_carries_what_is_changed_and_says_what_it_cannot_read(
    trainer: InProcessTrainer,
) -> None:
    app = another_session()
    app.query_params["intervene"] = EVERYTHING.to_text()
    healthy(app.run())
    assert app.session_state[NOW] == EVERYTHING
    app = another_session()
    app.query_params["intervene"] = "clamp:forget"
    healthy(app.run())
    assert "No intervention can be read from 'clamp:forget'" in app.toast[0].value.replace(
        "\\", ""
    ).replace("\u2060", "")
    assert NOW not in app.session_state
