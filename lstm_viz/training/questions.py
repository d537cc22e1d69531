"""What a trainer can be asked: question -> what answers it. Arguments and answers are data."""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from lstm_viz.data.dataset import Dataset, Part, Values, evenly
from lstm_viz.data.text import decode, encode
from lstm_viz.errors import DivergenceError
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.runs.messages import Ask
from lstm_viz.runs.reduced import MAX_UNITS
from lstm_viz.training import optimising, predicting
from lstm_viz.training.building import put
from lstm_viz.training.laboratory import laboratory, laboratory_of
from lstm_viz.training.loop import Training
from lstm_viz.training.what_if import what_if
from lstm_viz.words import Sentence

TIMED_STEPS = 3
"""Steps whose fastest is taken for the time of a step: the first ones are slow."""
MAX_PREDICTIONS = 5000
"""Examples that are answered at once, the first ones of a part."""
MAX_STEPS = 256
"""Steps that an anatomy tells of: the last ones of a longer sequence."""


def untrained(settings: Settings, dataset: Dataset) -> dict[str, Any]:
    """The frame and probe of a model before training, its size, and how long it will take; what
    is said of its first steps where they diverge.
    """
    training = Training(settings, dataset)
    frame, seconds = _timed(training.frame)
    return {
        "frame": frame,
        "probe": training.probe,
        "parameters": training.parameters,
        "device": training.device.type,
        **_duration(training, seconds),
    }


def duration(settings: Settings, dataset: Dataset) -> dict[str, Any]:
    """Seconds a run will take, from its first steps."""
    training = Training(settings, dataset)
    return _duration(training, _timed(training.frame)[1])


def _duration(training: Training, first_frame: float) -> dict[str, Any]:
    """From what the first frame took: it runs free, as every tenth or so of the others does."""
    frames = training.total_steps / training.frame_every
    free = frames / training.frames_between_free_runs
    _, frame = _timed(training.frame)
    step, diverged = _timed_steps(training)
    watching = frame * frames + max(0.0, first_frame - frame) * free
    return {
        "seconds": step * training.total_steps + watching,
        "seconds_per_epoch": step * training.steps_per_epoch,
        "diverged": diverged,
    }


def _timed_steps(training: Training) -> tuple[float, Sentence | None]:
    """Seconds of the fastest of the first steps, and what is said where they diverge."""
    found: list[float] = []
    with threads_for(training.settings.network.hidden_size):  # as `Training.step` does
        for _ in range(min(TIMED_STEPS, training.total_steps)):
            began = time.perf_counter()
            try:
                training.update()
            except DivergenceError as error:
                took = time.perf_counter() - began
                return min([*found, took]), optimising.would_diverge(error)
            found.append(time.perf_counter() - began)
    return min(found), None


def _timed(what: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and the seconds it took."""
    began = time.perf_counter()
    value = what()
    return value, time.perf_counter() - began


def trace(training: Training, inputs: Values, targets: Values) -> Any:
    """The layers' frames on other examples."""
    return training.seen(inputs, targets)["layers"]


def retraced(
    settings: Settings,
    dataset: Dataset,
    part: Part,
    place: int,
    weights: Sequence[Mapping[str, Values]],
) -> list[dict[str, Any]]:
    """What frames hold of the probe's examples, of one example of a part: `layers`, `answer` and
    `attention` as the network had each of these `weights`.
    """
    training = Training(settings, dataset)
    x, y = (values[place : place + 1] for values in dataset.part(part))
    found = []
    for each in weights:
        put(training.model, each)
        found.append(training.seen(x, y))
    return found


def anatomy(
    training: Training,
    layer: str,
    inputs: Values,
    targets: Values,
    weights: Mapping[str, Values] | None = None,
) -> Anatomy:
    """What each step of a layer is made of while it reads one example, (1, T, D).

    At most `MAX_UNITS` units, those that frames keep, and the last `MAX_STEPS` steps. Of the
    model as it stands, or as it stood when it had these `weights`.
    """
    model = training.model
    if weights is not None:
        model = copy.deepcopy(model)
        put(model, weights)
    whole = dissect(
        model,
        torch.from_numpy(inputs.copy()),
        layer=layer,
        loss_fn=training.probe_loss,
        targets=torch.from_numpy(targets.copy()),
    )
    return whole.cut(evenly(whole.hidden_size, MAX_UNITS), MAX_STEPS)


def anatomy_of(settings: Settings, dataset: Dataset, **about: Any) -> Anatomy:
    """The same of a model that the trainer does not hold: untrained, or with these weights."""
    return anatomy(Training(settings, dataset), **about)


def predict(training: Training, part: Part, most: int = MAX_PREDICTIONS, entity: int = 0) -> Values:
    """Answers to the first `most`, at most `MAX_PREDICTIONS`, examples of a part, of one series
    where there are several, as frames keep them.
    """
    x, _ = training.dataset.alone(entity).part(part)
    output = predicting.outputs(training.model, x[: min(most, MAX_PREDICTIONS)])
    return predicting.answers(output, training.dataset.problem)


def free_run(training: Training, origins: Sequence[int], steps: int, entity: int = 0) -> Values:
    """(n, steps, K) scaled: free-running forecasts of a series from each origin."""
    return predicting.free_run(training.model, training.dataset.alone(entity), origins, steps)


def write(
    training: Training, beginning: str, length: int, temperature: float, seed: int
) -> dict[str, Any]:
    """What a model of text writes after a beginning."""
    codes = encode(beginning, training.dataset.symbols)
    written = predicting.write(training.model, codes, length, temperature, seed)
    return {"written": decode(written, training.dataset.symbols)}


def read(training: Training, text: str) -> dict[str, Any]:
    """What happens inside a model while it reads a text of T characters.

    `layers` of one sample, its loss that of each next character; `top` codes and `probabilities`
    (T, K) of the likeliest next characters.
    """
    codes = encode(text, training.dataset.symbols)
    following = np.append(codes[1:].astype(np.int16), -1)
    top, probabilities = predicting.next_symbols(training.model, codes)
    return {
        "layers": training.seen(codes[None, :, None], following[None])["layers"],
        "top": top,
        "probabilities": probabilities,
    }


def answer(asked: Ask, datasets: Mapping[str, Dataset]) -> Any:
    """What is said to a question. Raises LstmVizError for what cannot be answered."""
    about: dict[str, Any] = dict(asked.about)
    if asked.question in ABOUT_SETTINGS:
        about |= {"settings": asked.settings, "dataset": datasets[asked.fingerprint]}
        return ABOUT_SETTINGS[asked.question](**about)
    ask = ABOUT_MODEL[asked.question]
    assert asked.settings is not None
    assert asked.weights is not None
    training = Training(asked.settings, datasets[asked.fingerprint])
    put(training.model, asked.weights)
    return ask(training, **about)


ABOUT_SETTINGS: Mapping[str, Callable[..., Any]] = {
    "untrained": untrained,
    "duration": duration,
    "anatomy_of": anatomy_of,
    "retraced": retraced,
    "what_if": what_if,
    "laboratory_of": laboratory_of,
}
"""Asked of settings: (settings, dataset, ...)."""
ABOUT_MODEL: Mapping[str, Callable[..., Any]] = {
    "trace": trace,
    "anatomy": anatomy,
    "laboratory": laboratory,
    "predict": predict,
    "free_run": free_run,
    "write": write,
    "read": read,
}
"""Asked of a run's model as it stands: (training, ...)."""
