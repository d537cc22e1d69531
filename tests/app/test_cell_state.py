"""What the Cell state page shows below its stage."""

from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from tests.app.conftest import go, healthy, small_run, texts

PAGE = "pages/inside/cell_state.py"


def test_the_paths_of_the_state_and_on_request_where_it_rests(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 6})
    trainer.advance()
    go(app, PAGE)
    assert "of the variance of cell state c" in texts(app)
    assert "found" not in texts(app)
    healthy(app.toggle(key="state.points").set_value(True).run())
    assert "found (" in texts(app)
    held = next(each for each in app.segmented_control if each.key == "state.held")
    healthy(held.set_value("points").run())
    assert "found (" in texts(app)


def test_a_state_of_one_unit_has_no_plane_and_a_large_layer_no_points(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.hidden_size": 1, "train.epochs": 1})
    trainer.advance()
    go(app, PAGE)
    assert "moves in fewer than two directions" in texts(app)
    app.session_state["state.points"] = True
    small_run(app, **{"train.hidden_size": 65, "train.epochs": 1})
    trainer.advance()
    go(app, PAGE)
    assert "up to 128 states, and this one has 130" in texts(app)
