"""The states of a layer as paths, and the points at which they rest, below the stage."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.data.marks import marks_of
from lstm_viz.errors import LstmVizError
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.figures.space import space_view
from lstm_viz.figures.trajectories import trajectories
from lstm_viz.measures.resting import Directions, said_plane, said_points
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.ui import components
from lstm_viz.ui.cell.diagram import doubts
from lstm_viz.ui.laboratory.measuring import measured
from lstm_viz.ui.say import look_for, say_error
from lstm_viz.ui.segments import one_of
from lstm_viz.ui.selection import select, selected
from lstm_viz.ui.session import remembered
from lstm_viz.words import N_, _

POINTS = "state.points"
"""Whether the points at which the state rests are looked for."""
HELD = "state.held"
"""And with which input held."""
HELD_INPUTS = {"points of zeros": N_("zeros"), "points": N_("as at the example's last step")}
TURNS = "state.turns"
"""Whether the paths are drawn in three directions, and can be turned."""


def show(film: LayerFilm, frame: Frame) -> None:
    """Of the moment shown, in the directions of the newest one: over the training they stay."""
    run, layer = film.run, film.of(frame)
    st.subheader(_("Paths of the state"), anchor=False)
    newest, states = _states(film.of(run.film.frames[-1])), _states(layer)
    if not np.isfinite(states).all():
        st.info(_("The state is not finite: no path."))
        return
    if states.shape[1] < 2:
        st.info(_("A sequence of one step has no path."))
        return
    if Directions.of(newest) is None:
        st.info(_("The state moves in fewer than two directions: no plane."))
        return
    with st.container(horizontal=True):
        st.toggle(
            _("Where it rests"),
            key=remembered(POINTS, False),
            persist_state="session",
            help=_(
                "Fixed points: states that a step leaves as they are while one input is held. "
                "Searched from 256 states of the example (fewer in large layers). Hollow: slow "
                "points."
            ),
        )
        turns = st.toggle(
            _("In three dimensions"),
            key=remembered(TURNS, False),
            persist_state="session",
            help=_("PC: principal component. Drag to turn."),
        )
    directions = Directions.of(newest, 3 if turns else 2)
    if directions is None:
        st.info(_("The state moves in two directions only."))
        return
    found = _found(film, frame) if st.session_state[POINTS] else None
    _draw(film, layer, directions, found, turns=turns)
    if found:
        st.markdown(said_points(found["kinds"], found["speeds"], found["moduli"]))
        for doubt in doubts(run):
            st.caption(doubt)
    look_for(
        f"{said_plane(directions.share(states), _(LOOKS[_signal(layer)].name))} "
        + (
            _("Click a dot to go there. Rings: marked steps.")
            if marks_of(run.dataset, run.examples.inputs[film.sample])
            else _("Click a dot to go there.")
        ),
        _(
            "Principal components over all examples shown, at the newest moment. Speed: "
            "$q = \\tfrac{1}{2}\\|F(s) - s\\|^2$ (Sussillo & Barak 2013). Stable: all "
            "eigenvalues of $\\partial F/\\partial s$ within radius 1."
        ),
    )


def _draw(
    film: LayerFilm,
    layer: LayerFrame,
    directions: Directions,
    found: Mapping[str, Any] | None,
    *,
    turns: bool,
) -> None:
    run, key = film.run, "state.space"
    signal = _signal(layer)
    drawn: dict[str, Any] = {
        "marked": marks_of(run.dataset, run.examples.inputs[film.sample]),
        **(_placed(found, directions, layer, signal) if found else {}),
    }
    places = directions.places(_states(layer))
    with st.container(key="figure-paths"):
        if turns:
            view = space_view(
                places, film.sample, signal, cursor=selected().t, subject=run.id, **drawn
            )
            components.space(view, key=key, t=lambda: select(t=components.picked(key).t))
        else:
            spec = trajectories(places, film.sample, signal, **drawn)
            components.chart(spec, key="state.paths", picked=lambda steps: select(t=steps[0]))


def _signal(layer: LayerFrame) -> Signal:
    return "hidden" if layer.cell is None else "cell"


def _states(layer: LayerFrame) -> np.ndarray:
    return layer.hidden if layer.cell is None else layer.cell


def _found(film: LayerFilm, frame: Frame) -> Mapping[str, Any] | None:
    what = "points"
    if film.layer.endswith(".l0") and not film.run.dataset.symbols:
        what = one_of(
            _("Held input"), HELD_INPUTS, HELD, "points of zeros", label_visibility="visible"
        )
    try:
        return measured(film.run, frame, what, film.layer, film.sample)
    except LstmVizError as error:
        say_error(error)
        return None


def _placed(
    found: Mapping[str, Any], directions: Directions, layer: LayerFrame, signal: Signal
) -> dict[str, Any]:
    first = list(found["names"]).index(signal) * layer.hidden_size
    kept = found["states"][:, first + np.asarray(layer.units)]
    return {
        "points": directions.places(kept),
        "kinds": found["kinds"],
        "speeds": found["speeds"],
    }
