"""Another example than those of the frames on the stage."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.links import VIEW
from lstm_viz.training import loop
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.selection import KEY
from tests.app.conftest import components, go, healthy, small_run, texts
from tests.app.test_address import address, opened
from tests.figures.message import unpack

PLACE = 7


def chosen(app: AppTest, part: str = "validation", place: int = PLACE) -> None:
    """As a click on a dot chooses it."""
    app.session_state[KEY] = replace(app.session_state[KEY], example=(part, place), sample=0)


def film_of(app: AppTest) -> tuple[dict, list[np.ndarray]]:
    header, arrays = unpack(components(app, "film")[0])
    return header, arrays


@pytest.mark.parametrize("part", ["validation", "test"])
def test_the_stage_shows_it_with_its_own_input_answer_and_film(
    app: AppTest, trainer: InProcessTrainer, part: str
) -> None:
    small_run(app)
    trainer.advance()
    (run,) = [each for each in trainer.runs.all if each.state != "recorded"]
    chosen(app, part)
    for page in ("lab/train", "inside/cell", "inside/gates", "inside/cell_state"):
        go(app, f"pages/{page}.py")
        header, _arrays = film_of(app)
        (film,) = header["films"]
        assert film["run"] == "" and film["sent"], "its frames come with the page"
        steps = [moment[0] for moment in film["clock"]]
        assert {run.film.frames[0].step, run.film.frames[-1].step} <= set(steps)
        name = f"{part.title()} example {PLACE + 1}"
        assert any(name in each.options for each in app.selectbox)
        marked = np.flatnonzero(run.dataset.part(part)[0][PLACE, :, 1])
        assert header["marks"] == marked.tolist(), "where the task marked its numbers"
    assert f"example={part}-{PLACE}" in address(app)
    assert "Click a dot" in texts(go(app, "pages/lab/forecast.py"))
    go(app, "pages/inside/cell_state.py")
    app.session_state[KEY] = replace(app.session_state[KEY], step=run.film.frames[0].step)
    go(app, "pages/inside/cell_state.py")
    assert film_of(app)[0]["playback"]["step"] == 0, "a moment chosen for the run is its own too"
    (number,) = [each for each in app.number_input if each.label == "Another validation example"]
    healthy(number.set_value(3).run())
    assert app.session_state[KEY].example == ("validation", 2)
    (which,) = [each for each in app.selectbox if each.label == "Example"]
    healthy(which.set_value(1).run())
    assert film_of(app)[0]["films"][0]["run"] == run.id, "its own examples come by the feed"


def test_where_it_cannot_be_shown_the_page_says_why_and_shows_the_run(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "MAX_WEIGHTS", 10)
    small_run(app)
    trainer.advance(slices=1)
    chosen(app)
    go(app, "pages/inside/gates.py")
    assert "Validation example 8 is shown when the training pauses or ends." in texts(app)
    trainer.advance()
    for page in ("lab/forecast", "inside/gates"):
        go(app, f"pages/{page}.py")
        assert "Validation example 8 cannot be shown" in texts(app)
        assert "Click a dot" not in texts(app), "nothing would come of it"
    assert film_of(app)[0]["films"][0]["run"]
    chosen(app, place=10**4)
    healthy(app.run())
    assert app.session_state[KEY].example is None, "there is no such example"


def test_a_link_names_it_and_what_names_nothing_is_said(trainer: InProcessTrainer) -> None:
    limit = VIEW["example"]
    assert limit.read("example", "test-12") == ("test", 12)
    for text in ("", "test", "test-", "test--1", "exam-3", "test-1.5", "test-²"):
        with pytest.raises(ConfigError, match="such as 'training-12'"):
            limit.read("example", text)
    app = opened("example=foo", "pages/inside/gates.py")
    assert "example=foo" in app.toast[0].value.replace("\\", "")
    app = opened("example=validation-99999", "pages/inside/gates.py")
    assert "no 'Validation example 100000'" in app.toast[0].value
