"""A run's film to take home: one file, made when it is asked for."""

import re
from contextlib import suppress
from functools import partial

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.saved_film import saved_film
from lstm_viz.runs.run import Run
from lstm_viz.ui.cell.diagram import taken_apart
from lstm_viz.ui.player import layer_film
from lstm_viz.ui.selection import name_of
from lstm_viz.ui.service import ask_for
from lstm_viz.words import _

NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def save_button(run: Run) -> None:
    """Downloads a run that has ended: the layer and the example that are looked at."""
    if not run.over or not run.film.frames:
        return
    film = layer_film(run, run.film.frames[-1])
    title = name_of(run)
    st.download_button(
        _("Save the film"),
        data=partial(page, film, title),
        file_name=f"{NOT_IN_NAMES.sub('-', title).strip('-')}.html",
        mime="text/html",
        on_click="ignore",
        icon=":material/download:",
        key="save.film",
        help=_("One file that plays in any browser."),
    )


def page(film: LayerFilm, title: str) -> str:
    """The file: the film, and the cell of its last moment where the trainer can take that apart."""
    run, newest = film.run, film.run.film.frames[-1]
    anatomy = None
    if newest.weights is not None or run.resident:  # else it would be the untrained network's
        with suppress(LstmVizError):
            anatomy = taken_apart(run, newest, film.layer, film.sample, partial(ask_for, run))
    return saved_film(film, title, anatomy).html()
