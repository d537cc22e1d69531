"""A cell of somebody's own: told by its equations, it is traced as PyTorch's are."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from lstm_viz.errors import ConfigError
from lstm_viz.models.cells import CELLS
from lstm_viz.words import N_

Equations = Callable[..., Any]
STATES = (("hidden",), ("hidden", "cell"))


@dataclass(frozen=True)
class OwnCell:
    """What was said of one class of modules."""

    equations: Equations
    kind: str
    states: tuple[str, ...]
    keeps: str | None
    sequence: bool
    arguments: Callable[..., Any] | None
    returns: Callable[[Any], Any] | None

    def received(
        self, module: nn.Module, args: Any, kwargs: Any
    ) -> tuple[Any, Any, tuple[Any, ...]]:
        """(x, first states or None, what else) of a call."""
        if self.arguments is None:
            bound = inspect.signature(type(module).forward).bind(module, *args, **kwargs)
            bound.apply_defaults()
            _, *given = bound.args
            given += bound.kwargs.values()
        else:
            given = [*self.arguments(*args, **kwargs)]
        x, states, *more = (*given, None) if len(given) < 2 else given
        return x, states, tuple(more)


REGISTERED: dict[type[nn.Module], OwnCell] = {}


def register_cell(
    cell: type[nn.Module],
    equations: Equations,
    *,
    kind: str | None = None,
    states: Sequence[str] = ("hidden", "cell"),
    keeps: str | None = None,
    sequence: bool = False,
    arguments: Callable[..., Any] | None = None,
    returns: Callable[[Any], Any] | None = None,
) -> None:
    """Have `trace` and `watch` read a cell of your own, by the equations of its step.

    - `cell`: the class of the module; those that inherit its `forward` are read, too.
    - `equations(module, x, states, gate, *more)` gives the states after one step. `module` is a
      copy with the weights of the pass, in float64; `x` (B, D) and each of the tuple `states`
      (B, H) are its input and what the step before gave. `gate(name, a)` is the gate of this
      pre-activation (B, H), and is what the trace keeps: σ(a), tanh(a) of a name that ends in
      "candidate", or `gate(name, a, activation)` of yours. One sample must not depend on another.
    - `kind`: as in `LayerTrace.kind`; the name of the class if not said.
    - `states`: `("hidden", "cell")`, or `("hidden",)`; in the order of `equations`.
    - `keeps`: the gate that is the share of its old state which a unit keeps, if there is one: of
      that time constants are told.
    - `sequence`: a call takes all steps, (T, B, D), or (B, T, D) where the module has
      `batch_first`, and gives (output, states) or the output alone. Else a call is one step,
      as of `nn.LSTMCell`, and gives h, or (h, c), or (h, states).
    - `arguments(*args, **kwargs) -> (x, states, *more)`, of a `forward` whose own arguments are
      not those; the first states are zeros where it gives None.
    - `returns(output)`: what of its output is one of the above. All of its tensors must be.

    What is traced is checked at every reading: a layer whose output does not follow from its
    equations is left out, with that reason; so is one that draws random numbers, and one whose
    equations name a gate twice in a step, give it in another shape, or have none that `keeps`.

    Raises ConfigError for what is no class of modules or no function, for a class whose `forward`
    is one of PyTorch's, and for a `kind`, `states` that there cannot be.

    >>> import torch
    >>> class Peephole(nn.Module):
    ...     def __init__(self, inputs, units):
    ...         super().__init__()
    ...         self.of_x, self.of_h = nn.Linear(inputs, 4 * units), nn.Linear(units, 4 * units)
    ...         self.of_c = nn.Parameter(torch.zeros(3, units))
    ...     def forward(self, x, state):
    ...         h, c = state
    ...         i, f, g, o = (self.of_x(x) + self.of_h(h)).chunk(4, 1)
    ...         i, f = (i + self.of_c[0] * c).sigmoid(), (f + self.of_c[1] * c).sigmoid()
    ...         c = f * c + i * g.tanh()
    ...         return (o + self.of_c[2] * c).sigmoid() * c.tanh(), c
    >>> def peephole(cell, x, states, gate):
    ...     h, c = states
    ...     i, f, g, o = (cell.of_x(x) + cell.of_h(h)).chunk(4, 1)
    ...     i, f = gate("input", i + cell.of_c[0] * c), gate("forget", f + cell.of_c[1] * c)
    ...     c = f * c + i * gate("candidate", g)
    ...     return gate("output", o + cell.of_c[2] * c) * c.tanh(), c
    >>> register_cell(Peephole, peephole, keeps="forget")
    >>> from lstm_viz import trace
    >>> trace(Peephole(2, 4), torch.ones(1, 2), (torch.zeros(1, 4), torch.zeros(1, 4)))
    Traces of 1 layer
      cell: Peephole, B=1, T=1, D=2, H=4, without derivatives
    """
    given: Any = cell
    if not (isinstance(given, type) and issubclass(given, nn.Module)):
        raise ConfigError(
            N_("A cell is registered by its class, an nn.Module, got {got!r}."), got=cell
        )
    if str(given.forward.__module__).partition(".")[0] == "torch":
        raise ConfigError(
            N_("The 'forward' of {got} is PyTorch's. Register the class whose 'forward' is the "
               "step that its equations tell."),
            got=given.__name__,
        )  # fmt: skip
    functions: dict[str, Any] = {"arguments": arguments, "returns": returns}
    functions = {name: each for name, each in functions.items() if each is not None}
    for name, function in {"equations": equations, **functions}.items():
        if not callable(function):
            raise ConfigError(
                N_("The '{name}' of a cell must be a function, got {got!r}."),
                name=name,
                got=function,
            )
    if tuple(states) not in STATES:
        raise ConfigError(
            N_("The 'states' of a cell must be ('hidden', 'cell') or ('hidden',), got {got!r}."),
            got=states,
        )
    if kind in CELLS:
        raise ConfigError(
            N_("There is a cell of kind '{kind}' already. Give yours another name."), kind=kind
        )
    REGISTERED[cell] = OwnCell(
        equations, kind or cell.__name__, tuple(states), keeps, sequence, arguments, returns
    )


def own_cell(module: nn.Module) -> OwnCell | None:
    """What was registered of a module's class, or of the one whose `forward` it inherits."""
    for known in type(module).__mro__ if REGISTERED else ():
        if known in REGISTERED and type(module).forward is known.forward:
            return REGISTERED[known]
    return None
