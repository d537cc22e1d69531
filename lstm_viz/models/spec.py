"""What a cell says of itself, in one file with its equations: everything else follows from it.

No torch is loaded here: the pages' process reads the same specs as the trainer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.models.cell import Array, Gradients, Replay, Weights
from lstm_viz.models.diagram import Diagram
from lstm_viz.models.dissection import OpenLayer
from lstm_viz.models.options import Gate, Option, Options
from lstm_viz.models.tensors import functional
from lstm_viz.words import N_

if TYPE_CHECKING:
    from torch import Tensor

Parameters = Mapping[str, "Tensor"]
"""One layer's parameters by name, without the layer's place: `"weight_ih"`."""
States = tuple["Tensor", ...]
Floats = npt.NDArray[Any]
"""Of float32 or float64."""
Mask = npt.NDArray[np.bool_]
Steps = npt.NDArray[np.int64]


class CellSpec(ABC):
    """One kind of recurrent cell.

    A new one is a subclass in a file of its own and its line in `cells.CELLS`. It says its gates,
    states and formulas; its equations (see `FusedSpec`, `UnrolledSpec`); and, if it is to have a
    diagram, what flows on it (`dissect_forward`, `dissect_backward`) and how it is drawn.
    """

    kind: ClassVar[str]
    """As in `LayerTrace.kind`."""
    label: ClassVar[str]
    """Marked for translation."""
    summary: ClassVar[str]
    """In one sentence that begins with its name; marked for translation."""
    gates: ClassVar[Sequence[Gate]] = ()
    """In the order in which their weights are packed."""
    states: ClassVar[Sequence[str]] = ("hidden",)
    """What goes from step to step: `"hidden"`, `"cell"`, `"inner_cell"`; the first is h."""
    options: ClassVar[Mapping[str, Option]] = {}
    """Its own settings."""
    recurrent_weights: ClassVar[bool] = True
    """Whether h_{t-1} enters through weights of its own, W_hh."""
    swaps: ClassVar[str] = ""
    """A gate that other papers call 1 minus itself, if there is one."""
    no_diagram: ClassVar[str] = N_(
        "There is no diagram of this cell. Its gates and states are on the pages beside this one."
    )
    """Said of a cell that has none; marked for translation."""

    def gates_of(self, options: Options) -> Sequence[Gate]:
        """The gates that such a cell has."""
        return self.gates

    def packed(self, options: Options) -> tuple[str, ...]:
        """The blocks of W_ih and W_hh, in order; a cell without gates has one, its candidate."""
        return tuple(gate.name for gate in self.gates_of(options)) or ("candidate",)

    def shapes(
        self, inputs: int, hidden_size: int, options: Options, *, bias: bool
    ) -> dict[str, tuple[int, ...]]:
        """Name -> shape of one layer's parameters, in order; `inputs` is the size of its x_t."""
        G, H = len(self.packed(options)) * hidden_size, hidden_size
        shapes: dict[str, tuple[int, ...]] = {"weight_ih": (G, inputs), "weight_hh": (G, H)}
        return shapes | ({"bias_ih": (G,), "bias_hh": (G,)} if bias else {})

    def keeping_gate(self, options: Options) -> str | None:
        """The gate that stays open to keep: what chrono initialisation sets."""
        names = [gate.name for gate in self.gates_of(options)]
        return next((gate for gate in ("forget", "update") if gate in names), None)

    def signals(self, options: Options) -> tuple[str, ...]:
        """What a trace holds of such a layer, (B, T, H) each, with gradients."""
        gates = (gate.name for gate in self.gates_of(options))
        gradients = (f"grad_{state}" for state in self.states if state in ("hidden", "cell"))
        return (*self.states, *gates, *gradients)

    @abstractmethod
    def formulas(self, options: Options) -> tuple[str, ...]:
        """The equations of a step as LaTeX, in their order."""

    def swapped_formulas(self, options: Options) -> tuple[str, ...]:
        """The same where `swaps` is 1 minus itself."""
        return self.formulas(options)

    def kept(self, gates: Mapping[str, Floats], options: Options) -> Floats | None:
        """The share of its old state that each unit keeps at each step, shaped as the gates.

        In the cell's own convention; None where no such share exists, because the old state
        enters through weights.
        """
        return None

    def convention(self, options: Options) -> str:
        """Which gate keeps the old state, and at which of its ends; marked for translation."""
        return ""

    def swapped_convention(self, options: Options) -> str:
        """The same where `swaps` is 1 minus itself."""
        return self.convention(options)

    def without(self, options: Options) -> Sequence[str]:
        """A sentence for each gate that such a cell does without; marked for translation."""
        return ()

    def diagram(self, options: Options) -> Diagram:
        """How a step is drawn. Raises UnsupportedModelError for a cell without a diagram."""
        raise UnsupportedModelError(self.no_diagram)

    def dissect_forward(self, layer: OpenLayer) -> dict[str, Array]:
        """Name -> (T, H): what flows through each step, by the names in its diagram."""
        raise UnsupportedModelError(self.no_diagram)

    def dissect_backward(
        self,
        layer: OpenLayer,
        steps: Mapping[str, Array],
        direct: Array,
        dc_n: Array | None,
    ) -> dict[str, Array]:
        """Name -> (T, H): the gradient on the same ways.

        `direct` (T, H) is the part of dL/dh_t from outside of the layer, `dc_n` (H,) is dL/dc_n.
        """
        raise UnsupportedModelError(self.no_diagram)

    def preactivation_gradients(
        self,
        hidden: Array,
        grad_hidden: Array,
        grad_gates: Mapping[str, Array],
    ) -> Mapping[str, Array]:
        """Block -> dL/da_t, of what a trace measured."""
        return grad_gates


