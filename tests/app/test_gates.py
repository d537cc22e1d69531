"""The page of the gates: every set of gates, and a GRU read in either convention."""

from itertools import product

import numpy as np
from streamlit.testing.v1 import AppTest

from lstm_viz.data.tasks.catalogue import adding_problem
from lstm_viz.experiments.settings import Settings
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.connection import DOWN
from lstm_viz.ui.selection import KEY, Selection
from tests.app.conftest import charts, components, go, healthy, texts
from tests.figures.message import unpack

PAGE = "pages/inside/gates.py"
GATES = ("input", "forget", "output")
NO_GATES = dict.fromkeys((f"{gate}_gate" for gate in GATES), False)


def look_at(app: AppTest, trainer: InProcessTrainer, **settings: object) -> AppTest:
    """The page of the gates, with a small trained network of these settings on it."""
    chosen = Settings.of(hidden_size=6, epochs=1, device="cpu", **settings)
    run = trainer.submit(chosen, adding_problem(64, 12, seed=0))
    trainer.advance()
    go(app, "pages/lab/experiments.py")
    app.session_state["runs"] = [run]
    app.session_state[KEY] = Selection(run=run, sort="memory")
    return go(app, PAGE)


def film(app: AppTest) -> dict:
    """What the page's film was told."""
    (data,) = components(app, "film")
    return unpack(data)[0]


def drawn(app: AppTest) -> list[str]:
    (drawn_film,) = film(app)["films"]
    return [row["signal"] for row in drawn_film["rows"] if row["kind"] == "heat"]


def test_every_set_of_gates_is_drawn_and_what_is_off_is_said(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    for on in product([True, False], repeat=3):
        parts = {f"{gate}_gate": is_on for gate, is_on in zip(GATES, on, strict=True)}
        look_at(app, trainer, cell="lstm_variant", **parts)
        gates = {gate for gate, is_on in zip(GATES, on, strict=True) if is_on}
        states = set() if gates else {"cell", "hidden"}
        assert set(drawn(app)) == gates | {"candidate"} | states
        for gate, is_on in zip(GATES, on, strict=True):
            assert (f"No {gate} gate" in texts(app)) != is_on
        assert len(charts(app)) == (2 if gates else 0)
        assert ("that the candidate adds stays" in texts(app)) != bool(gates)


def test_a_coupled_input_gate_is_no_missing_one(app: AppTest, trainer: InProcessTrainer) -> None:
    look_at(app, trainer, cell="lstm_variant", coupled=True)
    assert "the input gate is 1 − f" in texts(app)
    assert "No input gate" not in texts(app)


def test_the_switch_to_1_minus_z_changes_what_is_drawn_and_nothing_that_is_derived(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state[DOWN] = True  # without a feed the frames come with the page
    look_at(app, trainer, cell="gru")
    assert "Update gate 1: the state is kept." in texts(app)
    before, derived, sent = film(app), charts(app), update_gate(app)
    healthy(app.toggle[0].set_value(True).run())
    assert "1 - z near 0: the state is kept." in texts(app)
    assert "Update gate 1: the state is kept." not in texts(app)
    after = film(app)
    np.testing.assert_allclose(update_gate(app), 1 - sent, atol=0.01)
    assert after["pinned"] == before["pinned"]
    assert after["films"][0]["order"] == before["films"][0]["order"] is not None
    assert charts(app) == derived
    assert after["looks"]["update"]["name"].startswith("1 - z")
    assert before["looks"]["update"]["name"] == "update gate z"
    titles = {row["signal"]: row["title"] for row in after["films"][0]["rows"][1:4]}
    assert titles["update"].startswith("1 - z")
    assert titles["candidate"] == after["looks"]["candidate"]["name"] == "candidate n"


def update_gate(app: AppTest) -> np.ndarray:
    """(frames, U): the mean of the update gate over time, as it is drawn."""
    (data,) = components(app, "film")
    header, arrays = unpack(data)
    signal = header["films"][0]["signals"]["update"]
    low, high = np.split(arrays[signal["rows"]].astype(np.float64), 2, axis=2)
    return ((arrays[signal["array"]] - 0.5) / 255 * (high - low) + low).mean(axis=2)
