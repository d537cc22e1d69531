"""The stage: a run's rows on one time axis, and beside them the cell, drawn, of the unit and step
that are looked at. The browser moves both by itself; the cell's numbers come by the feed.
"""

from collections.abc import Sequence

import streamlit as st

from lstm_viz.errors import LstmVizError, TrainerError
from lstm_viz.figures.cell.fed import fed_cell
from lstm_viz.figures.clock import BY_HAND, PLACE, Playing
from lstm_viz.figures.film_view import Sort
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.rows import Row
from lstm_viz.runs.frames import Frame
from lstm_viz.ui import components, player
from lstm_viz.ui.alarming import watch_over
from lstm_viz.ui.cell.diagram import anatomy_of, cell_topic, doubts, movable, view_of
from lstm_viz.ui.connection import is_answered, is_down
from lstm_viz.ui.say import plain, say_error
from lstm_viz.ui.selection import select, selected

ROWS_FIRST, CELL_FIRST = (58, 42), (42, 58)
"""Shares of the width of the rows and of the cell."""


def show(
    film: LayerFilm,
    rows: Sequence[Row],
    frame: Frame,
    *,
    key: str,
    label: str = PLACE,
    playing: Playing = BY_HAND,
    sort: Sort = "original",
    pinned: int | None = None,
    large_cell: bool = False,
    stretch: tuple[int, int] | None = None,
) -> None:
    """Draw a run's rows and its cell beside them, which `large_cell` gives more room; the others
    as in `player.show`.
    """
    left, right = st.container(key="stage").columns(CELL_FIRST if large_cell else ROWS_FIRST)
    with left:
        player.show(
            film,
            rows,
            key=key,
            label=label,
            playing=playing,
            pinned=pinned,
            fits=True,
            sort=sort,
            stretch=stretch,
        )
    with right:
        _cell(film, frame, key=f"{key}.diagram")
        watch_over(film.run, frame, key)


def _cell(film: LayerFilm, frame: Frame, key: str) -> None:
    """The cell; of a run that the feed does not bring, or where it has no way, with the page."""
    run = film.run
    if is_answered(run) and not is_down():
        data = fed_cell(
            cell_topic(run, film.layer, film.sample),
            at=frame.step if movable(run) else None,
            cursor=selected().t,
            pinned=selected().units,
            subject=run.id,
            notes=doubts(run),
        )
    else:
        whole = _asked(film, frame)
        if whole is None:
            return
        data = whole
    components.cell(
        data,
        key=key,
        t=lambda: select(t=components.picked(key).t),
        pinned=lambda: select(units=components.picked(key).pinned),
    )


def _asked(film: LayerFilm, frame: Frame) -> bytes | None:
    """The cell as the trainer gives it to this session; None where it says why there is none."""
    run = film.run
    try:
        anatomy = anatomy_of(run, frame, film.layer, film.sample)
    except TrainerError as error:
        say_error(error)
        return None
    except LstmVizError as limit:  # a cell without a diagram is nobody's mistake
        st.info(plain(str(limit)), icon=":material/info:")
        return None
    return view_of(run, anatomy, film.layer, film.sample, frame.step)
