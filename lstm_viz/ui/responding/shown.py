"""The units that respond to a stretch of time, and where else the same units do, on request."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import NOT_SCORED, Dataset, Values
from lstm_viz.data.marks import marks_of
from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.cost import examples_intervened
from lstm_viz.experiments.stretch import LARGEST, Stretch
from lstm_viz.figures.film_view import MOST_PINNED
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import visible
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.responding import Strip, strips_of
from lstm_viz.measures.responding import (
    Sides,
    Window,
    busiest,
    held,
    responding,
    said_marks,
    said_responding,
    said_together,
    sides,
    throughout,
    together,
)
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, examples
from lstm_viz.ui.cell.diagram import doubts
from lstm_viz.ui.laboratory.measuring import measured
from lstm_viz.ui.responding.now import KEY, OPEN
from lstm_viz.ui.say import look_for, say_error
from lstm_viz.ui.selection import pin, select, selected
from lstm_viz.ui.session import remembered, setting
from lstm_viz.words import N_, _

SIDES = {"before": N_("before"), "after": N_("after")}


def show(film: LayerFilm, frame: Frame) -> None:
    """Of the example and the moment shown."""
    if not film.reads_the_input(frame):
        return
    st.subheader(_("Units that respond to a stretch of time"), anchor=False)
    if not st.toggle(
        _("Select a stretch"),
        key=remembered(OPEN, False),
        persist_state="session",
        help=_(
            "On: at least the threshold from 0, on one side all through. Then looked for in up "
            "to {count} other validation examples (LSTMVis, Strobelt et al. 2018)."
        ).format(count=_searched(film.run)),
    ):
        return
    layer, states, stretch = film.of(frame), _states(film, frame), stretch_of(film, frame)
    if stretch is None:
        st.info(_why_not(states))
        return
    _choose(len(states), stretch, "h" if layer.cell is None else "tanh c")
    on = sides(states, stretch.threshold)
    wanted = responding(on, stretch.steps, before=stretch.before, after=stretch.after)
    units = [int(unit) for unit in layer.units[wanted != 0]]
    through = int(np.count_nonzero(throughout(on, stretch.steps)))
    said = said_responding(
        units, through, stretch.steps, before=stretch.before, after=stretch.after, steps=len(on)
    )
    if not units:
        st.markdown(said)
        return
    left, right = st.columns((5, 1), vertical_alignment="center")
    left.markdown(said)
    pinned = units[:MOST_PINNED]
    right.button(
        _("Pin them"),
        icon=":material/push_pin:",
        disabled=selected().units == tuple(pinned),
        on_click=lambda: pin(pinned),
        width="stretch",
    )
    _elsewhere(film, frame, stretch, wanted, together(states, wanted, stretch.threshold))


def stretch_of(film: LayerFilm, frame: Frame) -> Stretch | None:
    """The stretch that is selected, at first where most units respond; None while none is asked
    for, and where there is none.
    """
    if not setting(OPEN, False) or not film.reads_the_input(frame):
        return None
    states = _states(film, frame)
    marked = marks_of(film.run.dataset, film.run.examples.inputs[film.sample])
    begin = busiest(states, marked)
    if begin is None or len(states) < 2 or begin[1] > LARGEST:
        return None
    asked: Stretch = st.session_state.setdefault(KEY, Stretch(*begin[0], begin[1]))
    return asked.within(len(states))


def _states(film: LayerFilm, frame: Frame) -> np.ndarray:
    layer = film.of(frame)
    cell = None if layer.cell is None else layer.cell[film.sample]
    return held(layer.hidden[film.sample], cell)


def _why_not(states: np.ndarray) -> str:
    """Why no stretch can be selected."""
    if not np.isfinite(states).all():
        return _("The state is not finite: nothing to select.")
    if len(states) < 2:
        return _("A sequence of one step has no stretch.")
    if not states.any():
        return _("The state is 0 throughout: no unit is ever on.")
    return _("The state grows beyond {most:,}: nothing to select.").format(most=LARGEST)


def _searched(run: Run) -> int:
    """In at most so many examples, as many as there is time for."""
    return min(len(run.dataset.measured), examples_intervened(run.settings, run.dataset))


def _choose(steps: int, now: Stretch, symbol: str) -> None:
    """The controls, which show the reader's stretch as it is `now`."""
    keys = {name: f"{KEY}.{name}" for name in ("steps", "threshold", "outside")}
    st.session_state[keys["steps"]] = now.steps
    st.session_state[keys["threshold"]] = now.threshold
    st.session_state[keys["outside"]] = [
        side for side, there in (("before", now.before), ("after", now.after)) if there
    ]

    def moved() -> None:
        first, last = st.session_state[keys["steps"]]
        outside = st.session_state[keys["outside"]]
        st.session_state[KEY] = Stretch(
            int(first),
            int(last),
            float(st.session_state[keys["threshold"]]),
            *(side in outside for side in SIDES),
        )
        if int(first) != now.first:
            select(t=int(first))

    left, middle, right = st.columns((5, 2, 2))
    left.slider(_("Time steps"), 0, steps - 1, key=keys["steps"], on_change=moved)
    middle.number_input(
        _("On from |{symbol}|").format(symbol=symbol),
        1e-6,
        float(LARGEST),
        step=0.05,
        format="%g",
        key=keys["threshold"],
        on_change=moved,
    )
    right.pills(
        _("Off just outside"),
        list(SIDES),
        selection_mode="multi",
        format_func=lambda side: _(SIDES[side]),
        key=keys["outside"],
        on_change=moved,
    )


