"""What the laboratory measures on one example of a run's model, as arrays for its figures."""

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, get_args

import numpy as np
import torch
from torch import Tensor, nn

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.errors import ConfigError, LstmVizWarning
from lstm_viz.experiments.cost import TAKEN_APART
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.attribution import Method, attribution
from lstm_viz.instruments.carousel import carousel
from lstm_viz.instruments.fixed_points import fixed_points
from lstm_viz.instruments.gradient_map import gradient_map
from lstm_viz.instruments.intervene import intervene
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.jacobians import jacobians_of
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.lyapunov import exponents_along
from lstm_viz.instruments.steps import LayerSteps, layer_steps
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.verify import verify
from lstm_viz.measures.carousel import ways_of
from lstm_viz.measures.resting import SLOW
from lstm_viz.models.cell import product
from lstm_viz.models.network import Network
from lstm_viz.runs.reduced import kept_units
from lstm_viz.training import predicting
from lstm_viz.training.building import put
from lstm_viz.training.intervening import intervened, measured_places, whole_loss
from lstm_viz.training.loop import Training
from lstm_viz.training.responding import responding_elsewhere
from lstm_viz.words import N_

MOST_STATES, STARTS, FEWEST, SMALL = 128, 256, 16, 32
"""A layer of more states takes too long; one of up to `SMALL` has all of these starts."""
SILENCED_ON = 50
"""Examples on which it is measured what silencing a unit costs."""
ROUNDING = 1e-13
"""Singular values that are smaller, beside the largest, are rounding."""


def laboratory(
    training: Training,
    what: str,
    inputs: Values,
    targets: Values,
    weights: Mapping[str, Values] | None = None,
    **about: Any,
) -> dict[str, Any]:
    """One of `MEASURED` on one example, (1, T, D), of the model as it stands, or as it stood when
    it had these `weights`.
    """
    model = training.model
    if weights is not None:
        model = copy.deepcopy(model)
        put(model, weights)
    x, y = torch.from_numpy(inputs.copy()), torch.from_numpy(targets.copy())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LstmVizWarning)  # the figure says it in its own words
        return MEASURED[what](training, model, x, y, **about)


def laboratory_of(settings: Settings, dataset: Dataset, **about: Any) -> dict[str, Any]:
    """The same of a model that the trainer does not hold: untrained, or with these weights."""
    return laboratory(Training(settings, dataset), **about)


def who_teaches_whom(
    training: Training, model: Network, x: Tensor, y: Tensor, layer: str
) -> dict[str, Any]:
    """`map` (S, T) of the loss, or of a gradient of length 1 at every step where the loss enters
    at one step alone: whether it is `of_loss`.
    """
    found = gradient_map(model, x, layer=layer, loss_fn=training.probe_loss, targets=y)
    of_loss = int(np.count_nonzero(np.diagonal(found))) > 1
    return {"map": found if of_loss else gradient_map(model, x, layer=layer), "of_loss": of_loss}


def the_carousel(
    training: Training, model: Network, x: Tensor, y: Tensor, layer: str
) -> dict[str, Any]:
    """`measures.carousel.Ways` by name, of the gradient that enters at step `entered`, the last at
    which the loss sends one; at each of the (K,) steps back, until the layer began at step `end`.
    """
    found = carousel(model, x, layer=layer, loss_fn=training.probe_loss, targets=y)
    s, T = int(found.entered[0]), found.total.shape[1]
    reverse = layer.endswith("_reverse")
    back = slice(s, None) if reverse else slice(s, None, -1)
    ways = ways_of(*(way[0, back] for way in (found.total, found.once, found.alone)))
    return {**ways._asdict(), "entered": s, "end": T - 1 if reverse else 0, "state": found.state}


