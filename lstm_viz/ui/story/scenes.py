"""The five scenes of the first page, on recorded runs and on the reader's own gates."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from lstm_viz.figures.clock import Playing
from lstm_viz.figures.gradients import flow_row
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import gate_rows, input_rows
from lstm_viz.figures.rows import Pinned, Row
from lstm_viz.measures.chance import found_out
from lstm_viz.measures.selectivity import Marks, writes_at_marks
from lstm_viz.measures.story import said_found_out, said_two_flows, said_untrained
from lstm_viz.runs.run import Run
from lstm_viz.ui import address, player, stage
from lstm_viz.ui.cell.hand import exercise
from lstm_viz.ui.choices import uploaded
from lstm_viz.ui.data.upload import bring
from lstm_viz.ui.names import cell_name
from lstm_viz.ui.race.courses import colour_of
from lstm_viz.ui.race.side_by_side import shares, top_film
from lstm_viz.ui.service import trainer
from lstm_viz.ui.story.live import live_button, recorded
from lstm_viz.ui.story.telling import Scenes, sentence
from lstm_viz.words import N_, _

HEAT_HEIGHT, LINE_HEIGHT = 56, 84
GATES_SHOWN = ("forget", "input")
BEFORE = 12
"""Frames of slow motion before the moment at which the network finds out."""
SLOW = 2.0
"""Frames a second then."""
SAMPLE = 0
"""The example of the whole story."""
BROUGHT = "story.brought"
"""In the session: when the drop zone was drawn last, and the data that was there then."""


def scenes() -> Scenes:
    """Name -> what draws it; without recordings, the first and the last."""
    runs = trainer().runs.recorded
    told: dict[str, Callable[[], None]] = {N_("Hold a number"): partial(hold, runs[:1])}
    if runs:
        told[N_("Let it learn")] = partial(learn, runs[0])
        told[N_("It finds out")] = partial(find_out, runs[0])
    if len(runs) > 1:
        told[N_("An RNN forgets")] = partial(forget, runs[1], runs[0])
    return {**told, N_("Your own series"): bring_own}


def hold(runs: Sequence[Run]) -> None:
    """The reader's own gates."""
    with sentence(_("Set the gates so that the cell keeps the last marked number until the end.")):
        if runs:
            live_button(runs, _unit(runs[0]))
    exercise(("forget", "input"), "story")


def learn(run: Run) -> None:
    """The whole recorded training."""
    untrained = LayerFilm(run, _layer(run), SAMPLE).of(run.film.frames[0])
    with sentence(said_untrained(untrained.gates["input"][SAMPLE], _marked(run))):
        recorded([run], _unit(run))
    _film(run, Playing(halt=run.film.frames[-1].step), "learn")


def find_out(run: Run) -> None:
    """Slow motion up to the moment at which the loss leaves that of the best constant answer."""
    frames, constant = run.film.frames, run.chance.loss
    losses = [frame.validation_loss for frame in frames]
    found = found_out(losses, constant)
    with sentence(said_found_out(losses, [frame.epoch for frame in frames], constant)):
        recorded([run], _unit(run))
    if found is None:
        _film(run, Playing(), "found")
        return
    begin = frames[max(0, found - BEFORE)].step
    _film(run, Playing(begin=begin, halt=frames[found].step, rate=SLOW), "found")


def forget(rnn: Run, lstm: Run) -> None:
    """What arrives of the gradient, in two networks beside each other."""
    runs = [rnn, lstm]
    names = [cell_name(run.settings.cell.kind) for run in runs]
    flows = [run.film.frames[-1].layers[_layer(run)].flow(SAMPLE) for run in runs]
    t = int(np.flatnonzero(_marked(lstm))[0])
    with sentence(said_two_flows((names[0], names[1]), (flows[0], flows[1]), t)):
        recorded(runs, _unit(lstm))
    _beside(runs, names)


def bring_own() -> None:
    """The drop zone itself."""
    with sentence(_("Drop a file, or paste numbers. Then train on it.")):
        pass
    with st.columns([1, 3, 1])[1]:
        bring()
    drawing, content = st.session_state[address.DRAWING], uploaded()
    before = st.session_state.get(BROUGHT)
    st.session_state[BROUGHT] = drawing, content
    if before and before[0] == drawing - 1 and content not in (None, before[1]):
        st.switch_page("pages/lab/data.py")


@st.fragment
def _film(run: Run, playing: Playing, key: str) -> None:
    film = LayerFilm(run, _layer(run), SAMPLE)
    layer, inputs = film.of(run.film.frames[-1]), run.examples.inputs[SAMPLE]
    gates = [row for row in gate_rows(layer, HEAT_HEIGHT) if row.signal in GATES_SHOWN]
    target = run.examples.targets[SAMPLE]
    rows: list[Row] = [
        *input_rows(run.dataset, inputs, target, height=LINE_HEIGHT),
        *gates,
        Pinned(["cell"], y=_("c"), height=LINE_HEIGHT),
        flow_row(layer, SAMPLE, LINE_HEIGHT),
    ]
    newest = run.film.frames[-1]
    stage.show(film, rows, newest, key=f"film.start.{key}", playing=playing, pinned=_unit(run))
    address.write()


@st.fragment
def _beside(runs: Sequence[Run], names: Sequence[str]) -> None:
    films = [top_film(run) for run in runs]
    colours = [colour_of(place) for place in range(len(films))]
    shown = []
    for place, film in enumerate(films):
        examples = film.run.examples
        inputs, target = examples.inputs[SAMPLE], examples.targets[SAMPLE]
        rows: list[Row] = [
            shares(place, films, colours),
            *input_rows(film.run.dataset, inputs, target, height=LINE_HEIGHT),
        ]
        shown.append(player.FilmRows(film, rows, names[place], colours[place]))
    player.play(
        shown,
        key="film.start.beside",
        step=None,
        moved=_stay,
        pinned=(),
        fits=True,
    )
    address.write()


def _stay(step: int | None) -> None:
    """Where the films stand is nobody else's matter."""


def _layer(run: Run) -> str:
    return run.film.frames[-1].top


def _marked(run: Run) -> Marks:
    """(T,) which steps of the story's example are marked."""
    return np.asarray(run.examples.inputs[SAMPLE, :, 1] > 0.5)


def _unit(run: Run) -> int | None:
    """The unit that stores what is marked when the training has ended, by its number."""
    layer = run.film.frames[-1].layers[_layer(run)]
    if layer.cell is None:
        return None
    found = writes_at_marks(layer.gates["input"][SAMPLE], layer.cell[SAMPLE], _marked(run))
    return int(layer.units[found.unit]) if found else None
