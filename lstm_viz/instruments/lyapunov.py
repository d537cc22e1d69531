"""Lyapunov exponents of a recurrent layer: how fast small changes of its state grow or fade."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_viz.instruments.choosing import check_sample
from lstm_viz.instruments.isolation import threads_for
from lstm_viz.instruments.jacobians import jacobians_of
from lstm_viz.instruments.lasting import advance, progress_bar, say_exponents
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.retraced import Seen
from lstm_viz.instruments.steps import LayerSteps, layer_steps

SUSPECT = 1e-10
"""Share of a column that is left of it beside the others, below which it may be rounding alone."""


def lyapunov_exponents(
    model: Seen,
    x: Any = None,
    *,
    layer: str | None = None,
    sample: int = 0,
) -> Array:
    """λ_i, (S,) in descending order: the mean growth of each direction, natural logarithm a step.

    Of the driven layer along the states that x led it through: J_t Q_{t-1} = Q_t R_t from
    Q_0 = I, and λ_i = 1/T Σ_t ln |R_t,ii| (Benettin et al. 1980; for RNNs Engelken, Wolf & Abbott
    2023). The logarithms are summed, so that a product far below 10^-308 is still a number, and
    a direction that the state space does not have, as in a layer of which c_t alone carries, is
    -inf. S and the state are those of `jacobians`: jointly (h, c) of an LSTM. The largest one
    below 0: a change of the state fades, and so does the gradient that is carried back; above
    0: it grows.

    `model`, `x`, `layer`, `sample` and what is raised: as for `jacobians`; the Jacobians are not
    kept, so a long sequence takes time and no memory. Minutes are told before (LstmVizWarning),
    with a bar where tqdm is installed.

    >>> from torch import nn
    >>> rnn = nn.RNN(1, 2, nonlinearity="relu", batch_first=True)
    >>> with torch.no_grad():
    ...     _ = rnn.weight_ih_l0.fill_(9.0)
    ...     _ = rnn.weight_hh_l0.copy_(torch.tensor([[1., 0], [0, 0]]))
    >>> lyapunov_exponents(rnn, torch.ones(1, 4, 1))
    array([  0., -inf])
    """
    steps = layer_steps(model, x, layer)
    of = check_sample(sample, steps.x.shape[1])
    long = say_exponents(len(steps.x), steps.size)
    with progress_bar(long, len(steps.x), "step") as bar:
        return exponents_along(steps, of, bar)


def exponents_along(steps: LayerSteps, sample: int, bar: Any = None) -> Array:
    """The same of one sample's steps; a bar says how far it is."""
    with torch.no_grad(), threads_for(steps.hidden_size):  # which NumPy's BLAS would not keep to
        return exponents_of(jacobians_of(steps, sample), bar)


def exponents_of(parts: Iterable[Array], bar: Any = None) -> Array:
    """The same of a product of matrices (n, S, S) in the order in which they act.

    Q is factored anew at every step: over two of an LSTM's the columns already grow apart by some
    10^8, which would leave the smallest exponents eight digits.
    """
    reflections: tuple[Tensor, Tensor] | None = None  # Q, never written out
    logs, count, missing = torch.zeros(0), 0, 0
    for part in map(torch.from_numpy, parts):
        if not count:
            logs = part.new_zeros(part.shape[-1])
        left, sizes = part.new_empty(2, *part.shape[:2])
        for J, diagonal, size in zip(part, left, sizes, strict=True):
            moved = J if reflections is None else torch.ormqr(*reflections, J, left=False)
            torch.linalg.vector_norm(moved, dim=0, out=size)
            reflections = torch.geqrf(moved)
            diagonal.copy_(reflections[0].diagonal())
        left = left.abs()
        for doubtful in part[(left < SUSPECT * sizes).any(dim=1)]:
            missing = max(missing, part.shape[-1] - _rank(doubtful))
        logs += left.log().sum(dim=0)
        count += len(part)
        advance(bar, len(part))
    exponents: Array = logs.sort(descending=True).values.numpy() / count
    exponents[len(exponents) - missing :] = -np.inf
    return exponents


def _rank(jacobian: Tensor) -> int:
    """The rank of a Jacobian, whatever the scale of its rows: a saturated unit's is tiny."""
    largest = jacobian.abs().amax(1, keepdim=True)
    return int(torch.linalg.matrix_rank(jacobian / largest.where(largest > 0.0, 1.0)))
