"""What one step of a cell is made of, for every unit: as plain arrays, without torch.

The names of the arrays are those of the diagrams in `figures.cell`: a gate by its name, and its
parts behind a dot, `"forget.x"`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Anatomy:
    """One layer reading one sequence: T steps of U units, in the order in which the layer ran.

    >>> held = by_hand(np.array([0.5, 0.9]), np.ones(2), np.array([1.0, 0.0]), np.ones(2))
    >>> held.forward["c"][:, 0].tolist()
    [0.5, 0.5]
    """

    kind: str
    """As in `LayerTrace.kind`; `"by_hand"` for gates that somebody set."""
    forward: Mapping[str, Array]
    """Name -> (T, U): what flows through the step. `forget.x`, `.u`, `.b`, `.p` (peephole) are the
    terms of the pre-activation `forget.a`, and `forget` is the gate."""
    backward: Mapping[str, Array]
    """Name -> (T, U): the gradient of L on the same ways; empty where there is no L."""
    input: Array
    """(T, D): x_t as this layer received it."""
    units: npt.NDArray[np.int64]
    """(U,): their numbers in the layer."""
    hidden_size: int
    """H."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """Of the LSTM family: part -> whether it is on, or how much of it."""
    reverse: bool = False
    """Whether the layer read the sequence from its end."""
    first: int = 0
    """t of the first step here, where the earlier ones were left out."""

    def cut(self, units: npt.NDArray[np.int64], steps: int) -> "Anatomy":
        """Only these units, and at most so many steps: those that the layer reads last."""
        first = max(0, len(self.input) - steps)

        def keep(signals: Mapping[str, Array]) -> dict[str, Array]:
            return {name: values[first:, units] for name, values in signals.items()}

        return replace(
            self,
            forward=keep(self.forward),
            backward=keep(self.backward),
            input=self.input[first:],
            units=self.units[units],
            first=self.first + first,
        )


def by_hand(x: Array, forget: Array, input: Array, output: Array) -> Anatomy:  # noqa: A002
    """One unit of an LSTM whose gates (T,) somebody set, and whose candidate is x_t (T,) itself.

    The equations are those of the LSTM: c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t).
    """
    c = np.zeros(len(x) + 1)
    for t in range(len(x)):
        c[t + 1] = forget[t] * c[t] + input[t] * x[t]
    tanh_c = np.tanh(c[1:])
    h = np.concatenate(([0.0], output * tanh_c))
    signals = {
        "c_before": c[:-1],
        "forget": forget,
        "kept": forget * c[:-1],
        "input": input,
        "candidate": x,
        "added": input * x,
        "c_new": c[1:],
        "c": c[1:],
        "shown": c[1:],
        "tanh_c": tanh_c,
        "output": output,
        "h_before": h[:-1],
        "h_new": h[1:],
        "h": h[1:],
    }
    columns = {name: np.asarray(values, np.float64)[:, None] for name, values in signals.items()}
    return Anatomy("by_hand", columns, {}, np.asarray(x)[:, None], np.zeros(1, np.int64), 1)
