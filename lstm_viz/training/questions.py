"""What a trainer can be asked: question -> what answers it. Arguments and answers are data."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lstm_viz.data.dataset import Dataset, Part, Values
from lstm_viz.data.text import decode, encode
from lstm_viz.training import predicting
from lstm_viz.training.config import RunConfig
from lstm_viz.training.loop import Training

TIMED_STEPS = 3
"""Steps whose fastest is taken for the time of a step: the first ones are slow."""
MAX_PREDICTIONS = 5000
"""Examples that are answered at once, the first ones of a part."""


def untrained(config: RunConfig, dataset: Dataset) -> dict[str, Any]:
    """The frame and probe of a model before training, its size, and how long it will take."""
    training = Training(config, dataset)
    frame = training.frame()
    return {
        "frame": frame,
        "probe": training.probe,
        "parameters": training.parameters,
        "device": training.device.type,
        **_duration(training),
    }


def duration(config: RunConfig, dataset: Dataset) -> dict[str, Any]:
    """Seconds a run will take, from its first steps."""
    return _duration(Training(config, dataset))


def _duration(training: Training) -> dict[str, Any]:
    began = time.perf_counter()
    training.frame()
    frame = time.perf_counter() - began
    times = []
    for _ in range(min(TIMED_STEPS, training.total_steps)):
        began = time.perf_counter()
        training.update()
        times.append(time.perf_counter() - began)
    frames = training.total_steps / training.frame_every
    return {
        "seconds": min(times) * training.total_steps + frame * frames,
        "seconds_per_epoch": min(times) * training.steps_per_epoch,
    }


def trace(training: Training, inputs: Values, targets: Values) -> Any:
    """The layers' frames on other examples."""
    return training.trace(inputs, targets)


def predict(training: Training, part: Part) -> Values:
    """Answers to the first `MAX_PREDICTIONS` examples of a part, as frames keep them."""
    x, _ = training.dataset.part(part)
    output = predicting.outputs(training.model, x[:MAX_PREDICTIONS])
    return predicting.answers(output, training.dataset.problem)


def free_run(training: Training, origins: Sequence[int], steps: int) -> Values:
    """(n, steps, K) scaled: free-running forecasts from each origin."""
    return predicting.free_run(training.model, training.dataset, origins, steps)


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
        "layers": training.trace(codes[None, :, None], following[None]),
        "top": top,
        "probabilities": probabilities,
    }


ABOUT_SETTINGS: Mapping[str, Callable[..., Any]] = {"untrained": untrained, "duration": duration}
"""Asked of settings: (config, dataset)."""
ABOUT_MODEL: Mapping[str, Callable[..., Any]] = {
    "trace": trace,
    "predict": predict,
    "free_run": free_run,
    "write": write,
    "read": read,
}
"""Asked of a run's model: (run, ...)."""
