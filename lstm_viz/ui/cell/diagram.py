"""The diagram of a cell: what the feed brings of one run's network in a frame of its training."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from lstm_viz.errors import ConfigError, LstmVizError, TrainerError
from lstm_viz.figures.cell.of_run import run_cell
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.runs.another import called, named
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import CELL, RefusedError, Topic
from lstm_viz.ui.selection import selected
from lstm_viz.ui.service import ask, ask_for
from lstm_viz.ui.touching import example_key
from lstm_viz.words import N_, _, language

KEY = "anatomies"
KEPT = 6
"""Anatomies a session remembers."""


def anatomy_of(run: Run, frame: Frame, layer: str, sample: int) -> Anatomy:
    """What each step of a layer is made of in the run's network in one frame, asked for once.

    Where frames do not keep the model it is the network as it stands, or the untrained one of a
    model that is gone. Raises LstmVizError for what cannot be taken apart.
    """
    kept: dict[Any, Anatomy] = st.session_state.setdefault(KEY, {})
    key = run.id, frame.step if movable(run) else (run.step, run.state), layer, sample
    if key not in kept:
        kept[key] = taken_apart(run, frame, layer, sample, ask)
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
    return kept[key]


def taken_apart(
    run: Run, frame: Frame, layer: str, sample: int, asking: Callable[..., Any]
) -> Anatomy:
    """The same, asked of whoever is given; nothing is remembered."""
    if run.module:
        return _kept(run, layer, sample)
    probe, frame = run.examples, run.film.network(frame)
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


def _kept(run: Run, layer: str, sample: int) -> Anatomy:
    """What its file has of a module's cell."""
    found = run.anatomies.get(f"{layer}/{sample}")
    if found is None:
        raise ConfigError(
            N_("The file has no cell of this layer on this example.")
        )  # fmt: skip
    return found


def movable(run: Run) -> bool:
    """Whether the network can be had in every frame of its training."""
    return run.film.keeps_weights


def cell_topic(run: Run, layer: str, sample: int) -> str:
    """The feed's name for a cell, with "{step}" in the place of a training step; without one where
    frames do not keep the model: then it is the network as it stands.
    """
    step = ["{step}"] if movable(run) else []
    return Topic(CELL, (run.own,), (layer, called(run, sample), *step, language())).text


def cell_picture(topic: Topic, view: Sequence[str], run: Run) -> Message:
    """A cell for the feed, in the newest frame or at the training step that the topic names.

    Where there is no diagram it says why; empty, and not remembered, where the trainer gives no
    answer in time. Raises RefusedError for a layer, an example or a step that there is not.
    """
    match view:
        case (layer, example, *step):
            run, sample = named(run, example)
            frame = run.film.at(_step(step))
        case _:
            raise RefusedError("no such cell")
    if frame is None or layer not in frame.layers:
        raise RefusedError("no such cell")
    try:
        anatomy = taken_apart(run, frame, layer, sample, partial(ask_for, run))
    except TrainerError:
        return ""
    except LstmVizError as limit:  # a cell without a diagram is nobody's mistake
        return json.dumps({"topic": topic.text, "limit": str(limit)})
    return view_of(run, anatomy, layer, sample, frame.step, topic=topic.text)


def _step(named: Sequence[str]) -> int | None:
    match named:
        case []:
            return None
        case [step] if step.isdecimal() and len(step) < 10:
            return int(step)
    raise RefusedError("no such step")


def view_of(
    run: Run, anatomy: Anatomy, layer: str, sample: int, step: int, *, topic: str | None = None
) -> bytes:
    """A run's cell at a training step, packed for the stage; for this session's own page without a
    `topic`.
    """
    mine = selected() if topic is None else None
    return run_cell(
        run,
        anatomy,
        layer,
        sample,
        topic=topic,
        example={"example": example_key(run, sample), "layer": layer, "step": step},
        cursor=mine.t if mine else None,
        pinned=mine.units if mine else None,
    )


def doubts(run: Run) -> list[str]:
    """What the reader should know about which network is shown."""
    if movable(run):
        return []
    if run.module:
        return [_("The cell is that of the film's last moment.")]
    if run.film.frames[-1].weights is not None:
        return [_("Shown: the network at the training's end, whichever moment is chosen.")]
    if not run.resident:
        return [_("Shown: the network before training. This run keeps no weights.")]
    if selected().step is not None:
        return [_("Shown: the current network, not this checkpoint.")]
    return []
