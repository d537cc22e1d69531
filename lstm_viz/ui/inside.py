"""The frame of the pages that look inside: one line, its choices shared and kept between them."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lstm_viz.figures.clock import place_of
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import Topic
from lstm_viz.ui import address, components, examples, trust
from lstm_viz.ui.connection import is_followed
from lstm_viz.ui.controls import message
from lstm_viz.ui.laboratory.measuring import stop_button
from lstm_viz.ui.live import live, shown_frame
from lstm_viz.ui.saving import save_button
from lstm_viz.ui.say import head, heading
from lstm_viz.ui.selection import (
    layer_name,
    name_of,
    opened_runs,
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


def look_inside(
    title: str,
    lead: str,
    draw: Draw,
    frame_of: Callable[[Run], Frame | None] = shown_frame,
    tools: Callable[[], None] | None = None,
) -> None:
    """A page that draws one frame of one run, live while that run trains.

    `frame_of` finds the frame; `tools` draws what the page puts beside its title.
    """
    run = run_shown()
    if run is None:
        heading(title, lead)
        _nothing_yet()
        return
    address.describe_run(run)
    stop_button()

    def body(now: Run) -> None:
        if run_shown() is not now:
            st.rerun()  # another was picked, or started
        shown = examples.shown(now)
        frame = frame_of(shown)
        with head(title, lead):
            if tools:
                tools()
            selector(now, [*opened_runs(), *own_runs(), *trainer().runs.recorded])
            if frame is not None:
                _status(shown, frame)
                trust.badge(shown)
        message(now)
        if frame is None:
            st.info(_("The first frame is on its way."), icon=":material/hourglass_top:")
            return
        draw(shown, frame)

    live(run, body)


def selector(run: Run, among: Sequence[Run]) -> None:
    """Which run, and behind one button its layer, example and seed; what there is one of is not
    asked. The frame and the time step are picked in the figure itself.
    """
    own = trainer().runs.get(run.follows or run.id)
    runs = {each.id: each for each in among}
    runs.setdefault(own.id, own)
    names = {each: name_of(record) for each, record in runs.items()}
    if len(names) > 1:
        _pick("run", _("Run"), names, own.id, None, label_visibility="collapsed")
    picks = [each for each in (_layers(run), _examples(run), _seeds(run)) if len(each.names) > 1]
    if picks:
        shown = [each.names[each.value] for each in picks]
        with st.popover(" · ".join(shown), key="which"):
            for each in picks:
                _pick(each.what, each.label, each.names, each.value, each.tip)
            examples.choose_another(run)
            save_button(run)
    else:
        save_button(run)


@dataclass(frozen=True)
class _Choice:
    """One of several things to look at: their names, and which is looked at."""

    what: str
    label: str
    names: Mapping[Any, str]
    value: Any
    tip: str


def _layers(run: Run) -> _Choice:
    frame = run.film.at(None)
    names = {layer: layer_name(layer) for layer in (frame.layers if frame else ())}
    if names and selected().layer not in (None, *names):
        select(layer=None)
    tip = _("Layer 1 reads the input, the top layer feeds the output.")
    value = selected().layer or (frame.top if frame and names else None)
    return _Choice("layer", _("Layer"), names, value, tip)


def _examples(run: Run) -> _Choice:
    count = len(run.probe.inputs) if run.probe else 1
    if selected().sample >= count:
        select(sample=count - 1)
    names: dict[Any, str] = {
        each: _("Example {number}").format(number=each + 1) for each in range(count)
    }
    other = selected().example
    if other is not None:
        names[other] = examples.name_of(other)
    tip = _("A validation example measured at each checkpoint.")
    value = selected().sample if other is None else other
    return _Choice("sample", _("Example"), names, value, tip)


def _seeds(run: Run) -> _Choice:
    """Which of the seeds of a race's contender is shown."""
    seeds = [each for each in trainer().runs.seeds_of(run.follows or run.id) if each.film.frames]
    words = _("Seed {seed}")
    names = {each.id: words.format(seed=each.settings.budget.seed) for each in seeds}
    tip = _("Other initial weights; few checkpoints are kept.")
    value = run.id if run.id in names else next(iter(names), None)
    return _Choice("seed", _("Seed"), names, value, tip)


def _pick(
    what: str, label: str, names: Mapping[Any, str], value: Any, tip: str | None, **how: Any
) -> None:
    key = f"inside.{what}"
    st.session_state[key] = value

    def picked() -> None:
        if what in ("run", "seed"):
            select(run=st.session_state[key], step=None)
        elif isinstance(st.session_state[key], tuple):
            select(example=st.session_state[key])
        elif what == "sample":
            select(sample=st.session_state[key], example=None)
        else:
            select(**{what: st.session_state[key]})

    st.selectbox(
        label,
        list(names),
        key=key,
        format_func=names.__getitem__,
        help=tip,
        on_change=picked,
        **how,
    )


def _status(run: Run, frame: Frame) -> None:
    topic = Topic(STATUS, (run.id,), (language(),)).text if is_followed(run) else None
    moments = {each.step: status_of(run, each) for each in run.film.frames}
    text = status_of(run, frame)
    components.words(text, key="inside.status", topic=topic, subject=run.id, moments=moments)


def status_of(run: Run, frame: Frame) -> str:
    """How a run stands, and which moment of it is shown."""
    newest = frame is run.film.at(None)
    what = [
        state_of(run),
        place_of(frame) if newest else _("shown: {moment}").format(moment=place_of(frame)),
    ]
    if frame.watched:
        return " · ".join(what)
    what.append(
        _("validation loss {loss}").format(loss=numeral(frame.validation_loss))
        if math.isfinite(frame.validation_loss)
        else _("validation loss not finite")
    )
    return " · ".join(what)


def _nothing_yet() -> None:
    st.info(_("No run yet. Train a network first."))
    st.page_link("pages/lab/train.py", label=_("Go to Train"), icon=":material/model_training:")