def _elsewhere(
    film: LayerFilm, frame: Frame, stretch: Stretch, wanted: Sides, counts: np.ndarray
) -> None:
    run, count = film.run, int(np.count_nonzero(wanted))
    try:
        found = measured(
            run,
            frame,
            "responding",
            film.layer,
            film.sample,
            asked=(stretch, film.sample),
            wanted=wanted,
            threshold=stretch.threshold,
            stretch=stretch.steps,
        )
    except LstmVizError as error:
        say_error(error)
        return
    windows = [Window(k, *map(int, each)) for k, each in enumerate(found["windows"])]
    said = said_together(count, windows, found["whole"], found["examples"])
    strips = [_own(film, frame, stretch, counts), *_strips(run.dataset, found, windows)]
    signal: Signal = "hidden" if film.of(frame).cell is None else "cell"
    leads = examples.available(run)
    with st.container(key="figure-responding"):
        spec = strips_of(strips, count, signal, picks=leads)
        components.chart(
            spec, key="state.responding", picked=partial(_go, strips=strips) if leads else None
        )
    st.markdown(f"{said} {_marked(strips[1:])}".strip())
    for doubt in doubts(run):
        st.caption(doubt)
    look_for(
        " ".join(
            [
                _("Each strip: an example. Framed: its window."),
                *([_("Click a step to see inside the network there.")] if leads else []),
            ]
        )
    )


def _go(numbers: list[int], strips: Sequence[Strip]) -> None:
    """To a step of the example shown; or of another one, whose window is the stretch then."""
    *place, t = numbers
    there = next((each for each in strips[1:] if [each.place] == place), None)
    if there is None:
        select(t=t)
        return
    examples.look_at("validation", place[0], t)
    st.session_state[KEY] = replace(st.session_state[KEY], first=there.first, last=there.last)


def _own(film: LayerFilm, frame: Frame, stretch: Stretch, counts: np.ndarray) -> Strip:
    dataset, shown, k = film.run.dataset, film.run.examples, film.sample
    answer = _answer(dataset, frame.answer[k], shown.targets[k], stretch.last)
    return _strip(dataset, shown.inputs[k], counts, stretch.steps, _("Example shown"), answer)


def _strips(dataset: Dataset, found: Mapping[str, Any], windows: list[Window]) -> list[Strip]:
    inputs, targets = dataset.part("validation")
    drawn = []
    for window, place, counts, answer in zip(
        windows, found["places"].tolist(), found["counts"], found["answers"], strict=True
    ):
        strip = _strip(
            dataset,
            inputs[place],
            counts,
            (window.first, window.last),
            examples.name_of(("validation", place)),
            _answer(dataset, answer, targets[place], window.last),
        )
        drawn.append(replace(strip, place=place))
    return drawn


def _strip(
    dataset: Dataset,
    inputs: Values,
    counts: np.ndarray,
    steps: tuple[int, int],
    name: str,
    answer: str,
) -> Strip:
    read = inputs[:, 0]
    shown = [visible(dataset.symbols[int(code)]) for code in read] if dataset.symbols else read
    return Strip(name, answer, *steps, counts, shown, marked=marks_of(dataset, inputs))


def _answer(dataset: Dataset, answer: Values, target: Values, last: int) -> str:
    """What the network answers, at the window's last step where it answers at every one."""
    place = last if dataset.every_step else 0
    values = float(np.ravel(answer)[place]), float(np.ravel(target)[place])
    if dataset.problem == "regression":
        said = [numeral(each) for each in values]
    elif values[1] == NOT_SCORED:
        return ""
    else:
        codes = [int(each >= 0.5) if dataset.problem == "binary" else int(each) for each in values]
        said = [visible(dataset.classes[code]) if dataset.is_text else _(dataset.classes[code])
                for code in codes]  # fmt: skip
    return _("answer {answer}, target {target}").format(answer=said[0], target=said[1])


def _marked(strips: list[Strip]) -> str:
    """How many of the windows begin where the task points at; nothing of a task that does not."""
    marked = sum(len(each.marked) for each in strips)
    if not marked:
        return ""
    begun = sum(each.first in each.marked for each in strips)
    return said_marks(begun, len(strips), marked / sum(len(each.counts) for each in strips))
