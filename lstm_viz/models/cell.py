"""What the equations of a fused cell are made of: its weights, its two passes, its arithmetic.

Arrays are float64 and time-major, (T, B, ...), so that one time step is one block of memory.
A letter is what it is in the textbook: W and U weigh x_t and h_{t-1}, b is the bias, a is a
pre-activation, and `dh` is short for dL/dh.

Small steps run in NumPy: an operation on (B, H) values starts there in a quarter of the time
that it takes in torch.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SMALL_PRODUCT = 2**18
"""Multiplications up to which NumPy's BLAS keeps to one core."""


@dataclass(frozen=True)
class Weights:
    """One layer in one direction, packed as PyTorch packs it: block below block, in gate order."""

    W: Array
    """(G·H, D): weighs x_t."""
    U: Array
    """(G·H, H): weighs h_{t-1}."""
    b_x: Array
    """(G·H,): PyTorch's `bias_ih`."""
    b_h: Array
    """(G·H,): PyTorch's `bias_hh`."""
    P: Array | None = None
    """(P, H): makes h_t smaller than c_t, PyTorch's `weight_hr`; U is then (G·H, P)."""


@dataclass(frozen=True)
class Replay:
    """One layer's forward pass over a sequence, in the order in which the layer ran."""

    hidden: Array
    """(T, B, H): h_t."""
    hidden_before: Array
    """(T, B, H): h_{t-1}."""
    signals: Mapping[str, Array]
    """Name -> (T, B, H): the gates, and what else the backward pass needs."""
    cell: Array | None = None
    """(T, B, H): c_t."""


@dataclass(frozen=True)
class Gradients:
    """Total derivatives of the loss: through the layer's output and through every later step."""

    hidden: Array
    """(T, B, H): dL/dh_t."""
    preactivations: Array
    """(T, B, G, H): dL/da_t; dL/dx_t is their product with W."""
    cell: Array | None = None
    """(T, B, H): dL/dc_t."""


def product(a: Array, b: Array) -> Array:
    """The matrix product a b, on as many cores as torch may use.

    NumPy's BLAS starts a small product sooner, but spreads a large one over all cores of the
    machine, whatever `torch.set_num_threads` says.
    """
    torch = sys.modules.get("torch")  # whoever replays a layer has loaded it
    if torch is None or a.shape[0] * b.size <= SMALL_PRODUCT:
        return a @ b
    large: Array = torch.mm(torch.from_numpy(a), torch.from_numpy(b)).numpy()
    return large


def over_time(x: Array, weight: Array, bias: Array) -> Array:
    """W x_t + b for all t at once: (T, B, K) to (T, B, G·H)."""
    T, B, K = x.shape
    a = product(x.reshape(T * B, K), weight.T)
    a += bias
    return a.reshape(T, B, len(weight))


def blocks(a: Array, count: int) -> tuple[Array, ...]:
    """The `count` blocks of H that lie side by side in (T, B, count·H)."""
    return tuple(np.split(a, count, axis=-1))


def diagonals(values: Array) -> Array:
    """(..., H) as the diagonals of (..., H, H).

    >>> diagonals(np.array([0.5, 0.9])).tolist()
    [[0.5, 0.0], [0.0, 0.9]]
    """
    matrices = np.zeros((*values.shape, values.shape[-1]))
    np.einsum("...jj->...j", matrices)[...] = values
    return matrices


def sigmoid(a: Array) -> Array:
    """σ(a) = 1 / (1 + e^-a)."""
    with np.errstate(over="ignore"):  # e^-a = inf gives 0, which is right
        y = np.exp(-a)
    y += 1.0
    return np.reciprocal(y, out=y)
