"""What a reader may change in a run's film, and who answers: the browser, or a trainer."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from lstm_viz.errors import LstmVizError
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.touch import Touch, answer_message
from lstm_viz.figures.weights import runs_in_browser
from lstm_viz.runs.another import called, named
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import NOT_HERE, Run
from lstm_viz.runs.topics import WEIGHTS, WHAT_IF, RefusedError, Topic
from lstm_viz.ui.connection import is_answered
from lstm_viz.ui.service import ask_for, trainer
from lstm_viz.words import _, language

STANDING = "now"
"""In the place of a training step: the network as it stands, of a run that keeps no weights."""
SECONDS = 5.0
"""In which a trainer answers, or does not."""
MOST_SIZE = 1e6
"""Of a number that a browser asks about."""


def touch_of(film: LayerFilm) -> Touch | None:
    """The example of a film that the reader may change; None where nobody answers."""
    run, newest = film.run, film.run.film.frames[-1]
    if not is_answered(run) or not (newest.weights is not None or run.resident):
        return None
    kept = run.film.keeps_weights
    here = kept and runs_in_browser(run.settings, run.dataset)
    example = called(run, film.sample)
    asked = (film.layer, example, "{step}" if kept else STANDING, language())
    return Touch(
        key=example_key(run, film.sample),
        topic=(Topic(WEIGHTS, (run.own,)) if here else Topic(WHAT_IF, (run.own,), asked)).text,
        in_browser=here,
        standing=not kept,
        layer=film.layer,
        swapped=film.swapped,
        settings=run.settings,
        dataset=run.dataset,
        inputs=run.examples.inputs[film.sample],
        target=run.examples.targets[film.sample],
        others=_others(run) if here else (),
    )


def _others(run: Run) -> Sequence[int]:
    """Training steps of frames that the run has, and not this film of another example."""
    if not run.shows:
        return ()
    own = {frame.step for frame in trainer().runs.get(run.own).film.frames}
    return sorted(own - {frame.step for frame in run.film.frames})


def example_key(run: Run, sample: int) -> str:
    """The name of one of a run's examples in a page."""
    return f"{run.id}/{sample}"


def why_not(film: LayerFilm) -> str:
    """Why nobody answers; empty where somebody does, or will."""
    if touch_of(film) is not None or not is_answered(film.run):
        return ""
    if film.run.module:
        return _(NOT_HERE)
    return _("No what-if: this run's weights are gone. Train it again.")


def what_if_picture(topic: Topic, view: Sequence[str], run: Run) -> Message:
    """What the network of a frame makes of a changed example, for the feed.

    Raises RefusedError for a layer, an example, a step or a change that there is not.
    """
    match view:
        case (layer, example, step):
            run, sample = named(run, example)
            frame = _frame_of(run, step)
        case _:
            raise RefusedError("no such example")
    if layer not in frame.layers:
        raise RefusedError("no such layer")
    asked, inputs, silenced = _changes(topic.what, run, frame, sample)
    ask = partial(ask_for, run, seconds=SECONDS)
    try:
        weights = ask("weights", run=run.id) if frame.weights is None else frame.weights
        found = ask(
            "what_if",
            settings=run.settings,
            dataset=run.dataset,
            layer=layer,
            inputs=inputs[None],
            silenced=silenced,
            weights=weights,
        )
    except LstmVizError as error:
        return json.dumps({"topic": topic.text, "asked": asked, "failed": str(error)})
    return answer_message(topic.text, asked, found)


def _frame_of(run: Run, step: str) -> Frame:
    if step == STANDING and run.film.frames:
        return run.film.frames[-1]
    if step.isdecimal() and len(step) < 10:
        frame = run.film.at(int(step))
        if frame is not None and frame.weights is not None:
            return frame
    raise RefusedError("no such step")


def _changes(
    said: str, run: Run, frame: Frame, sample: int
) -> tuple[int, np.ndarray, dict[str, list[int]]]:
    """The number of a question, the example that it is about, and who is silenced."""
    match json.loads(said or "null"):
        case {"asked": int(asked), "inputs": list(changed), "silenced": dict(silenced), **more} if (
            not more
        ):
            inputs = run.examples.inputs[sample].copy()
            for each in changed:
                _change(inputs, each, len(run.dataset.symbols))
            return asked, inputs, _units(silenced, frame)
    raise RefusedError("no question")


def _change(inputs: np.ndarray, said: object, symbols: int) -> None:
    steps, width = inputs.shape
    match said:
        case [int(t), int(d), int() | float() as value] if 0 <= t < steps and 0 <= d < width:
            ends = (0, symbols - 1) if symbols else (-MOST_SIZE, MOST_SIZE)
            if math.isfinite(value) and ends[0] <= value <= ends[1]:
                inputs[t, d] = value
                return
    raise RefusedError("no such change")


def _units(silenced: Mapping[str, Any], frame: Frame) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for layer, units in silenced.items():
        if layer not in frame.layers or not isinstance(units, list):
            raise RefusedError("no such layer")
        size = frame.layers[layer].hidden_size
        if not all(type(unit) is int and 0 <= unit < size for unit in units):
            raise RefusedError("no such unit")
        found[layer] = units
    return found
