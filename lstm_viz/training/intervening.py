"""What a reader's intervention makes of a run's network, beside the untouched one."""

import copy
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from lstm_viz.data.dataset import Values, evenly
from lstm_viz.experiments.cost import examples_intervened, intervened_at_once
from lstm_viz.experiments.intervention import Intervention
from lstm_viz.instruments.intervene import intervene
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace
from lstm_viz.models.cells import cell_of
from lstm_viz.models.network import Network
from lstm_viz.runs.reduced import kept_units
from lstm_viz.training import optimising, predicting
from lstm_viz.training.loop import Training


def intervened(
    training: Training,
    model: Network,
    x: Tensor,
    y: Tensor,
    layer: str,
    *,
    intervention: Intervention,
    like: Values | None = None,
    swapped: Mapping[str, Values] | None = None,
) -> dict[str, Any]:
    """`before` and `after` of one example (1, T, D): its `signals` (T, U) of these `units`, the
    norms (T,) of its `gradients`, its `loss` and `answer`; and the mean loss of so many validation
    `examples`, `whole_before` and `whole_after`, which an input that is changed in this example
    alone leaves as it is.

    The layer begins as after the last step of the example `like`, (1, T, D), where that is asked
    for; `swapped` are the parameters of another moment.
    """
    other = changed_weights(model, swapped or {})
    begin = first_states(training, model, layer, intervention.begin, like)
    size, steps = training.settings.network.hidden_size, x.shape[1]
    held = interventions(intervention, layer, steps, size)
    places = measured_places(training, examples_intervened(training.settings, training.dataset))

    def under() -> AbstractContextManager[nn.Module]:
        return intervene(other, **held, state={layer: begin} if begin else None)

    with threads_for(size):
        before = _seen(training, model, x, y, layer)
        whole_before = whole_loss(training, model, places)
        with under():
            after = _seen(training, other, changed_input(x, intervention), y, layer)
            still = intervention.of_network == Intervention()
            whole_after = whole_before if still else whole_loss(training, other, places)
    return {
        "before": before,
        "after": after,
        "units": kept_units(size),
        "whole_before": whole_before,
        "whole_after": whole_after,
        "examples": len(places),
    }


def interventions(
    intervention: Intervention, layer: str, steps: int, size: int
) -> dict[str, Mapping[str, Any]]:
    """What `intervene` takes: the gates held over all of (T, H), or over what is named of it."""
    first, last = intervention.steps or (0, steps - 1)
    units = list(intervention.units) or slice(None)
    clamp = {}
    for gate, value in intervention.gates:
        values = np.full((steps, size), np.nan)
        values[first : last + 1, units] = value
        whole = intervention.steps is None
        clamp[gate] = values[0] if whole else values
    return {
        "clamp": {layer: clamp} if clamp else {},
        "silence": {layer: intervention.silenced} if intervention.silenced else {},
    }


def changed_input(x: Tensor, intervention: Intervention) -> Tensor:
    """The example with one input changed, if one is."""
    if intervention.change is None:
        return x
    t, column, value = intervention.change
    changed = x.clone()
    changed[:, t, column] = value
    return changed


def changed_weights(model: Network, swapped: Mapping[str, Values]) -> Network:
    """The network with some of its parameters those of another moment; a copy, if there are any."""
    if not swapped:
        return model
    other = copy.deepcopy(model)
    other.load_state_dict(
        {**other.state_dict(), **{name: torch.tensor(each) for name, each in swapped.items()}}
    )
    return other


def first_states(
    training: Training, model: Network, layer: str, begin: float | None, like: Values | None
) -> dict[str, Values]:
    """State -> (H,): what the layer begins from; empty where it begins as it does."""
    names = cell_of(training.settings.cell.kind).states
    if like is not None:
        traced = trace(model, torch.from_numpy(like.copy()))[layer]
        last = 0 if layer.endswith("_reverse") else -1
        return {name: getattr(traced, name)[0, last] for name in names}
    if begin is None:
        return {}
    return dict.fromkeys(names, np.full(training.settings.network.hidden_size, begin))


def _seen(training: Training, model: Network, x: Tensor, y: Tensor, layer: str) -> dict[str, Any]:
    measured = trace(model, x, loss_fn=training.probe_loss, targets=y)[layer]
    output = predicting.outputs(model, x.numpy())
    states = {name: getattr(measured, name) for name in cell_of(measured.kind).states}
    units = kept_units(measured.hidden.shape[-1])
    return {
        "signals": {
            name: _float32(values[0][:, units])
            for name, values in {**measured.gates, **states}.items()
        },
        "gradients": _norms(measured),
        "loss": float(training.probe_loss(output.double(), y)),
        "answer": np.ravel(predicting.answers(output, training.dataset.problem)),
    }


def _norms(measured: LayerTrace) -> dict[str, Values]:
    names = ["hidden"] if measured.cell is None else ["hidden", "cell"]
    return {f"grad_{name}": measured.grad_norm(name)[0] for name in names}  # type: ignore[arg-type]


def _float32(values: Values) -> Values:
    with np.errstate(over="ignore"):  # beyond float32 it is shown as infinite
        return np.ascontiguousarray(values, dtype=np.float32)


def measured_places(training: Training, most: int) -> npt.NDArray[np.int64]:
    """(n,) so many, evenly spaced, of the validation examples that a run is measured on."""
    places = training.dataset.measured
    return places[evenly(len(places), most)]


def whole_loss(training: Training, model: Network, places: npt.NDArray[np.int64]) -> float:
    """The mean loss of these validation examples, over all answers that are asked for together, as
    the run's own validation loss is one.
    """
    inputs, targets = training.dataset.part("validation")
    most = intervened_at_once(training.settings, training.dataset)
    several = [places[k : k + most] for k in range(0, len(places), most)]
    output = torch.cat([predicting.outputs(model, inputs[each]) for each in several])
    y = torch.from_numpy(targets[places].copy())
    losses = optimising.loss_of(training.settings, training.dataset)(output.double(), y)
    return optimising.mean_loss(losses, optimising.scored(y, training.dataset.problem)).item()
