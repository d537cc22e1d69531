"""Whether what the instruments show of a model is so, checked on that very model and input."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import nn

from lstm_viz.instruments.checking import DisagreementError
from lstm_viz.instruments.choosing import Passes, chosen
from lstm_viz.instruments.isolation import threads_for, uncompiled
from lstm_viz.instruments.layer_pass import Entering, LayerPass
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.readable import all_layers
from lstm_viz.instruments.recording import Recording, time_major
from lstm_viz.instruments.retraced import Seen, asked_of, retraced
from lstm_viz.instruments.steps import LayerSteps, steps_of
from lstm_viz.instruments.trace import recorded_passes

TOLERANCES: Mapping[str, float] = {"replay": 1e-5, "backward": 1e-5, "jacobian": 1e-7}
"""Residuals up to which a check holds."""
PLACES, UNITS = 4, 6
"""Time steps of a layer, and coordinates at each, at which its gradient is checked."""
AHEAD = 4
"""Steps of loss behind each of them: in a longer stretch of a network that is chaotic, a finite
difference is no derivative."""
STRETCH = 10
"""Steps over which Jacobians are multiplied, likewise."""
NUDGE, LEAST_NUDGE = 1e-5, 1e-9
"""Beside the largest state, where that is above 1. The second where a ReLU of the layer begins or
ends to be 0 within the first: across that kink a difference is no derivative."""


@dataclass(frozen=True)
class Verification:
    """What was compared, and how far apart it was: the largest over all layers.

    >>> Verification({"replay": 1e-3}, {"replay": 1e-5}, 0.01).broken
    ('replay',)
    """

    residuals: dict[str, float]
    """`"replay"`: what the equations make of the states before each step against the layer's own
    output, in float32 or float64 as the model is (in float64 for a model on a GPU, whose float32 is
    TF32 inside, and for a layer of this package), relative to 1 and the largest |h| of that step
    and the one before. `"backward"`: the gradient carried back against central finite differences
    of the layer's own forward pass at random coordinates, relative to the largest. `"jacobian"`: a
    vector times the product of the Jacobians against autograd through the layer, relative to its
    largest part."""
    tolerances: dict[str, float]
    share_checked: float
    """Of all coordinates (t, sample, unit of h or c) those at which the gradient was checked."""
    reason: str = ""
    """Why nothing more could be compared, where the replay failed by far."""

    @property
    def broken(self) -> tuple[str, ...]:
        """The checks that do not hold; one that is no number does not."""
        return tuple(
            name
            for name, residual in self.residuals.items()
            if not residual <= self.tolerances[name]
        )

    @property
    def ok(self) -> bool:
        """Whether all checks hold."""
        return not self.broken


def verify(model: Seen, x: Any = None, *, seed: int = 0) -> Verification:
    """Check the instruments against PyTorch's own operations, on this model and this input.

    Every layer is checked: its replay at all steps, its backward recursion at 24 coordinates that
    are drawn anew for each `seed`, the product of its Jacobians over up to 10 steps of one sample.
    Nothing of the model is changed.

    `model`, `x`: as for `trace`; or a trace that carries its weights in the place of both. A layer
    that was called piece by piece is checked as one call. Raises what `trace` does, but where a
    layer gives other values than its equations do: that is a check that does not hold.

    >>> verify(nn.LSTM(1, 4, batch_first=True), torch.rand(2, 30, 1)).ok
    True
    """
    rng, found, reason = np.random.default_rng(seed), _Found(), ""
    names = [*model] if isinstance(model, Mapping) and model else [None]
    try:
        for name in names:
            read, inputs, _ = asked_of(model, x, name)
            with np.errstate(over="ignore", invalid="ignore"):  # NaN is what it then finds
                _compare(read, inputs, rng, found)
    except DisagreementError as error:
        found, reason = replace(found, replay=np.inf, checked=0), str(error)
    residuals = {name: getattr(found, name) for name in TOLERANCES}
    return Verification(residuals, dict(TOLERANCES), found.checked / max(1, found.all), reason)


@dataclass
class _Found:
    """The largest residuals so far, and how many of all coordinates were checked."""

    replay: float = 0.0
    backward: float = 0.0
    jacobian: float = 0.0
    checked: int = 0
    all: int = 0


def _compare(model: nn.Module, x: Any, rng: np.random.Generator, found: _Found) -> None:
    """Every layer of a model; one that was called piece by piece as one call."""
    all_layers(model := uncompiled(model))
    dtypes = {weight.dtype for weight in model.parameters()}
    own = torch.float64 if dtypes == {torch.float64} or _is_on_gpu(model) else torch.float32
    for recording, layers in _passes(model, x, own):
        for name in layers if recording.unrolled is None and recording.calls == 1 else ():
            found.replay = _larger(found.replay, _replay([(recording, layers)], name))
    passes = _passes(model, x, torch.float64)
    for (recording, layers), name in [(each, name) for each in passes for name in each[1]]:
        if recording.calls > 1:
            again, inputs, _ = retraced(name, layers[name].trace)
            _compare(again, inputs, rng, found)
            continue
        steps, (_, (_, measured)) = steps_of(passes, name), chosen(passes, name)
        if recording.unrolled is not None:  # in lower precision it is run again as a whole
            found.replay = _larger(found.replay, _replay(passes, name))
        with torch.no_grad(), threads_for(steps.hidden_size):
            apart, count = _backward(steps, measured, rng)
            found.backward = _larger(found.backward, apart)
            found.jacobian = _larger(found.jacobian, _jacobian(steps, rng))
        found.checked, found.all = found.checked + count, found.all + steps.before.size


def _is_on_gpu(model: nn.Module) -> bool:
    return any(weight.device.type == "cuda" for weight in model.parameters())


def _passes(model: nn.Module, x: Any, dtype: torch.dtype) -> Passes:
    return recorded_passes(model, x, dtype=dtype)


def _larger(one: float, other: float) -> float:
    """NaN if one of them is."""
    return float(np.maximum(one, other))


def _replay(passes: Passes, name: str) -> float:
    """Of one layer: at every step from the states that were measured before it."""
    steps, (_, (recording, _)) = steps_of(passes, name), chosen(passes, name)
    T, B, S = steps.before.shape
    H = steps.hidden_size
    after = steps.step(steps.x.reshape(T * B, -1), steps.before.reshape(T * B, S))
    measured = _own_output(recording, steps)
    if measured is None:  # below the top, where the layer's output is not that of its h_t
        measured = steps.after[..., :H]
    apart = np.abs(after.reshape(T, B, S)[..., :H] - measured)
    into = np.maximum(np.abs(measured), np.abs(steps.before[..., :H]))  # sums of these are rounded
    return float((apart / (1.0 + into.max(axis=-1, keepdims=True))).max())


def _own_output(recording: Recording, steps: LayerSteps) -> Array | None:
    """(T, B, H) as the layer itself returned it, in the order of the run; None below the top."""
    index = recording.names.index(steps.name)
    directions = 2 if recording.bidirectional else 1
    level, direction = divmod(index, directions)
    if level < recording.num_layers - 1:
        return None
    output = recording.outputs[0].detach().to("cpu", torch.float64)
    own = time_major(recording, output).chunk(directions, -1)[direction]
    return np.asarray((own.flip(0) if direction else own).numpy())


def _backward(
    steps: LayerSteps, measured: LayerPass, rng: np.random.Generator
) -> tuple[float, int]:
    """(The largest difference, at how many coordinates)."""
    T, B, S = steps.before.shape
    H = steps.hidden_size
    scale, differences, count = 0.0, list[float](), 0
    for t in rng.choice(T, min(PLACES, T), replace=False):
        weighed = np.zeros((T, B, H))
        end = min(T, t + 1 + AHEAD)
        weighed[t:end] = rng.standard_normal((end - t, B, H))
        nothing = tuple(np.zeros((B, size)) for size in steps.sizes[1:])
        recursion = measured.joint(measured.backward(Entering(weighed.copy(), nothing)))[t]
        places = rng.choice(B * S, min(UNITS, B * S), replace=False)
        for sample, unit in zip(*divmod(places, S), strict=True):
            largest = float(np.abs(recursion[sample]).max())
            nudge = NUDGE / max(1.0, largest) ** 0.5  # less where that grows
            difference = _difference(steps, weighed[t:end, sample], t, sample, unit, nudge)
            if difference is not None:
                differences.append(abs(recursion[sample, unit] - difference))
                count += 1
        scale = _larger(scale, float(np.abs(recursion).max()))
    return float(np.max(differences, initial=0.0) / (scale or 1.0)), count


def _difference(
    steps: LayerSteps, weighed: Array, t: int, sample: int, unit: int, nudge: float
) -> float | None:
    """∂L/∂(s_t of this unit), L = Σ of h from t on, weighed (n, H), by a central difference; None
    where every nudge that does not drown beside the state crosses a kink of a ReLU.
    """
    direct = float(weighed[0, unit]) if unit < steps.hidden_size else 0.0
    if len(weighed) == 1:
        return direct
    x = np.repeat(steps.x[t + 1 : t + len(weighed), sample][:, None], 2, axis=1)
    state = max(1.0, float(np.abs(steps.after[t, sample]).max()))
    while nudge >= LEAST_NUDGE:
        nudged = np.repeat(steps.after[t, sample][None], 2, axis=0)
        nudged[:, unit] += nudge * state, -nudge * state
        hidden = steps.run(torch.from_numpy(x), torch.from_numpy(nudged))[0].numpy()
        if ((hidden[:, 0] == 0.0) == (hidden[:, 1] == 0.0)).all():
            changes = (hidden[:, 0] - hidden[:, 1]) / (nudged[0, unit] - nudged[1, unit])
            return float(direct + (weighed[1:] * changes).sum())
        nudge /= 10.0
    return None


def _jacobian(steps: LayerSteps, rng: np.random.Generator) -> float:
    T, B, S = steps.before.shape
    n, sample = min(T, STRETCH), int(rng.integers(B))
    first = int(rng.integers(T - n + 1))
    part, vector = slice(first, first + n), rng.standard_normal(S)
    x, before = steps.x[part, sample], steps.before[part, sample]
    _, J = steps.linearised(x, before)
    product = vector
    for J_t in J[::-1]:
        product = product @ J_t
    with torch.enable_grad():
        leaf = torch.from_numpy(before[:1].copy()).requires_grad_()
        _, last = steps.run(torch.from_numpy(np.ascontiguousarray(x[:, None])), leaf)
        asked = (last[0] * torch.from_numpy(vector)).sum()
        autograd = np.zeros(S)
        if asked.requires_grad:
            autograd = torch.autograd.grad(asked, leaf)[0][0].numpy()
    scale = float(np.abs(autograd).max())
    return float(np.abs(product - autograd).max() / (scale or 1.0))
