"""What a file says of a run, checked before anything is made of it: a file may say anything."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from numbers import Real
from typing import Any

import numpy as np

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.reading.naming import MAX_NAME, one_line
from lstm_viz.errors import DataError
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.cells import CELLS
from lstm_viz.runs.film import MAX_FRAMES, SCALARS
from lstm_viz.runs.frames import Frame, LayerFrame, Probe
from lstm_viz.runs.run import Run
from lstm_viz.words import N_

MOST_BYTES = 2**28
"""Of a file, unpacked."""
MOST_LETTERS = 20_000
MOST_LAYERS = 64
MOST_STEPS = 2**53
"""Whole numbers up to which browsers count."""
NUMBERS = "fiub"
"""Kinds of arrays that hold numbers; moments of time have others."""


def too_large(path: str) -> DataError:
    """Says of a file that it takes more than `MOST_BYTES`."""
    return DataError(
        N_("The file '{path}' unpacks to more than {most} MB. Save a run of fewer moments, "
           "examples or units; of a watched loop fewer 'samples'."),
        path=path, most=MOST_BYTES // 2**20,
    )  # fmt: skip


def check_run(run: Run, weights: Mapping[str, Any], *, own: bool) -> None:
    """Raises ValueError with the first thing that does not fit, such as arrays of other sizes.

    Of a network of this package, which is not a module of the user's `own`, the layers are those
    of its settings.
    """
    _expect(isinstance(weights, Mapping), "weights")
    for values in weights.values():
        _expect(isinstance(values, np.ndarray) and values.dtype.kind in NUMBERS, "weights")
    frames = run.film.frames
    for what, kind in ((run.settings, Settings), (run.dataset, Dataset), (run.probe, Probe)):
        _expect(isinstance(what, kind), kind.__name__)
    _expect(0 < len(frames) <= MAX_FRAMES, "frames")
    _expect(all(isinstance(each, Frame) for each in frames), "frames")
    steps = [frame.step for frame in frames]
    _expect(all(type(step) is int and 0 <= step <= MOST_STEPS for step in steps), "steps")
    _expect(steps == sorted(steps), "steps")
    for number in (run.step, run.total_steps, run.steps_per_epoch, run.parameters):
        _expect(type(number) is int and 0 <= number <= MOST_STEPS, "steps")
    _expect(run.steps_per_epoch > 0, "steps")
    for part in (run.settings, run.dataset, run.probe, *frames):
        _plain(part)
    layers = frames[0].layers
    _expect(0 < len(layers) <= MOST_LAYERS, "layers")
    _expect(all(_is_name(name) for name in layers), "layers")
    _expect(own or {**_layers_of(run.settings)} == {n: _kind(each) for n, each in layers.items()},
            "layers")  # fmt: skip
    for frame in frames:
        _expect([*frame.layers] == [*layers], "layers")
        for name in SCALARS:
            _expect(isinstance(getattr(frame, name), Real), name)
        for name, layer in frame.layers.items():
            _expect(isinstance(layer, LayerFrame), "layers")
            _check_layer(layer, layers[name], len(run.examples.inputs))


def _is_name(name: str) -> bool:
    return 0 < len(name) <= MAX_NAME and name == one_line(name)


def _layers_of(settings: Settings) -> dict[str, tuple[str, int, bool]]:
    """Name -> what `_kind` says of the layers of such a network."""
    network = settings.network
    return {
        f"recurrent.l{layer}{'_reverse' if backward else ''}": (
            settings.cell.kind,
            network.hidden_size,
            backward,
        )
        for layer in range(network.layers)
        for backward in (False, True)[: 1 + network.bidirectional]
    }


def _kind(layer: LayerFrame) -> tuple[str, int, bool]:
    return layer.kind, layer.hidden_size, layer.reverse


def _check_layer(layer: LayerFrame, first: LayerFrame, samples: int) -> None:
    B, T, U = shape = first.hidden.shape
    _expect(samples == B and T > 0 and U > 0, "samples")
    _expect(layer.kind == first.kind, "kind")
    _expect([*layer.gates] == [*first.gates], "gates")
    if layer.kind in CELLS:  # others are of a user's own
        _expect({*layer.gates} <= {gate.name for gate in CELLS[layer.kind].gates}, "gates")
    units = layer.units.tolist()
    _expect(layer.units.dtype.kind in "iu" and len(units) == U, "units")
    _expect(type(layer.hidden_size) is int, "units")
    _expect(max(units) < layer.hidden_size <= MOST_STEPS, "units")
    _expect(units == sorted(set(units)) and units[0] >= 0, "units")
    by_unit = [layer.hidden, layer.log_grad_hidden, *layer.gates.values()]
    by_unit += [e for e in (layer.cell, layer.log_grad_cell, layer.inner_cell) if e is not None]
    by_step = [layer.grad_hidden_norm, *layer.flow_norms.values()]
    by_step += [layer.grad_cell_norm] if layer.grad_cell_norm is not None else []
    for arrays, wanted in ((by_unit, shape), (by_step, (B, T)), ([layer.flow_from], (B,))):
        for values in arrays:
            _expect(values.shape == wanted and values.dtype.kind in NUMBERS, "arrays")
    if (lengths := layer.lengths) is not None:
        _expect(lengths.shape == (B,) and lengths.dtype.kind in "iu", "lengths")
        _expect(bool(np.all((lengths > 0) & (lengths <= T))), "lengths")
    _expect((layer.cell is None) == (first.cell is None), "cell")
    _expect({*layer.flow_norms} <= {"hidden", "cell", "inner_cell"}, "gradient")
    _expect(bool(np.all((layer.flow_from >= 0) & (layer.flow_from < T))), "gradient")


def _plain(value: Any) -> None:
    """Texts of a line, of a size that can be shown, and arrays that are no objects."""
    if isinstance(value, str):
        _expect(len(value) <= MOST_LETTERS, "text")
    elif isinstance(value, np.ndarray):
        _expect(value.dtype.kind in NUMBERS + "mMU", "arrays")
    elif isinstance(value, Mapping):
        _all([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        _all(value)
    elif is_dataclass(value):
        _all(getattr(value, each.name) for each in fields(value))


def _all(values: Iterable[Any]) -> None:
    for value in values:
        _plain(value)


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"its {what} do not fit together")
