"""The measuring pages of runs of which little can be measured: they say so, section by section."""

import io

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments.intervention import Intervention
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import go, small_run, texts
from tests.app.test_uploads import with_upload

CELL_STATE, GRADIENTS, INTERVENE = (
    f"pages/inside/{name}.py" for name in ("cell_state", "gradients", "intervene")
)
ON_REQUEST = ("state.points", "state.responds", "state.silenced", "state.turns")
SECTIONS = ("map", "inputs", "carousel", "jacobians")


def walked(app: AppTest, *pages: str) -> dict[str, str]:
    """What the pages say, with all that is measured on request; by section of the laboratory."""
    for key in ON_REQUEST:
        app.session_state[key] = True
    said = {page: texts(go(app, page)) for page in pages}
    for section in SECTIONS:
        app.session_state["laboratory.open"] = section
        said[section] = texts(go(app, GRADIENTS))
    return said


def own(app: AppTest, trainer: InProcessTrainer) -> Run:
    return trainer.run(app.session_state["runs"][-1])


@pytest.mark.parametrize("cell", ["lstm", "rnn_tanh"])
def test_a_sequence_of_one_step_is_measured_as_far_as_it_goes(
    app: AppTest, trainer: InProcessTrainer, cell: str
) -> None:
    x = np.random.default_rng(0).normal(size=(60, 1, 2))
    file = io.BytesIO()
    np.savez(file, x=x, y=(x[:, 0, 0] > 0).astype(int))
    with_upload(app, file.getvalue(), "one.npz")
    small_run(app, **{"train.cell": cell, "train.hidden_size": 3, "train.epochs": 2})
    trainer.advance()
    assert own(app, trainer).dataset.window == 1
    app.session_state["intervene.now"] = Intervention(silenced=(0,), change=(0, 0, 2.0))
    said = walked(app, CELL_STATE, INTERVENE)
    assert "A sequence of one step has no stretch." in said[CELL_STATE]
    assert "A sequence of one step has no path." in said[CELL_STATE]
    assert "longer than the sequence (1)" in said[CELL_STATE] or cell != "lstm"
    assert "The mean loss " in said[INTERVENE]
    for section in ("map", "carousel", "jacobians"):
        assert "A sequence of one step has no earlier step" in said[section]
    assert "The only step carries all" in said["inputs"]
    app.session_state["intervene.now"] = Intervention((("forget", 0.0),), begin=0.5)
    go(app, INTERVENE)
    assert ("This cell has no gate" in texts(app)) == (cell == "rnn_tanh")
    assert not [each for each in app.slider if each.key == "intervene.steps"]
    assert [each.value for each in app.metric] != [each.delta for each in app.metric]


def test_what_a_diverged_run_became_is_measured_and_said(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(
        app,
        **{
            "train.cell": "rnn_relu",
            "train.optimizer": "sgd",
            "train.learning_rate": 5.0,
            "train.clip_norm": 0.0,
            "train.epochs": 500,
        },
    )
    trainer.advance()
    assert own(app, trainer).state == "diverged"
    app.session_state["intervene.now"] = Intervention(begin=0.5)
    said = walked(app, CELL_STATE, INTERVENE)
    assert "The state grows beyond 1,000,000" in said[CELL_STATE]
    assert "moves in fewer than two directions" in said[CELL_STATE]
    assert "The mean loss " in said[INTERVENE]
    last = own(app, trainer).film.frames[-1]
    untouched = [each.delta for each in go(app, INTERVENE).metric]
    assert f"untouched: {numeral(last.validation_loss)}" in untouched
    assert "it explodes" in said["map"] and "has no carousel" in said["carousel"]
    assert "a small change grows" in said["jacobians"]
