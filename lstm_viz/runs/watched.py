"""The history of a watched loop as a run: what its layers did, without data, losses and epochs."""

from collections.abc import Mapping, Sequence

import numpy as np

from lstm_viz.data.dataset import Dataset, Scaler, evenly
from lstm_viz.errors import DataError
from lstm_viz.experiments.settings import NetworkSettings, Settings
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.kept_traces import first_samples
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.traces import Traces
from lstm_viz.limits import limits_of
from lstm_viz.measures.packed import is_reverse, measured_steps
from lstm_viz.models.cells import CELLS
from lstm_viz.runs.film import MAX_FRAMES, Film
from lstm_viz.runs.frames import Frame, Probe
from lstm_viz.runs.reduced import reduced
from lstm_viz.runs.run import Run
from lstm_viz.words import N_, Sentence

MOST_SAMPLES = 4
NO_MOMENT = N_(
    "These pages show no layer of the history '{path}'. They show layers that ran in one call, in "
    "every sample to its last step, with a gradient and without proj_size. In Python "
    'lstm_viz.film(lstm_viz.open("{path}")) shows it.'
)
LEFT_OUT = N_(
    "Left out: {count} of {of} kept moments. Their batches have another length than the last one, "
    "fewer samples, or other layers."
)
UNKNOWN = float("nan")


def run_of(history: Sequence[Traces], path: str) -> Run:
    """Its moments with the layers, the steps and the units of the last one, and as many samples; at
    most `MAX_FRAMES` of them, evenly.

    Raises DataError where no layer of the last one can be shown.
    """
    steps = [traces for traces in history if traces]
    layers = _first_of(steps[-1]) if steps else {}
    if not any(not is_reverse(name) for name in layers):
        raise DataError(NO_MOMENT, path=path)
    alike = [each for traces in steps if (each := _like(layers, traces)) is not None]
    kept = [alike[k] for k in evenly(len(alike), MAX_FRAMES)]
    frames = [_frame(step, each) for step, each in kept]
    left_out = len(history) - len(alike)
    said = Sentence(LEFT_OUT, {"count": left_out, "of": len(history)})
    inputs = next(iter(layers.values())).input.astype(np.float32)
    probe = Probe(inputs, np.zeros((len(inputs), 1), np.float32), np.zeros((1, 1), np.float32))
    film = Film(len(frames), 2**40)
    for frame in frames:
        film.append(frame)
    return Run(
        id="run",
        settings=_settings(layers),
        dataset=_dataset(inputs, probe),
        film=film,
        state="recorded",
        message=said if left_out else None,
        step=frames[-1].step,
        total_steps=frames[-1].step,
        probe=probe,
        resident=False,
    )


def cells_of(run: Run, cells: Mapping[str, Anatomy]) -> dict[str, Anatomy]:
    """The cells of the layers and samples that are shown."""
    names = [f"{name}/{k}" for name in run.film.frames[-1].layers
             for k in range(len(run.examples.inputs))]  # fmt: skip
    return {name: cells[name] for name in names if name in cells}


def _first_of(newest: Traces) -> dict[str, LayerTrace]:
    """The layers that can be shown, of the first samples of the batch: those of one T and B."""
    found = dict[str, LayerTrace]()
    for name, whole in newest.items():
        layer = first_samples(whole, MOST_SAMPLES)
        shape = next(iter(found.values()), layer).hidden.shape[:2]
        if layer.kind in CELLS and _shown(layer) and layer.hidden.shape[:2] == shape:
            found[name] = layer
    return found


def _shown(layer: LayerTrace) -> bool:
    traced = layer.grad_hidden is not None and layer.flow_from is not None
    projects = layer.cell is not None and layer.cell.shape != layer.hidden.shape
    return traced and not projects and bool(layer.flow_norms) and bool(measured_steps(layer).all())


def _like(
    layers: Mapping[str, LayerTrace], traces: Traces
) -> tuple[int, dict[str, LayerTrace]] | None:
    """The same layers at another step; None where they ran over other sizes, or not at all."""
    found = dict[str, LayerTrace]()
    for name, newest in layers.items():
        if name not in traces:
            return None
        layer = first_samples(traces[name], len(newest.hidden))
        if layer.hidden.shape != newest.hidden.shape or not _shown(layer):
            return None
        found[name] = layer
    return traces.step or 0, found


def _frame(step: int, layers: Mapping[str, LayerTrace]) -> Frame:
    nothing = np.full((len(next(iter(layers.values())).hidden), 1), np.nan, np.float32)
    losses = (UNKNOWN,) * 4
    return Frame(
        UNKNOWN,
        step,
        *losses,
        {
            name: reduced(
                layer,
                layer.flow_norms,
                np.asarray(layer.flow_from),
                reverse=is_reverse(name),
                reads=True,
            )
            for name, layer in layers.items()
        },
        nothing,
        nothing,
    )


def _settings(layers: Mapping[str, LayerTrace]) -> Settings:
    """What pages ask of a network's size and cell."""
    most, widest = limits_of(NetworkSettings), max(e.hidden.shape[-1] for e in layers.values())
    forward = sum(not is_reverse(name) for name in layers)
    return Settings.of(
        cell=next(iter(layers.values())).kind,
        hidden_size=min(widest, most["hidden_size"].high),  # type: ignore[attr-defined]
        layers=min(forward, most["layers"].high),  # type: ignore[attr-defined]
    )


def _dataset(inputs: np.ndarray, probe: Probe) -> Dataset:
    """What the layers read at the last moment, and no answers: nobody knows them."""
    return Dataset(
        name="",
        values=inputs,
        answers=probe.targets,
        window=inputs.shape[1],
        horizon=1,
        split=0,
        scaler=Scaler(),
        input_names=tuple(f"x{k}" for k in range(inputs.shape[2])),
        target_names=("y",),
        test_split=len(inputs),
    )
