"""The first screen: a recorded training plays, and one click starts the same one live."""

import numpy as np
import streamlit as st

from lstm_viz.figures.gradients import flow_row
from lstm_viz.figures.layer_rows import gate_rows, input_rows
from lstm_viz.figures.rows import Pinned, Row
from lstm_viz.measures.selectivity import Writing, said_writing, writes_at_marks
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import address, controls, player, session
from lstm_viz.ui.clock import PLACE, Playing
from lstm_viz.ui.say import heading, look_for
from lstm_viz.ui.selection import SHOW
from lstm_viz.ui.service import trainer
from lstm_viz.words import _, ngettext

HEAT_HEIGHT, LINE_HEIGHT = 48, 72  # the whole film fits a projector's 900 pixels
GATES_SHOWN = ("forget", "input")


def page() -> None:
    heading(
        _("See inside a network while it learns"),
        _(
            "An LSTM reads 50 numbers, two of them marked, and must answer their sum. Watch its "
            "gates learn to store only the marked ones."
        ),
    )
    recorded = trainer().runs.recorded
    if recorded:
        _live_button(recorded[0])
        _film(recorded[0])
    left, middle, right = st.columns(3)
    with left:
        st.page_link(
            "pages/lab/data.py", label=_("Bring your own series"), icon=":material/upload_file:"
        )
        st.caption(_("Upload a CSV, or pick one of the series and tasks that ship with the app."))
    with middle:
        st.page_link(
            "pages/lab/presets.py",
            label=_("Run a textbook experiment"),
            icon=":material/experiment:",
        )
        st.caption(_("Forecasts, text, classification, long memory: each starts with one click."))
    with right:
        st.page_link(
            "pages/inside/gradients.py",
            label=_("See gradients vanish"),
            icon=":material/trending_down:",
            query_params={SHOW: "adding_rnn"},
        )
        st.caption(_("An RNN beside an LSTM: how much of the gradient arrives at the first step."))


def _live_button(run: Run) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    clicked = row.button(
        _("Train it live"),
        icon=":material/play_arrow:",
        type="primary",
        shortcut="Ctrl+Enter",
        help=_("Train the same network now, on this server."),
    )
    row.caption(
        ngettext(
            "**Recording** of a real training, {epochs} epoch.",
            "**Recording** of a real training, {epochs} epochs.",
            run.settings.budget.epochs,
        ).format(epochs=run.settings.budget.epochs)
    )
    if clicked:
        assert run.data is not None
        session.choose(session.choices_of_data(run.data))
        session.choose({**session.choices_of(run.settings), "train.device": "auto"})
        controls.start()
        st.switch_page("pages/lab/train.py")


@st.fragment
def _film(run: Run) -> None:
    newest = run.film.frames[-1]
    film = player.layer_film(run, newest)
    layer, target = film.of(newest), run.examples.targets[film.sample]
    gates = [row for row in gate_rows(layer, HEAT_HEIGHT) if row.signal in GATES_SHOWN]
    rows: list[Row] = [
        *input_rows(run.dataset, run.examples.inputs[film.sample], target, height=LINE_HEIGHT),
        *gates,
        Pinned(["cell"], y=_("c"), height=LINE_HEIGHT),
        flow_row(layer, film.sample, LINE_HEIGHT),
    ]
    player.show(film, rows, key="film.start", label=_label(), playing=Playing())
    look_for(_what_to_see(run, film.layer, film.sample))
    address.write()


def _what_to_see(run: Run, layer: str, sample: int) -> str:
    """The unit that stores the marked values when the recording ends, and since when."""
    frames, marked = run.film.frames, run.examples.inputs[sample, :, 1] > 0.5
    return said_writing(
        [int(unit) for unit in frames[-1].layers[layer].units],
        [frame.epoch for frame in frames],
        [_writing(frame, layer, sample, marked) for frame in frames],
    )


def _writing(frame: Frame, layer: str, sample: int, marked: np.ndarray) -> Writing | None:
    seen = frame.layers[layer]
    assert seen.cell is not None
    return writes_at_marks(seen.gates["input"][sample], seen.cell[sample], marked)


def _label() -> str:
    return _("{moment}, loss {loss:.4f}").replace("{moment}", _(PLACE))


page()
