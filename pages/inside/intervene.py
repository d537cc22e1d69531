"""Reach into the trained network: what it does with a gate held, and what that costs."""

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.figures.clock import place_of
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import NOT_HERE, Run
from lstm_viz.ui import player, silencing
from lstm_viz.ui.cell.diagram import doubts
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.intervening.controls import controls
from lstm_viz.ui.intervening.places import pick_places, unit_shown
from lstm_viz.ui.intervening.shown import outcome
from lstm_viz.ui.intervening.subject import Shown
from lstm_viz.ui.live import still
from lstm_viz.ui.say import say_error
from lstm_viz.words import _


def draw(run: Run, frame: Frame) -> None:
    if run.module:
        st.info(_(NOT_HERE))
        return
    film = player.layer_film(run, frame)
    shown = Shown(film, frame, film.of(frame))
    still([run], place_of(frame))
    left, right = st.container(key="intervene").columns((3, 7), gap="medium")
    with left:
        controls(shown)
    with right:
        for doubt in doubts(run):
            st.caption(doubt)
        try:
            outcome(shown, unit_shown(shown.layer))
        except LstmVizError as error:
            say_error(error)
        pick_places(run, frame, shown.layer)
    silencing.show(film, frame)


look_inside(
    _("Intervene"),
    _("Change one thing: the run stays as it is."),
    draw,
)
