"""The frame of the pages that look inside: one selector, shared and kept between them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import Topic
from lstm_viz.ui import address, components
from lstm_viz.ui.clock import place_of
from lstm_viz.ui.connection import is_followed
from lstm_viz.ui.controls import message
from lstm_viz.ui.live import live, shown_frame
from lstm_viz.ui.say import heading
from lstm_viz.ui.selection import (
    layer_name,
    name_of,
    own_runs,
    run_shown,
    select,
    selected,
    state_of,
)
from lstm_viz.ui.service import trainer
from lstm_viz.words import _, language

STATUS = "status"
Draw = Callable[[Run, Frame], None]


def look_inside(title: str, lead: str, draw: Draw) -> None:
    """A page that draws one frame of one run, live while that run trains."""
    heading(title, lead)
    look(draw)


def look(draw: Draw, frame_of: Callable[[Run], Frame | None] = shown_frame) -> None:
    """The same below a heading that stands already, of the frame that `frame_of` finds."""
    run = run_shown()
    if run is None:
        _nothing_yet()
        return
    run = _selector(run)
    address.describe_run(run)
    message(run)

    def body(now: Run) -> None:
        frame = frame_of(now)
        if frame is None:
            st.info(_("The first frame is on its way."), icon=":material/hourglass_top:")
            return
        _status(now, frame)
        draw(now, frame)

    live(run, body)


def _selector(run: Run) -> Run:
    """Run, layer and sample; the frame and the time step are picked in the figure itself."""
    runs = {each.id: each for each in [*own_runs(), *trainer().runs.recorded]}
    watched = trainer().runs.get(run.follows or run.id)
    runs.setdefault(watched.id, watched)
    seeds = [each for each in trainer().runs.seeds_of(watched.id) if each.film.frames]
    frame = run.film.at(None)
    layers = list(frame.layers) if frame else []
    samples = len(run.probe.inputs) if run.probe else 1
    chosen = selected()
    left, *between, middle, right = st.columns([2, *[1] * (len(seeds) > 1), 1, 1])
    names = {each: name_of(record) for each, record in runs.items()}
    picked = left.selectbox(
        _("Run"),
        list(runs),
        index=list(runs).index(watched.id),
        format_func=names.__getitem__,
        help=_("Your runs (newest first) and the recordings."),
    )
    layer = middle.selectbox(
        _("Layer"),
        layers,
        index=layers.index(chosen.layer) if chosen.layer in layers else max(0, len(layers) - 1),
        format_func=layer_name,
        help=_("Layer 1 reads the input; the top layer, in all its directions, feeds the output."),
    )
    sample = right.selectbox(
        _("Example"),
        range(samples),
        index=min(chosen.sample, samples - 1),
        format_func=lambda number: _("Example {number}").format(number=number + 1),
        help=_("One of the validation examples that are measured at each checkpoint."),
    )
    if picked != watched.id:
        select(run=picked, step=None)
        st.rerun()
    for column in between:
        _seed(column, run, seeds)
    select(layer=layer, sample=sample)
    return run


def _seed(column: Any, run: Run, seeds: Sequence[Run]) -> None:
    """Which of the seeds of a race's contender is shown."""
    ids = [each.id for each in seeds]
    names = {each.id: _("Seed {seed}").format(seed=each.settings.budget.seed) for each in seeds}
    picked = column.selectbox(
        _("Seed"),
        ids,
        index=ids.index(run.id) if run.id in ids else 0,
        format_func=names.__getitem__,
        help=_("The same contender from other initial weights; few checkpoints of it are kept."),
    )
    if picked != run.id and run.id in ids:
        select(run=picked, step=None)
        st.rerun()


def _status(run: Run, frame: Frame) -> None:
    topic = Topic(STATUS, (run.id,), (language(),)).text if is_followed(run) else None
    components.words(status_of(run, frame), key="inside.status", topic=topic)


def status_of(run: Run, frame: Frame) -> str:
    """How a run stands, and which moment of it is shown."""
    newest = frame is run.film.at(None)
    what = [
        state_of(run),
        place_of(frame) if newest else _("shown: {moment}").format(moment=place_of(frame)),
        _("validation loss {loss:.4g}").format(loss=frame.validation_loss)
        if math.isfinite(frame.validation_loss)
        else _("validation loss not finite"),
    ]
    return " · ".join(what)


def _nothing_yet() -> None:
    st.info(_("No run yet. Train a network first."))
    st.page_link("pages/lab/train.py", label=_("Go to Train"), icon=":material/model_training:")
