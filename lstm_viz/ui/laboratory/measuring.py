"""Asking for a measurement of the network shown: once, with progress, and given up when left.

What is measured is drawn in the live part of a page. Streamlit breaks that off for a drawing of the
whole page alone: for another page, and for a button that stands outside of the live part.
"""

import itertools
import time
from collections.abc import Hashable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import streamlit as st

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.cost import check_attribution, check_laboratory
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import NOT_HERE, Run
from lstm_viz.ui.owning import owner
from lstm_viz.ui.say import StoppedError
from lstm_viz.ui.service import trainer, viewer
from lstm_viz.words import N_, _

KEY, KEPT = "laboratory.measured", 8
"""In the session: what was measured, so many of them."""
ASKED, STOPPED = "laboratory.asked", "laboratory.stopped"
"""In the session: what is being measured, and what the reader stopped."""
BUTTON, PROGRESS = "stop-measuring", "measuring"
"""Containers: that of the button which stops it, shown by the page's style sheet while there is
one of progress: how its key begins, as a page may measure several things.
"""
QUIET, BEAT = 0.3, 0.1
"""Seconds before progress is shown, and between two looks at whether the answer is there."""
_numbers = itertools.count()


def stop_button() -> None:
    """The button that stops what is measured on this page, seen as long as something is."""
    with st.container(key=BUTTON):
        st.button(
            _("Stop measuring"),
            icon=":material/stop_circle:",
            key="laboratory.stop",
            on_click=_stop,
        )


def _stop() -> None:
    st.session_state[STOPPED] = st.session_state.get(ASKED)


def _go_on() -> None:
    st.session_state.pop(STOPPED, None)


def measured(
    run: Run, frame: Frame, what: str, layer: str, sample: int, asked: Hashable = None, **more: Any
) -> Mapping[str, Any]:
    """What `training.laboratory` measures of the network in this frame; of one whose frames keep no
    weights as it stands, or untrained where it is gone. `more` is what the question takes besides,
    told from that of another one by `asked`.

    Raises LstmVizError for what cannot be measured or would take too long.
    """
    frame = run.film.network(frame)
    check_laboratory(what, *size_of(frame, layer))
    if what == "inputs":
        check_attribution(run.settings, run.dataset)
    kept: dict[Any, Mapping[str, Any]] = st.session_state.setdefault(KEY, {})
    moment = frame.step if frame.weights is not None else (run.step, run.state)
    key = run.id, moment, what, layer, sample, asked
    if key not in kept:
        if st.session_state.get(STOPPED) == key:
            st.button(_("Measure it"), icon=":material/play_arrow:", on_click=_go_on)
            raise StoppedError(N_("You stopped this measurement."))
        st.session_state[ASKED] = key
        kept[key] = _asked(run, frame, what, layer, sample, more)
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
    return kept[key]


def size_of(frame: Frame, layer: str) -> tuple[int, int]:
    """How many steps a layer ran, and of how many numbers its whole state is."""
    drawn = frame.layers[layer]
    states = 1 + (drawn.cell is not None) + (drawn.inner_cell is not None)
    return drawn.hidden.shape[1], states * drawn.hidden_size


def _asked(
    run: Run, frame: Frame, what: str, layer: str, sample: int, more: Mapping[str, Any]
) -> Mapping[str, Any]:
    if run.module:
        raise ConfigError(NOT_HERE)
    probe = run.examples
    about: dict[str, Any] = {
        "what": what,
        "layer": layer,
        "inputs": probe.inputs[sample : sample + 1],
        "targets": probe.targets[sample : sample + 1],
        "weights": frame.weights,
        **more,
    }
    if frame.weights is None and run.resident:
        found: Mapping[str, Any] = awaited("laboratory", stoppable=True, run=run.id, **about)
    else:
        about |= {"settings": run.settings, "dataset": run.dataset}
        found = awaited("laboratory_of", stoppable=True, **about)
    return found


def awaited(question: str, *, stoppable: bool = False, **about: Any) -> Any:
    """The answer. While it is made Streamlit may end this script, for the reader went elsewhere or
    stopped what is `stoppable`: then nobody waits for it any more.
    """
    asking = f"{viewer()}/{next(_numbers)}"
    threads = ThreadPoolExecutor(1)
    answer: Future[Any] = threads.submit(
        trainer().ask, question, viewer=asking, owner=owner(), **about
    )
    try:
        key = f"{PROGRESS}-{about['what'].replace(' ', '-')}" if stoppable else None
        return _with_progress(answer, key)
    finally:
        if not answer.done():
            trainer().cancel(asking)
        threads.shutdown(wait=False)


def _with_progress(answer: Future[Any], key: str | None) -> Any:
    began, place = time.monotonic(), None
    while not wait([answer], BEAT if place else QUIET).done:
        if place is None:
            shown = st.empty()
            place = shown.container(key=key).empty()
        seconds = time.monotonic() - began
        place.caption(_("Measuring: {seconds:.0f} s").format(seconds=seconds))
    if place:
        shown.empty()
    return answer.result()
