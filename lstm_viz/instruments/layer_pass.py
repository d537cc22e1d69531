"""One layer's pass over a batch, through which a gradient can be carried back once more."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_viz.instruments.layer_trace import Array, LayerTrace


@dataclass(frozen=True, eq=False)
class Entering:
    """The gradient that enters a layer from outside: not through its own later steps.

    In the order in which the layer ran.
    """

    hidden: Array
    """(T, B, H): what the read-out, or the layer above, sends to h_t; at the last step with
    dL/dh_n."""
    last: tuple[Array, ...] = ()
    """(B, H) each: dL/dc_n, and so on for every other state."""


@dataclass(frozen=True, eq=False)
class LayerPass(ABC):
    """A layer's trace, and the backward pass through its own recurrence alone."""

    trace: LayerTrace
    entering: Entering | None
    """In the loss at hand; None where none was given."""
    reverse: bool
    """Whether the layer ran from the last input to the first."""

    @abstractmethod
    def backward(self, entering: Entering) -> dict[str, Array]:
        """State -> (T, B, H): dL/d(state_t) if this is all that enters, in the order of the run."""

    @abstractmethod
    def within_steps(self, totals: Mapping[str, Array]) -> dict[str, Array]:
        """State -> (T, B, H): what of its total derivative goes through the others of its step.

        As dL/dc_t does through h_t = o_t tanh(c_t). Nothing for a state that is not in it.
        """

    def joint(self, totals: Mapping[str, Array]) -> Array:
        """(T, B, S): the derivative by all that a step hands to the next one, side by side.

        Each by itself, with the others as they are: of dL/dc_t what does not go through h_t.
        """
        within = self.within_steps(totals)
        parts = [total - within.get(name, 0.0) for name, total in totals.items()]
        return np.concatenate(parts, axis=-1)
