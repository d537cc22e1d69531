"""The traces that a watcher keeps while a model trains, and how they are thinned."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.traces import Traces
from lstm_viz.instruments.traces_file import (
    HISTORY,
    packed,
    reading,
    unpacked,
    unpacked_cells,
    write,
)
from lstm_viz.words import N_, Sentence

MOST_BYTES = 2**28


class KeptTraces:
    """Every so manieth step, evenly over the whole training within `most_bytes`."""

    def __init__(self, every: Any, most_bytes: int | None = None) -> None:
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise ConfigError(
                N_("The 'every' of a watcher must be a whole number of at least 1, got {got!r}."),
                got=every,
            )
        self.every: int = every
        """Grows as the room fills."""
        self.doubts: list[Sentence] = []
        """What is missing from them, each once."""
        self._most_bytes = most_bytes or MOST_BYTES
        self._found: list[Traces] = []
        self._step = 0
        self._latest: int | None = None

    @property
    def traces(self) -> tuple[Traces, ...]:
        return tuple(self._found)

    def takes(self, number: int) -> bool:
        """Whether the pass of this number, if it is a new step, is to be kept."""
        if number == self._latest:
            return False
        self._latest = number
        self._step += 1
        return self._step % self.every == 0

    def keep(self, traces: Traces, doubts: Sequence[Sentence]) -> None:
        """Keep those of the step at hand."""
        traces.step = self._step
        self._found.append(traces)
        self.doubts += [doubt for doubt in doubts if doubt not in self.doubts]
        while len(self._found) > 1 and sum(map(_bytes, self._found)) > self._most_bytes:
            self.every *= 2
            self._found = [each for each in self._found if (each.step or 0) % self.every == 0]


def save_history(
    history: Sequence[Traces],
    path: str | Path,
    cells: Mapping[str, Anatomy],
    samples: int | None = None,
) -> None:
    """Write the traces of one training, in order, each with its step and what was left out; of each
    batch the first so many samples. And the `cells` of the last step, "l0/2" of a layer's sample.
    """
    if not history:
        raise ConfigError(N_("Nothing was kept so far: there is no history to save."))
    steps, arrays = list[dict[str, Any]](), dict[str, Any]()
    for k, traces in enumerate(history):
        shown = {name: first_samples(layer, samples) for name, layer in traces.items()}
        layers, of_step = packed(shown, f"{k}/")
        steps.append({"step": traces.step, "left_out": traces.left_out, "layers": layers})
        arrays |= of_step
    said, of_cells = packed(cells, "cells/")
    write(path, HISTORY, {"steps": steps, "cells": said}, arrays | of_cells)


def first_samples(layer: LayerTrace, count: int | None) -> LayerTrace:
    """The same of the first so many samples of the batch."""
    if count is None:
        return layer

    def cut(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: each[:count] for name, each in value.items()}
        return value[:count] if isinstance(value, np.ndarray) else value

    each = {of.name: getattr(layer, of.name) for of in fields(layer)}
    whole = {name: each.pop(name) for name in ("kind", "options", "weights", "calls")}
    return replace(layer, **whole, **{name: cut(value) for name, value in each.items()})


def load_history(path: str | Path) -> tuple[Traces, ...]:
    """Read what `save_history` wrote. Raises DataError for another file, or a later version."""
    with reading(path, HISTORY) as (said, arrays):
        return unpacked_history(said, arrays)[0]


def unpacked_history(said: Any, arrays: Any) -> tuple[tuple[Traces, ...], dict[str, Anatomy]]:
    """The traces, and the cells of the last step, of what such a file says."""
    steps = [
        Traces(unpacked(of["layers"], arrays, f"{k}/"), of["left_out"])
        for k, of in enumerate(said["steps"])
    ]
    for traces, of in zip(steps, said["steps"], strict=True):
        traces.step = of["step"]
    return tuple(steps), unpacked_cells(said.get("cells", []), arrays, "cells/")


def _bytes(traces: Traces) -> int:
    return sum(
        _size(getattr(layer, field.name)) for layer in traces.values() for field in fields(layer)
    )


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    return sum(map(_size, value.values())) if isinstance(value, dict) else 0