def which_inputs(
    training: Training, model: Network, x: Tensor, _y: Tensor, layer: str
) -> dict[str, Any]:
    """Method -> (T, D), and which number of the output they are of: at step `t` (None of a single
    answer) number `place`, which is `answer`, and `baseline` with an input of zeros. Of a text
    D is 1: what the symbol that was read does.
    """
    del layer  # an answer is the whole network's
    output = predicting.outputs(model, x.numpy())[0].double()
    t = len(output) - 1 if output.dim() > 1 else None
    last = output[-1] if output.dim() > 1 else output
    place = int(last.argmax()) if training.dataset.problem == "classes" else 0
    target = (-1, place) if t is not None else place
    methods: tuple[Method, ...] = get_args(Method)
    found = {method: attribution(model, x, target=target, method=method)[0] for method in methods}
    if training.dataset.symbols:
        read = x[0, :, 0].long().numpy()[:, None]
        found = {name: np.take_along_axis(each, read, 1) for name, each in found.items()}
    return {"methods": found, "t": t, "place": place, "answer": float(last[place])}


def jacobian_fan(
    _training: Training, model: Network, x: Tensor, _y: Tensor, layer: str
) -> dict[str, Any]:
    """`exponents` (S,); `back` (K,) steps from the last one, and `singular` (K, S): log10 of the
    singular values of the product of that many Jacobians, NaN where they are rounding. `bound`:
    log10 of what Pascanu's bound allows a step to grow by, None of a cell that has none.
    """
    steps = layer_steps(model, x, layer)
    back = np.unique(np.linspace(1, len(steps.x), TAKEN_APART).astype(int))
    return {
        "exponents": exponents_along(steps, 0),
        "back": back,
        "singular": _singular(steps, back),
        "bound": _bound(model, layer),
    }


def jacobians_over_training(
    _training: Training,
    model: Network,
    x: Tensor,
    _y: Tensor,
    layer: str,
    *,
    several: Sequence[Mapping[str, Values]],
) -> dict[str, Any]:
    """For each of N `several` weights that the model had: `exponents` (N, S); `singular` (N, S),
    log10 of the singular values of the whole sequence's product; `bound` (N,) as `jacobian_fan` has
    it, None of a cell that has none.
    """
    changing, found = copy.deepcopy(model), list[dict[str, Any]]()
    for weights in several:
        put(changing, weights)
        steps = layer_steps(changing, x, layer)
        found.append(
            {
                "exponents": exponents_along(steps, 0),
                "singular": _singular(steps, np.array([len(steps.x)]))[0],
                "bound": _bound(changing, layer),
            }
        )
    has_bound = found[0]["bound"] is not None
    names = ("exponents", "singular", *(["bound"] if has_bound else []))
    stacked = {name: np.array([each[name] for each in found]) for name in names}
    return {"bound": None, **stacked}


def _singular(steps: LayerSteps, back: Array) -> Array:
    """(K, S): the product is kept at a norm of 1, and its logarithm beside it."""
    whole, log, S = np.eye(steps.size), 0.0, steps.size
    wanted, found = set(back.tolist()), list[Array]()
    parts = jacobians_of(steps, 0, last_first=True)
    for n, J in enumerate((J for part in parts for J in part[::-1]), 1):
        whole = product(whole, J)
        size = np.abs(whole).max()
        if not np.isfinite(size) or size == 0:
            found += [np.full(S, -np.inf if size == 0 else np.nan)] * (len(back) - len(found))
            break
        whole, log = whole / size, log + np.log10(size)
        if n in wanted:
            values = np.linalg.svd(whole, compute_uv=False)
            with np.errstate(divide="ignore"):
                found.append(
                    np.where(values > ROUNDING * values[0], np.log10(values) + log, np.nan)
                )
    return np.stack(found)


def _bound(model: nn.Module, layer: str) -> float | None:
    """log10 σ_max(W_hh), of a tanh or ReLU RNN: no step grows by more, |tanh'| and |relu'| being at
    most 1 (Pascanu, Mikolov & Bengio 2013, section 2.1).
    """
    path, _dot, name = layer.rpartition(".")
    module = model.get_submodule(path)
    if not isinstance(module, nn.RNN):
        return None
    weight = getattr(module, f"weight_hh_{name}").detach().double()
    return float(torch.linalg.matrix_norm(weight, 2).log10())


