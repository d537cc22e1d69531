"""Fixed and slow points of a recurrent layer under a constant input, and what kind they are."""

from collections import Counter
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import known_name, named_layers
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.lasting import advance, progress_bar, say_points
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.readable import Cell, Whole, all_layers
from lstm_viz.instruments.retraced import TRACE, Seen, asked_of
from lstm_viz.instruments.steps import LayerSteps, layer_steps
from lstm_viz.instruments.trace import trace
from lstm_viz.words import N_

MARGIN = 1e-3
"""How far from 1 the modulus of an eigenvalue must be to count as shrinking or growing."""
APART = 1e-3
"""Distance, beside the size of the states, below which two points are one."""
ITERATIONS = 300
PART_BYTES = 2**27
LED_ON = 32
"""Up to how many steps starts that were drawn are led on by the layer itself."""


@dataclass(frozen=True, eq=False, repr=False)
class FixedPoints:
    """N points, those reached from most starts first.

    >>> half = np.full((1, 2), 0.5 + 0j)
    >>> FixedPoints(np.zeros((1, 2)), np.zeros(1), half, ("stable",), np.ones(1))
    FixedPoints(1: 1 stable)
    """

    states: Array
    """(N, S): s = h, or h and c side by side."""
    speed: Array
    """(N,): q = ½ ‖F(s) - s‖²."""
    eigenvalues: npt.NDArray[np.complex128]
    """(N, S): of the Jacobian ∂F/∂s there, the largest modulus first."""
    kind: tuple[str, ...]
    """`"stable"`, `"unstable"` or `"saddle"`: the moduli of all, of no or of some eigenvalues are
    below 1. `"line attractor"`, `"plane attractor"`: one or more of them are 1 and the others
    below; `"centre"`: on the circle of modulus 1 elsewhere."""
    reached: npt.NDArray[np.int64]
    """(N,): from how many starts."""

    def __repr__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(self.kind).items())
        return f"FixedPoints({len(self.kind)}{': ' if kinds else ''}{kinds})"


