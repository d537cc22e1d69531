"""A run's film as a file, from the app."""

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.saving import page
from tests.app.conftest import go, small_run


def test_a_run_that_has_ended_is_saved_with_the_cell_of_its_own_network(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    assert not app.get("download_button"), "it is still training"
    trainer.advance()
    for script in ("pages/lab/train.py", "pages/inside/gates.py"):
        go(app, script)
        (saves,) = app.get("download_button")
        assert saves.label == "Save the film"
    run = trainer.run(app.session_state["runs"][-1])
    whole = page(LayerFilm(run, "recurrent.l0", 0), "Run 1")
    assert "<h1>Run 1</h1>" in whole and 'id="message-cell"' in whole

    run.film._kept = [
        replace(kept, frame=replace(kept.frame, weights=None)) for kept in run.film._kept
    ]
    assert 'id="message-cell"' in page(LayerFilm(run, "recurrent.l0", 0), "Run 1")
    run.resident = False
    without = page(LayerFilm(run, "recurrent.l0", 0), "Run 1")
    assert 'id="message-cell"' not in without, "it would be that of an untrained network"
