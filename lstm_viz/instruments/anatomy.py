"""What one step of a cell is made of, for every unit: as plain arrays, without torch.

The names of the arrays are those of the cell's diagram: a gate by its name, and its parts behind a
dot, `"forget.x"`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.models.cell import Array
from lstm_viz.models.lstm import cell_states
from lstm_viz.models.lstm_parts import Parts
from lstm_viz.models.lstm_paths import step_of


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
    options: Mapping[str, Any] = field(default_factory=dict)
    """The cell's own settings, such as which parts of an LSTM variant are on."""
    reverse: bool = False
    """Whether the layer read the sequence from its end."""
    first: int = 0
    """t of the first step here, where the earlier ones were left out."""

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        signals = (*self.forward.values(), *self.backward.values())
        return sum(values.nbytes for values in (self.input, self.units, *signals))

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
    f, i, o, g = (np.asarray(values, np.float64)[:, None] for values in (forget, input, output, x))
    c_before, c = cell_states(f, i * g, np.zeros(1))
    gates = {"forget": f, "input": i, "output": o, "candidate": g}
    steps = step_of(gates, c_before, Parts())
    h = steps["h_new"]
    h_before = np.concatenate((np.zeros((1, 1)), h[:-1]))
    steps |= {"c": c, "h": h, "h_before": h_before}
    return Anatomy("by_hand", steps, {}, g, np.zeros(1, np.int64), 1)
