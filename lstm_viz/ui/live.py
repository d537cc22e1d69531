"""The live part of a page: what moves in it follows the feed, and nothing is drawn anew by a clock.

The page is drawn anew when what its words and buttons depend on has changed. Where the reader's
browser has no way to the feed, a slow clock takes its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.phases import phase_of
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import STATE, Topic
from lstm_viz.ui import address, components
from lstm_viz.ui.connection import is_down, moves, note
from lstm_viz.ui.say import mistakes_in_words
from lstm_viz.ui.selection import own_runs, selected
from lstm_viz.ui.service import trainer
from lstm_viz.words import _

SECONDS = 2.5
"""Between two drawings of a live page without a feed."""
PULSE = "pulse"
NOTED = "live.noted"
"""In the session: how its runs stood when the page began to be drawn."""


def begin() -> None:
    """Note how the session's runs stand before any of the page is drawn: one that ends between
    the buttons and what is drawn below them has changed for the page, too.
    """
    own = {run.id for run in own_runs()}
    noted = (run for run in trainer().runs.all if own & {run.id, run.follows})
    st.session_state[NOTED] = _phases(noted)


def live(run: Run, draw: Callable[[Run], None]) -> None:
    """Draw a run; what moves in it follows the feed."""
    _live([run.id], lambda: draw(trainer().run(run.id)))


def live_together(runs: Sequence[Run], draw: Callable[[list[Run]], None]) -> None:
    """The same for several runs and their further seeds at once."""
    seeds = [each.id for run in runs for each in trainer().runs.seeds_of(run.id)]
    _live(seeds, lambda: draw([trainer().run(run.id) for run in runs]))


def _live(run_ids: Sequence[str], draw: Callable[[], None]) -> None:
    noted = st.session_state.get(NOTED, {})
    phases = {run: noted.get(run, now) for run, now in _phases(_runs(run_ids)).items()}
    training = any(run.training for run in _runs(list(phases)))
    if phases:
        heed(phases, PULSE)

    def body() -> None:
        with mistakes_in_words():  # such as a run that is gone meanwhile
            draw()
            address.write()
            if _phases(_runs(run_ids)) != phases:
                st.rerun()  # the page's words and buttons change

    st.fragment(body, run_every=_clock(training), key=f"live.{run_ids[0]}")()


def heed(phases: Mapping[str, str], key: str) -> None:
    """Have the page drawn anew once these runs have changed, or the way to the feed.

    In a fragment of its own, for which Streamlit lets a script that runs come to its end. Anything
    else that a page says by itself would break that off, and with it a click whose callback is
    under way.
    """
    down = is_down()

    def body() -> None:
        components.pulse(
            Topic(STATE, tuple(phases)).text,
            phases,
            down=down,
            key=key,
            on_down=lambda: note(components.picked(key).down),
        )
        here = trainer().runs
        if is_down() != down or _phases(here.get(run) for run in phases if run in here) != phases:
            st.rerun()

    st.fragment(body, key=f"heed.{key}")()


def beside(run: Run, draw: Callable[[Run], None]) -> None:
    """Draw something small that moves with a run, beside what is drawn `live`."""

    def body() -> None:
        with suppress(LstmVizError):  # what is drawn live says that a run is gone
            draw(trainer().run(run.id))

    st.fragment(body, run_every=_clock(run.training), key=f"beside.{run.id}")()


def _clock(training: bool) -> float | None:
    """Seconds after which what is live is drawn anew; None where the feed brings it."""
    return SECONDS if training and is_down() else None


def _runs(run_ids: Sequence[str]) -> list[Run]:
    return [trainer().run(run) for run in run_ids]


def _phases(runs: Iterable[Run]) -> dict[str, str]:
    """Of each run that can still change."""
    return {run.id: phase_of(run) for run in runs if run.state != "recorded"}


def shown_frame(run: Run) -> Frame | None:
    """The frame the user looks at: the one chosen, or the newest."""
    return run.film.at(selected().step)


def still(runs: Sequence[Run], moment: str) -> None:
    """Says of what is below that it does not follow the training, and lets it be drawn anew."""
    if not any(map(moves, runs)):
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    words = _("Below: {moment}, redrawn when the training pauses or ends.")
    row.caption(words.format(moment=moment))
    row.button(_("Draw now"), icon=":material/refresh:", key=f"still.{runs[0].id}", type="tertiary")
