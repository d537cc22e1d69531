"""The live part of a page: the run that is looked at, drawn again while it trains."""

from collections.abc import Callable, Sequence

import streamlit as st

from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import address
from lstm_viz.ui.say import mistakes_in_words
from lstm_viz.ui.selection import selected
from lstm_viz.ui.service import trainer

SECONDS = 0.5
SECONDS_TOGETHER = 1.0
"""A page of several runs is drawn half as often: the browser needs the time for each of them."""


def live(run: Run, draw: Callable[[Run], None], seconds: float = SECONDS) -> None:
    """Draw now, and every so many seconds for as long as the run trains."""
    was_training = run.training

    def body() -> None:
        with mistakes_in_words():
            now = trainer().run(run.id)
            draw(now)
            address.write()
            if was_training and not now.training:
                st.rerun()  # the page's buttons change, and without training there is no timer

    st.fragment(body, run_every=seconds if was_training else None, key=f"live.{run.id}")()


def live_together(runs: Sequence[Run], draw: Callable[[list[Run]], None]) -> None:
    """The same for several runs and their further seeds at once."""
    were_training = _any_trains(runs)

    def body() -> None:
        with mistakes_in_words():
            now = [trainer().run(run.id) for run in runs]
            draw(now)
            address.write()
            if were_training and not _any_trains(now):
                st.rerun()

    every = SECONDS_TOGETHER if were_training else None
    st.fragment(body, run_every=every, key="live.together")()


def _any_trains(runs: Sequence[Run]) -> bool:
    return any(each.training for run in runs for each in trainer().runs.seeds_of(run.id))


def shown_frame(run: Run) -> Frame | None:
    """The frame the user looks at: the one chosen, or the newest."""
    return run.film.at(selected().step)