def fixed_points(
    model: Seen,
    inputs: Any = None,
    *,
    starts: Any = 256,
    tolerance: float = 1e-12,
    layer: str | None = None,
    seed: int = 0,
) -> FixedPoints:
    """Where a layer stands still under a constant input: minima of q = ½ ‖F(s) - s‖².

    From every start at once q is minimised by the Levenberg-Marquardt method with the Jacobians
    of the steps; what ends with q at most `tolerance` is a point, once for all starts that reach
    it. With a larger tolerance slow points are found, too: where the state lingers (Sussillo &
    Barak 2013; Golub & Sussillo 2018). The state is that of `jacobians`: jointly (h, c).

    - `model`: as for `trace`; or a trace that carries its weights, whose last input is held where
      no `inputs` are given.
    - `inputs`: the constant input x of the layer itself, (D,); or one batch as `trace` takes it,
      of which what the layer receives at the last step of its run is held, the same for all
      samples.
    - `starts`: states (N, S) to start from; or how many to draw: uniformly between -1 and 1, then
      led on by the layer for up to 31 steps, always the same ones of one `seed`.
    - `layer`: a name that `trace` gives, the last forward one if not said.

    Raises ConfigError for inputs, starts or a tolerance of another kind, UnsupportedModelError
    as `trace` does. Of what may take minutes a warning says so before (LstmVizWarning), and
    a bar how far it is, where tqdm is installed.

    >>> rnn = nn.RNN(1, 1, bias=False)
    >>> with torch.no_grad():
    ...     _ = rnn.weight_hh_l0.fill_(2.0)
    >>> found = fixed_points(rnn, [0.0], starts=64)
    >>> found
    FixedPoints(3: 2 stable, 1 unstable)
    >>> np.abs(found.states).max().round(4).item()  # h = tanh(2h)
    0.9575
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, Real) or not tolerance > 0:
        raise ConfigError(
            N_("The 'tolerance' must be a number above 0, got {got!r}."), got=tolerance
        )
    steps, x = _held_input(model, inputs, layer)
    with torch.no_grad(), threads_for(steps.hidden_size):
        begun = _states(steps, x, starts, seed)
        long, parts = say_points(len(begun), steps.size, ITERATIONS), _parts(begun)
        with progress_bar(long, ITERATIONS * len(parts), "iteration") as bar:
            found = np.concatenate([_minimised(steps, x, part, bar) for part in parts])
        return _points(steps, x, found, float(tolerance))


def _held_input(seen: Seen, inputs: Any, layer: str | None) -> tuple[LayerSteps, Array]:
    """The layer, and the input (D,) that is held."""
    model: Any = seen
    if isinstance(seen, TRACE):
        model, own, layer = asked_of(seen, None, layer)
        inputs = own if inputs is None else inputs
    try:
        vector = torch.as_tensor(inputs, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError):
        vector = None
    itself = isinstance(
        seen, (*TRACE, Whole, Cell)
    )  # another model makes of x what its layer takes
    if itself and vector is not None and vector.dim() == 2 and len(vector) == 1:
        vector = vector[0]
    if vector is None or vector.dim() != 1:
        steps = layer_steps(model, inputs, layer)
        last = steps.x[-1]
        if (last != last[0]).any():
            raise ConfigError(
                N_("The samples of 'inputs' end with different inputs. Give one sample, or the "
                   "constant input, (D,).")
            )  # fmt: skip
        return steps, last[0]
    steps = _alone(model, layer)
    x = vector.detach().cpu().numpy()
    D = steps.x.shape[-1]
    if x.shape != (D,) or not np.isfinite(x).all():
        raise ConfigError(
            N_("The constant input of the layer '{layer}' must be {size} finite numbers, got "
               "{got}."),
            layer=steps.name, size=D, got=repr(x.tolist())[:60],
        )  # fmt: skip
    return steps, x


def _alone(model: nn.Module, layer: str | None) -> LayerSteps:
    """One layer without the model around it."""
    cells = {
        path or "cell": cell for path, cell in all_layers(model).items() if isinstance(cell, Cell)
    }
    if cells and (layer in cells or len(cells) == len(all_layers(model))):
        cell: Any = cells[known_name(layer, cells)]
        x = next(cell.parameters()).new_zeros(1, cell.input_size)
        return layer_steps(trace(cell, x), None, None)
    known = named_layers(model)
    name = known_name(layer, known)
    path, module, _run = known[name]
    own = name.removeprefix(f"{path}.") if path else name
    weight = next(module.parameters())
    return layer_steps(module, weight.new_zeros(1, 1, module.input_size), own)


def _states(steps: LayerSteps, x: Array, starts: Any, seed: int) -> Array:
    """(N, S) to start from."""
    S = steps.size
    if isinstance(starts, int) and not isinstance(starts, bool) and starts >= 1:
        count = starts
        states = np.random.default_rng(seed).uniform(-1.0, 1.0, (count, S))
        for k in range(1, LED_ON):
            led = np.arange(count) % LED_ON >= k
            if led.any():
                states[led] = steps.step(_tiled(x, int(led.sum())), states[led])
        return states
    try:
        given = torch.as_tensor(starts, dtype=torch.float64).detach().cpu().numpy().copy()
    except (TypeError, ValueError, RuntimeError):
        given = np.zeros(0)
    if isinstance(starts, bool) or given.ndim != 2 or given.shape[1] != S or not len(given):
        raise ConfigError(
            N_("The 'starts' must be a number of states to draw, or states (N, {size}): {states} "
               "side by side. Got {got}."),
            size=S, states=", ".join(steps.state_names),
            got=str(given.shape) if given.size else repr(starts)[:60],
        )  # fmt: skip
    return given


def _minimised(steps: LayerSteps, x: Array, states: Array, bar: Any) -> Array:
    """Levenberg 1944, Marquardt 1963, every start by itself, all at once."""
    states = states.copy()
    damping = np.full(len(states), 1e-2)
    F, J = steps.linearised(_tiled(x, len(states)), states)
    active = np.arange(len(states))
    for k in range(ITERATIONS):
        r, A = F - states[active], J - np.eye(steps.size)
        q = 0.5 * np.square(r).sum(axis=1)
        change = _change(A, r, damping[active])
        tried = states[active] + change
        F_tried, J_tried = steps.linearised(_tiled(x, len(tried)), tried)
        q_tried = 0.5 * np.square(F_tried - tried).sum(axis=1)
        better = q_tried < q  # False for NaN
        damping[active] *= np.where(better, 0.2, 5.0)
        states[active[better]] = tried[better]
        F = np.where(better[:, None], F_tried, F)
        J = np.where(better[:, None, None], J_tried, J)
        moved = np.abs(change).max(axis=1) > 1e-14 * (1.0 + np.abs(tried).max(axis=1))
        left = np.isfinite(q) & (damping[active] < 1e12) & moved & (q > 1e-32)
        if not left.any():
            advance(bar, ITERATIONS - k)
            break
        advance(bar)
        active, F, J = active[left], F[left], J[left]
    return states


def _change(matrix: Array, rest: Array, damping: Array) -> Array:
    """-(AᵀA + μ I)⁻¹ Aᵀ r of each."""
    matrices, rests = torch.from_numpy(matrix), torch.from_numpy(rest)[..., None]
    normal = matrices.mT @ matrices
    scale = normal.diagonal(dim1=1, dim2=2).mean(1).clamp(min=1e-300)
    normal.diagonal(dim1=1, dim2=2).add_((torch.from_numpy(damping) * scale)[:, None])
    solved: Tensor = torch.linalg.solve_ex(normal, matrices.mT @ rests).result
    return np.asarray(-solved[..., 0].numpy())


def _points(steps: LayerSteps, x: Array, states: Array, tolerance: float) -> FixedPoints:
    speed = 0.5 * np.square(steps.step(_tiled(x, len(states)), states) - states).sum(axis=1)
    slow = np.flatnonzero(speed <= tolerance)
    slow = slow[np.argsort(speed[slow], kind="stable")]
    own, reached = list[int](), list[int]()
    for index in slow:
        distance = np.abs(states[own] - states[index]).max(axis=1)
        near = np.flatnonzero(distance <= APART * (1.0 + np.abs(states[index]).max()))
        if len(near):
            reached[near[0]] += 1
        else:
            own.append(int(index))
            reached.append(1)
    order = np.argsort(reached, kind="stable")[::-1]
    own_in_order = np.array(own, np.int64)[order]
    found = states[own_in_order]
    values = np.zeros(found.shape, np.complex128)
    for part, own_values in zip(_parts(found), _parts(values), strict=True):
        own_values[:] = np.linalg.eigvals(steps.linearised(_tiled(x, len(part)), part)[1])
    largest_first = np.argsort(-np.abs(values), axis=1)
    values = np.take_along_axis(values, largest_first, axis=1)
    return FixedPoints(
        found, speed[own_in_order], values, tuple(map(kind_of, values)), np.array(reached)[order]
    )


def kind_of(eigenvalues: npt.NDArray[np.complex128]) -> str:
    """The kind of a fixed point with these eigenvalues; see `FixedPoints.kind`.

    >>> [kind_of(np.array(values)) for values in ([0.5, 0.9], [2.0, 0.9], [1.0, 0.9], [3.0, -2.0])]
    ['stable', 'saddle', 'line attractor', 'unstable']
    """
    modulus = np.abs(eigenvalues)
    grow, shrink = modulus > 1 + MARGIN, modulus < 1 - MARGIN
    if shrink.all():
        return "stable"
    if grow.all():
        return "unstable"
    if grow.any():
        return "saddle"
    still = ~shrink
    if (np.abs(eigenvalues[still] - 1) > 2 * MARGIN).any():
        return "centre"
    return "line attractor" if still.sum() == 1 else "plane attractor"


def _parts(states: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """(n, S) each, in their place, whose Jacobians are no more than `PART_BYTES`."""
    each = max(1, PART_BYTES // (8 * states.shape[1] ** 2))
    return [states[k : k + each] for k in range(0, len(states), each)]


def _tiled(x: Array, count: int) -> Array:
    return np.repeat(x[None], count, axis=0)