class FusedSpec(CellSpec):
    """A cell that PyTorch runs as one operation: its equations are NumPy, for all t at once."""

    layer: ClassVar[str]
    """The class of `torch.nn`."""
    arguments: ClassVar[Mapping[str, Any]] = {}
    """What that class is told besides its sizes."""
    own_recurrent_bias: ClassVar[Sequence[str]] = ()
    """Blocks whose b_hh stays with U h_{t-1}, apart from W x_t + b_ih."""

    @abstractmethod
    def forward(self, weights: Weights, x: Array, before: Array, c_0: Array) -> Replay:
        """Everything inside the cell at every t, from the inputs and the states h_{t-1}.

        `x` (T, B, D), `before` (T, B, H) are known for all t, so that the pre-activations are
        one product; only c_t is left to go through step by step, from `c_0` (B, H).
        """

    def with_cell(self, weights: Weights, replay: Replay, cell: Array, c_0: Array) -> Replay:
        """The same around other c_t (T, B, H), of a cell that has them."""
        return replay

    def ended(
        self,
        weights: Weights,
        replay: Replay,
        beyond: Mask,
        ends: tuple[Steps, Steps],
        c_0: Array,
    ) -> Replay:
        """The same where samples end before the last step: what is `beyond` (T, B, 1) leaves the
        state and its gradient as they are. `ends` are the places of the last steps.
        """
        return replay

    def hidden_by_cell(self, replay: Replay) -> Array:
        """∂h_t/∂c_t (T, B, H), of a cell that has c_t."""
        return np.zeros_like(replay.hidden)

    @abstractmethod
    def jacobians(self, weights: Weights, replay: Replay) -> Array:
        """∂s_t/∂s_{t-1} of every step by itself, (T, B, S, S): s = h, or h and c side by side."""

    @abstractmethod
    def backward(self, weights: Weights, replay: Replay, dh: Array, dc_n: Array) -> Gradients:
        """Backpropagation through time (Werbos 1990).

        `dh` (T, B, H) is the direct part of dL/dh_t: what reaches h_t from outside the layer,
        which includes dL/dh_n at the last step. It becomes the total and is returned.
        `dc_n` (B, H) is dL/dc_n.
        """


class Step(NamedTuple):
    """What one step of an unrolled cell gives."""

    states: States
    """(h_t, c_t, ...), each (B, H)."""
    gates: Mapping[str, Tensor]
    """Name -> (B, H): activations, after the nonlinearity."""
    preactivations: Mapping[str, Tensor]
    """The same before it."""


class UnrolledSpec(CellSpec):
    """A cell that runs step by step on tensors (`models.unrolled`): autograd differentiates it.

    A step uses the tensors' own methods; `tensors.functional` gives what they lack.
    """

    def check(self, options: Options) -> None:
        """Raises ConfigError for settings that exclude each other."""

    def start(self, name: str) -> float | None:
        """The value at which a parameter starts; None draws it as PyTorch's layers do."""
        return None

    def from_input(self, x: Tensor, weights: Parameters, options: Options) -> Tensor:
        """W x_t + b for all t at once, both biases in it: (T, B, D) to (T, B, G·H)."""
        biases = [weights[name] for name in ("bias_ih", "bias_hh") if name in weights]
        bias = sum(biases) if biases else None
        a: Tensor = functional().linear(x, weights["weight_ih"], bias)
        return a

    def with_hidden(self, a: Tensor, h: Tensor, weights: Parameters, options: Options) -> Tensor:
        """Add U h_{t-1} to what the input gives: (B, G·H)."""
        return a.addmm(h, weights["weight_hh"].T)

    def at(self, t: int) -> UnrolledSpec:
        """The cell as it is at step t of its run: the same at all of them."""
        return self

    def activate(self, gate: str, a: Tensor, options: Options) -> Tensor:
        """A gate from its pre-activation: σ(a), and tanh(a) of a candidate.

        A step takes its gates from here, so that `intervene` can hold one of them.
        """
        return a.tanh() if gate.endswith("candidate") else a.sigmoid()

    @abstractmethod
    def step(self, a: Tensor, before: States, weights: Parameters, options: Options) -> Step:
        """The equations. `a` (B, G·H) is `from_input` at this step."""

    def shown_cell(self, c: Tensor, weights: Parameters, options: Options) -> Tensor:
        """What of c_t goes towards h_t, before its nonlinearity: c_t itself."""
        return c
