"""The diagram of a cell in a page: one run's network in a frame of its training."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.figures.cell.view import cell_message, cell_view
from lstm_viz.figures.film_view import Playback
from lstm_viz.figures.layer_rows import letters
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import CELL, RefusedError, Topic
from lstm_viz.ui import clock, components
from lstm_viz.ui.connection import moves
from lstm_viz.ui.live import shown_frame
from lstm_viz.ui.selection import select, selected
from lstm_viz.ui.service import ask, trainer
from lstm_viz.words import _, language, ngettext

KEY = "anatomies"
STEADIEST = "cell.steadiest"
TELLING = "cell.telling"
SLOWLY = clock.Playing(autoplay=False, rate=3.0)
"""Moments a second: each is asked of the trainer."""
KEPT = 6
"""Anatomies a session remembers."""
CLOCK = "clock"
FEED_SECONDS = 2.0
"""In which the feed gets an answer, or does without."""


def anatomy_of(run: Run, frame: Frame, layer: str, sample: int) -> Anatomy:
    """What each step of a layer is made of in the run's network in one frame, asked for once.

    Where frames do not keep the model it is the network as it stands, or the untrained one of a
    model that is gone. Raises LstmVizError for what cannot be taken apart.
    """
    kept: dict[Any, Anatomy] = st.session_state.setdefault(KEY, {})
    key = run.id, frame.step if movable(run) else (run.step, run.state), layer, sample
    if key not in kept:
        kept[key] = _taken_apart(run, frame, layer, sample, ask)
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
    return kept[key]


def _taken_apart(
    run: Run, frame: Frame, layer: str, sample: int, asking: Callable[..., Any]
) -> Anatomy:
    probe = run.examples
    about: dict[str, Any] = {
        "layer": layer,
        "inputs": probe.inputs[sample : sample + 1],
        "targets": probe.targets[sample : sample + 1],
        "weights": frame.weights,
    }
    if frame.weights is None and run.resident:
        found: Anatomy = asking("anatomy", run=run.id, **about)
    else:
        about |= {"settings": run.settings, "dataset": run.dataset}
        found = asking("anatomy_of", **about)
    return found


def movable(run: Run) -> bool:
    """Whether the network can be had in every frame of its training."""
    return all(frame.weights is not None for frame in run.film.frames)


def cell_frame(run: Run) -> Frame | None:
    """The frame whose cell is shown: the one picked on any page, or the newest."""
    return shown_frame(run) if movable(run) else run.film.at(None)


def chosen_layer(frame: Frame) -> str:
    """The name of the layer looked at; the top one where none was chosen."""
    names = list(frame.layers)
    return selected().layer if selected().layer in names else names[-1]  # type: ignore[return-value]


def steadiest(anatomy: Anatomy) -> int:
    """The place of the unit that keeps longest; of the one that moves most without such a gate."""
    kept = cell_of(anatomy.kind).kept(anatomy.forward, anatomy.options)
    if kept is None or (kept == 1.0).all():
        return int(anatomy.forward["h"].std(axis=0).argmax())
    return int(kept.mean(axis=0).argmax())


def telling_step(anatomy: Anatomy, unit: int) -> int:
    """The place of the step at which most is added to the unit."""
    signal = "added" if "added" in anatomy.forward else "h"
    return int(np.nan_to_num(np.abs(anatomy.forward[signal][:, unit])).argmax())


def shown_unit(anatomy: Anatomy, run: Run, layer: str) -> int:
    """The place of the pinned unit; of the steadiest where none is pinned.

    While the run trains that stays the unit which was the steadiest at first: nobody's eyes jump.
    """
    units: list[int] = anatomy.units.tolist()
    pinned = selected().unit
    if pinned in units:
        return units.index(pinned)
    first: dict[Any, int] = st.session_state.setdefault(STEADIEST, {})
    place = first.setdefault((run.id, layer, run.training), steadiest(anatomy))
    return min(place, len(units) - 1)


def shown_step(anatomy: Anatomy, run: Run, layer: str, unit: int) -> int:
    """The place of the step under the cursor that all pages share.

    Where nobody put it, it stays at the step that was the telling one of this unit at first.
    """
    t = selected().t
    if t is None:
        first: dict[Any, int] = st.session_state.setdefault(TELLING, {})
        where = run.id, layer, run.training, selected().sample, unit
        return first.setdefault(where, telling_step(anatomy, unit))
    place = len(anatomy.input) - 1 - t if anatomy.reverse else t - anatomy.first
    return min(max(place, 0), len(anatomy.input) - 1)


def time_of(anatomy: Anatomy, place: int) -> int:
    """The step at this place, as a t in the order of the input."""
    return len(anatomy.input) - 1 - place if anatomy.reverse else anatomy.first + place


def draw_cell(run: Run, frame: Frame, key: str) -> Anatomy:
    """The diagram with every step of one example; it follows the feed."""
    sample, layer = selected().sample, chosen_layer(frame)
    anatomy = anatomy_of(run, frame, layer, sample)
    unit = shown_unit(anatomy, run, layer)
    step = shown_step(anatomy, run, layer, unit)
    data = cell_view(
        anatomy,
        inputs=_signs(run, layer, sample, anatomy),
        cursor=time_of(anatomy, step),
        unit=int(anatomy.units[unit]),
        pinned=selected().units,
        playback=_playback(run, frame, selected().step),
        topic=_topic(run, layer, sample).text if moves(run) else None,
        subject=run.id,
    )
    components.cell(
        data,
        key=key,
        t=lambda: select(t=components.picked(key).t),
        pinned=lambda: select(units=components.picked(key).pinned),
        step=lambda: select(step=components.picked_step(key)),
    )
    return anatomy


def _topic(run: Run, layer: str, sample: int) -> Topic:
    """The feed's name for the cell in the newest frame; of its clock alone where the reader chose
    another.
    """
    if selected().step is None:
        return Topic(CELL, (run.id,), (layer, str(sample), language()))
    return Topic(CLOCK, (run.id,), (language(),))


def newest_cell(topic: Topic, view: Sequence[str], run: Run) -> Message:
    """The cell in the newest frame, for the feed; nothing new where the trainer gives no answer.

    Raises RefusedError for a layer or an example that there is not.
    """
    frame = run.film.at(None)
    match view:
        case (layer, sample) if frame and sample.isdecimal() and layer in frame.layers:
            if int(sample) >= len(run.examples.inputs):
                raise RefusedError("no such example")
        case _:
            raise RefusedError("no such cell")
    try:
        asking = partial(trainer().ask, seconds=FEED_SECONDS)  # for no session
        anatomy = _taken_apart(run, frame, layer, int(sample), asking)
    except LstmVizError:
        return json.dumps({"topic": topic.text})
    signs = _signs(run, layer, int(sample), anatomy)
    return cell_message(topic.text, anatomy, signs, _playback(run, frame, None))


def clock_of(run: Run) -> dict[str, Any] | None:
    """The moments at which the cell can be had, for the feed."""
    frame = run.film.at(None)
    moving = _playback(run, frame, None) if frame else None
    return asdict(moving) if moving else None


def _signs(run: Run, layer: str, sample: int, anatomy: Anatomy) -> Sequence[str] | None:
    """How what the first layer reads is written, where it reads no numbers."""
    signs = letters(run.dataset, run.examples.inputs[sample]) if layer.endswith("l0") else None
    return signs[anatomy.first :] if signs else None


def _playback(run: Run, frame: Frame, step: int | None) -> Playback | None:
    if not movable(run):
        return None
    return clock.playback([run], step, playing=SLOWLY, until=frame.step if step is None else None)


def notes(run: Run, anatomy: Anatomy) -> list[str]:
    """What the reader should know about where the numbers are from."""
    found = []
    if not run.resident and not movable(run):
        found.append(
            _("**Untrained**: this run kept no weights. Shown: the network before training.")
        )
    elif selected().step is not None and not movable(run):
        found.append(_("Shown: the current network, not the chosen checkpoint."))
    if anatomy.first:
        count = len(anatomy.input)
        shown = ngettext(
            "Shown: the last time step of the sequence.",
            "Shown: the last {count} time steps of the sequence.",
            count,
        )
        found.append(shown.format(count=count))
    if anatomy.reverse:
        found.append(_("This layer reads the sequence from its end: t comes after t + 1."))
    if len(anatomy.units) < anatomy.hidden_size:
        found.append(
            _("Drawn: {shown} of {size} units, evenly spaced.").format(
                shown=len(anatomy.units), size=anatomy.hidden_size
            )
        )
    return found