def resting_points(
    _training: Training, model: Network, x: Tensor, _y: Tensor, layer: str, *, zeros: bool = False
) -> dict[str, Any]:
    """The fixed and slow points near the states of this example, with its last input held, or
    `zeros` where the layer reads the network's own input:
    `states` (N, S), side by side by their `names`; `kinds`, `speeds` and `moduli`, the largest of
    each one's eigenvalues.
    """
    traced = trace(model, x)[layer]
    parts = {"hidden": traced.hidden, "cell": traced.cell, "inner_cell": traced.inner_cell}
    known = {name: values[0] for name, values in parts.items() if values is not None}
    states = np.concatenate([*known.values()], axis=1)
    if states.shape[1] > MOST_STATES:
        raise ConfigError(
            N_("Fixed points are looked for among up to {most} states (h, and c where there is "
               "one); this layer has {states}. Take fewer hidden units."),
            most=MOST_STATES, states=states.shape[1],
        )  # fmt: skip
    rng = np.random.default_rng(0)
    count = int(np.clip(STARTS * (SMALL / states.shape[1]) ** 2, FEWEST, STARTS))
    starts = states[rng.integers(0, len(states), count)]
    starts = starts + 0.5 * states.std(axis=0) * rng.standard_normal(starts.shape)
    held = np.zeros(x.shape[-1]) if zeros else x
    found = fixed_points(model, held, starts=starts, tolerance=SLOW, layer=layer)
    return {
        "states": found.states,
        "names": list(known),
        "kinds": list(found.kind),
        "speeds": found.speed,
        "moduli": np.abs(found.eigenvalues).max(axis=1, initial=0.0),
    }


def silenced_units(
    training: Training, model: Network, _x: Tensor, _y: Tensor, layer: str
) -> dict[str, Any]:
    """The mean loss of so many validation `examples`, `whole`, and `each` (U,) with one of these
    `units` silenced: its h is 0 for all that reads it.
    """
    size, places = training.settings.network.hidden_size, measured_places(training, SILENCED_ON)
    units, each = kept_units(size), []
    with threads_for(size):
        whole = whole_loss(training, model, places)
        for unit in units.tolist():
            with intervene(model, silence={layer: [unit]}):
                each.append(whole_loss(training, model, places))
    return {"whole": whole, "each": np.array(each), "units": units, "examples": len(places)}


def verified(
    _training: Training, model: Network, x: Tensor, _y: Tensor, layer: str
) -> dict[str, Any]:
    """What `verify` found, of all layers."""
    del layer
    return asdict(verify(model, x))


def helping(
    training: Training,
    _model: Network,
    x: Tensor,
    y: Tensor,
    layer: str,
    *,
    several: Sequence[Settings],
) -> dict[str, Any]:
    """`ratios`: what arrives where the layer began, at step `end`, of the gradient that enters at
    step `entered`, untrained: as the settings are, and with each of `several` others.
    """
    flows = []
    for settings in (training.settings, *several):
        layers = Training(settings, training.dataset).seen(x.numpy(), y.numpy())["layers"]
        flows.append(layers[layer].flow(0))
    first = flows[0]
    ratios = [float(each.ratio) if each.steps else np.nan for each in flows]
    return {"ratios": ratios, "entered": first.entered, "end": first.end}


MEASURED: Mapping[str, Callable[..., dict[str, Any]]] = {
    "map": who_teaches_whom,
    "inputs": which_inputs,
    "carousel": the_carousel,
    "jacobians": jacobian_fan,
    "jacobians over training": jacobians_over_training,
    "points": resting_points,
    "points of zeros": partial(resting_points, zeros=True),
    "silencing": silenced_units,
    "intervened": intervened,
    "responding": responding_elsewhere,
    "verify": verified,
    "helping": helping,
}
"""What is measured -> by what: (training, model, x, y, layer)."""
