"""Another example on the stage: one that no frame holds, as the network saw it in its training.

Frames hold some examples alone. Of any other the trainer traces what the run's network made of it
at moments of the film whose weights are kept; a run of these moments then stands for the run.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import Part
from lstm_viz.errors import LstmVizError
from lstm_viz.runs.another import can_show_others, on_another
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import MAX_WEIGHTS, Frame
from lstm_viz.runs.run import NOT_HERE, Run
from lstm_viz.ui.connection import moves
from lstm_viz.ui.laboratory.measuring import awaited
from lstm_viz.ui.say import say_error
from lstm_viz.ui.selection import select, selected
from lstm_viz.words import N_, _

KEY, PICKED, NUMBER = "examples", "examples.picked", "examples.number"
MOST_MOMENTS, FEWEST_MOMENTS, TRACED_STEPS = 24, 4, 6000
"""Moments of such a film: as many as have so many time steps together."""
PATIENCE = 60.0
"""Seconds in which it is traced, behind what others ask of a trainer that has just begun."""
NAMES: dict[Part, str] = {
    "training": N_("Training example {number}"),
    "validation": N_("Validation example {number}"),
    "test": N_("Test example {number}"),
}
CLICK_A_DOT = N_("Click a dot to see inside.")
CLICK_A_CELL = N_("Click a cell to see inside.")
Example = tuple[Part, int]


def name_of(example: Example) -> str:
    """An example in a list, counted from 1 as people do."""
    part, place = example
    return _(NAMES[part]).format(number=place + 1)


def look_at(part: Part, place: int, t: int | None = None) -> None:
    """Have the pages that look inside show this example, from this time step on."""
    select(example=(part, place), sample=0, t=t)
    st.session_state[PICKED] = True


def just_picked() -> bool:
    """Whether an example was picked since this was last asked."""
    return bool(st.session_state.pop(PICKED, False))


def choose_another(run: Run) -> None:
    """A way to any validation example, by its number."""
    if run.probe is None or not available(run):
        return
    count = len(run.dataset.part("validation")[0])

    def chosen() -> None:
        number = st.session_state[NUMBER]
        if number is not None:
            look_at("validation", int(number) - 1)

    example = selected().example
    named = example is not None and example[0] == "validation"
    st.session_state[NUMBER] = example[1] + 1 if example and named else None
    st.number_input(
        _("Another validation example"),
        1,
        count,
        None,
        key=NUMBER,
        placeholder=_("1 to {count:,}").format(count=count),
        on_change=chosen,
        help=_("Traced with the film's weights."),
    )


def where(run: Run) -> None:
    """On a page without a stage: where the picked example can be seen, or why it cannot."""
    example = selected().example
    if example is not None and not available(run):
        st.caption(_why_not(run, example))
    elif example is not None:
        words = _("See inside: {example}").format(example=name_of(example))
        st.page_link("pages/inside/cell.py", label=words, icon=":material/search:")


def available(run: Run) -> bool:
    """Whether another example of a run can be shown: it rests, and its frames hold its weights."""
    return not moves(run) and can_show_others(run)


def click_on(run: Run, what: str) -> str:
    """What a click does, `CLICK_A_DOT` or `CLICK_A_CELL`, of a run of which that is true."""
    return _(what) if available(run) else ""


def shown(run: Run) -> Run:
    """The run as it saw the example that the reader has chosen; the run itself, with a sentence
    where that is not to be had, without such a choice.
    """
    example = selected().example
    if example is None or run.probe is None:
        return run
    part, place = example
    if place >= len(run.dataset.part(part)[0]):
        select(example=None)
        words = _("There is no {example} in this run's data.")
        st.toast(words.format(example=name_of(example)), icon=":material/search_off:")
        return run
    if not available(run):
        st.caption(_why_not(run, example))
        return run
    newest = run.film.frames[-1].step
    kept: tuple[object, Run] | None = st.session_state.get(KEY)
    asked = run.id, newest, run.state, example
    if kept is None or kept[0] != asked:
        try:
            kept = st.session_state[KEY] = asked, _retraced(run, example)
        except LstmVizError as error:
            say_error(error)
            return run
    return kept[1]


def _why_not(run: Run, example: Example) -> str:
    if run.module:
        return _(NOT_HERE)
    if moves(run):
        words = _("{example} is shown when the training pauses or ends.")
    else:
        words = _("{example} cannot be shown: networks above {most:,} parameters keep no weights.")
    return words.format(example=name_of(example), most=MAX_WEIGHTS)


def _retraced(run: Run, example: Example) -> Run:
    part, place = example
    frames = _moments(run.film.frames, len(run.examples.inputs[0]), selected().step)
    answers = awaited(
        "retraced",
        seconds=PATIENCE,
        settings=run.settings,
        dataset=run.dataset,
        part=part,
        place=place,
        weights=[frame.weights for frame in frames],
    )
    seen = [replace(frame, **found) for frame, found in zip(frames, answers, strict=True)]
    film = Film.kept(seen, run.film.history, run.film.updates)
    return replace(on_another(run, part, place), film=film)


def _moments(frames: Sequence[Frame], steps: int, shown_step: int | None) -> list[Frame]:
    """Frames spread over the training, the first, the last and the one shown among them."""
    most = int(np.clip(TRACED_STEPS // steps, FEWEST_MOMENTS, MOST_MOMENTS))
    places = {int(k) for k in np.linspace(0, len(frames) - 1, most)}
    present = [frame for frame in frames if shown_step is None or frame.step <= shown_step][-1:]
    return [frame for k, frame in enumerate(frames) if k in places or frame in present]
