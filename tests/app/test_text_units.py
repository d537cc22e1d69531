"""The units that follow something in a text, as a strip on the Forecast page."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.measures.following import Following
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.forecast import text as face
from tests.app.conftest import go, healthy, small_run, texts

FOUND = [Following(2, "spaces", 0.97), Following(1, "the place in the line", -0.85)]
FAINT = [Following(0, "digits", 0.7)]


def test_the_clearest_units_are_offered_and_any_other_by_its_number(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face, "followed", lambda _text, _values: FOUND + FAINT)
    small_run(
        app,
        **{"data.group": "text", "train.hidden_size": 4, "train.epochs": 1, "data.window": 20},
    )
    go(app, "pages/lab/forecast.py")
    strip, number = app.pills(key="forecast.followers"), app.selectbox(key="forecast.unit")
    assert list(strip.options) == ["2: spaces", "1: the place in the line"]
    assert (strip.value, number.value) == (2, 2)
    assert "Unit 2 follows spaces: its cell state c is higher in 97%" in texts(app)
    healthy(strip.set_value(1).run())
    assert app.selectbox(key="forecast.unit").value == 1
    assert "Unit 1: its cell state c follows the place in the line, correlation −0.85" in texts(app)
    healthy(app.selectbox(key="forecast.unit").set_value(0).run())
    assert app.pills(key="forecast.followers").value is None
    assert "In this text unit 0 follows nothing measured here." in texts(app)
    monkeypatch.setattr(face, "followed", lambda _text, _values: FAINT)
    healthy(app.run())
    assert not [each for each in app.pills if each.key == "forecast.followers"]
    assert "No unit follows anything measured here." in texts(app)
