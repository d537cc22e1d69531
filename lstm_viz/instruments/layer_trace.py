"""What happened inside one recurrent layer at every time step, as plain arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError, MissingExtraError
from lstm_viz.words import N_

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Array = npt.NDArray[np.float64]
Lengths = npt.NDArray[np.int64]
State = Literal["hidden", "cell"]


@dataclass(frozen=True, eq=False, repr=False)
class LayerTrace:
    """One layer over one batch; every array is batch-first, its time axis the input's.

    Shapes: B samples, T time steps, D input features, H hidden units.

    >>> hidden = np.zeros((1, 3, 2))
    >>> gradient = np.array([[[0.0, 0.0], [0.3, 0.4], [3.0, 4.0]]])
    >>> trace = LayerTrace("rnn_tanh", np.ones((1, 3, 1)), hidden, None, {}, gradient)
    >>> trace.grad_norm("hidden")
    array([[0. , 0.5, 5. ]])
    >>> trace
    LayerTrace('rnn_tanh', B=1, T=3, D=1, H=2, with derivatives)
    """

    kind: str
    """Its cell's, a key of `models.cells.CELLS`: `"rnn_tanh"`, `"lstm"`, `"gru"`, ..."""
    input: Array
    """(B, T, D): x_t as this layer received it."""
    hidden: Array
    """(B, T, H): h_t."""
    cell: Array | None
    """(B, T, H): c_t; None outside the LSTM family."""
    gates: Mapping[str, Array]
    """Name -> (B, T, H): activations, after the nonlinearity."""
    grad_hidden: Array | None = None
    """(B, T, H): the total derivative dL/dh_t, through the output and every later step."""
    grad_cell: Array | None = None
    """(B, T, H): the total derivative dL/dc_t."""
    grad_gates: Mapping[str, Array] | None = None
    """Name -> (B, T, H): dL/d(pre-activation) of each gate."""
    inner_cell: Array | None = None
    """(B, T, H): the memory inside a nested LSTM's memory."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The cell's own settings, such as which parts of an LSTM variant are on."""
    grad_input: Array | None = None
    """(B, T, D): dL/dx_t through this layer, in both directions where it has two."""
    initial_hidden: Array | None = None
    """(B, H): h_0, the state before the first step of the run."""
    initial_cell: Array | None = None
    """(B, H): c_0."""
    lengths: Lengths | None = None
    """(B,): the steps that each sample has, of a packed batch or one that shrinks as its samples
    end; beyond them arrays hold NaN."""
    calls: tuple[int, ...] = (0,)
    """The step at which each call of the layer begins; one unless it was called piece by piece."""

    reverse: bool = False
    """Whether it ran from the last input to the first."""
    weights: Mapping[str, Array] = field(default_factory=dict)
    """Those that the pass was made with, of several calls the last one, by PyTorch's names without
    the layer's place: `"weight_ih"`, `"weight_hh"`, ...; of a registered cell, by the module's."""
    flow_norms: Mapping[str, Array] = field(default_factory=dict)
    """State ("hidden", "cell", "inner_cell") -> (B, T): the norm of what enters at one step alone,
    on its way back, as `gradient_flow` gives it; of the steps of a watcher's `history`."""
    flow_from: Lengths | None = None
    """(B,): that step, the last of the run at which a gradient enters."""

    def __repr__(self) -> str:
        kind, rest = self.described().split(", ", 1)
        return f"LayerTrace({kind!r}, {rest})"

    def described(self) -> str:
        """Its kind, its sizes, and whether it has derivatives."""
        (B, T, H), D = self.hidden.shape, self.input.shape[-1]
        known = "without" if self.grad_hidden is None else "with"
        return f"{self.kind}, B={B}, T={T}, D={D}, H={H}, {known} derivatives"

    def grad_norm(self, state: State) -> Array:
        """‖dL/dh_t‖₂ or ‖dL/dc_t‖₂ over the units: (B, T).

        Exact down to the smallest float64, 5e-324: the values are scaled before they are
        squared. Raises ConfigError where there is no such gradient.
        """
        return norm(self._gradient(state))

    def _gradient(self, state: State) -> Array:
        if state not in ("hidden", "cell"):
            raise ConfigError(N_("The 'state' must be 'hidden' or 'cell', got {got!r}."), got=state)
        if self.grad_hidden is None:
            raise ConfigError(
                N_("This trace has no gradients. Give 'trace' a 'loss_fn', or read a watcher "
                   "after a backward pass.")
            )  # fmt: skip
        if state == "hidden":
            return self.grad_hidden
        if self.grad_cell is None:
            raise ConfigError(
                N_("A layer of kind {kind} has no cell state. Ask for 'hidden'."), kind=self.kind
            )
        return self.grad_cell

    def to_frame(self) -> "pd.DataFrame":
        """Tidy: one row for each (sample, t, unit), one column for each signal.

        Columns: `sample`, `t`, `unit`, `hidden`, `cell`, `inner_cell`, each gate by its name,
        then, where they were traced, `grad_hidden`, `grad_cell` and `grad_<gate>` (dL/d
        pre-activation). Needs pandas: raises MissingExtraError where it is not installed.
        """
        signals = self._signals()
        shape = next(iter(signals.values())).shape
        places: dict[str, Any] = dict(zip(("sample", "t", "unit"), np.indices(shape), strict=True))
        flat = {name: values.reshape(-1) for name, values in {**places, **signals}.items()}
        frame: pd.DataFrame = pandas_for("to_frame").DataFrame(flat)
        return frame

    def _signals(self) -> dict[str, Array]:
        """Those that there are, (B, T, units) all of them."""
        signals = {"hidden": self.hidden, "cell": self.cell, "inner_cell": self.inner_cell}
        signals |= {**self.gates, "grad_hidden": self.grad_hidden, "grad_cell": self.grad_cell}
        signals |= {f"grad_{name}": values for name, values in (self.grad_gates or {}).items()}
        known = {name: values for name, values in signals.items() if values is not None}
        units = max(values.shape[-1] for values in known.values())
        return {name: _widened(values, units) for name, values in known.items()}

    def to_xarray(self) -> "xr.Dataset":
        """The same with named axes, `sample`, `t` and `unit`; and x_t as `x`, dL/dx_t as `grad_x`,
        over `feature`.

        With `lengths` and the first states where there are some, and in `attrs` the kind, the
        cell's options, the `calls`. Raises MissingExtraError without xarray.
        """
        xarray, signals = package_for("to_xarray", "xarray", "notebook"), self._signals()
        by_unit, by_feature = ("sample", "t", "unit"), ("sample", "t", "feature")
        (B, T, H), D = next(iter(signals.values())).shape, self.input.shape[-1]
        given: dict[str, Any] = {name: (by_unit, each) for name, each in signals.items()}
        given |= {"x": (by_feature, self.input), "grad_x": (by_feature, self.grad_input)}
        first = {"initial_hidden": self.initial_hidden, "initial_cell": self.initial_cell}
        for name, state in first.items():
            if state is not None:
                given[name] = ("sample", "unit"), _widened(state, H)
        given["lengths"] = ("sample",), self.lengths
        sizes = {"sample": B, "t": T, "unit": H, "feature": D}
        dataset: xr.Dataset = xarray.Dataset(
            {name: each for name, each in given.items() if each[1] is not None},
            coords={axis: np.arange(size) for axis, size in sizes.items()},
            attrs={"kind": self.kind, "calls": self.calls, **self.options},
        )
        return dataset


def _widened(values: Any, units: int) -> Any:
    """With NaN for the units that an h_t has not which is smaller than c_t."""
    missing = units - values.shape[-1]
    before = [(0, 0)] * (values.ndim - 1)
    return np.pad(values, [*before, (0, missing)], constant_values=np.nan) if missing else values


def pandas_for(what: str) -> Any:
    """The package that makes tables. Raises MissingExtraError where it is not installed."""
    return package_for(what, "pandas", "data")


def package_for(what: str, package: str, extra: str) -> Any:
    """A package that an extra brings. Raises MissingExtraError where it is not installed."""
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingExtraError(
            N_("'{what}' needs {package}. Install lstm_viz[{extra}]."),
            what=what,
            package=error.name,
            extra=extra,
        ) from error


def norm(vectors: Array) -> Array:
    """‖·‖₂ over the last axis, without the underflow of squares below 1e-162."""
    largest: Array = np.abs(vectors).max(axis=-1, initial=0.0)
    scale = np.where((largest > 0.0) & np.isfinite(largest), largest, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = vectors / scale[..., None]
        norm: Array = scale * np.sqrt(np.einsum("...h,...h->...", scaled, scaled))
    return norm
