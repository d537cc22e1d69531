"""Frames: what one moment of a training run looked like, as data.

A frame is taken on a fixed probe batch of B samples, so that two frames of a run differ by
what the model learned and by nothing else.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import NOT_SCORED
from lstm_viz.measures.gradient_flow import GradientFlow, lasting, typical

Values = npt.NDArray[np.float32]
Answers = npt.NDArray[Any]
Norms = npt.NDArray[np.float64]

WRITING_TEMPERATURE = 0.7
"""At which the text of a frame is generated."""
MAX_WEIGHTS = 20_000
"""Parameters up to which each frame keeps the model itself: 80 KB."""


@dataclass(frozen=True, eq=False, repr=False)
class LayerFrame:
    """A layer's trace on the probe, reduced to what pages show: U of the H units, float32."""

    kind: str
    hidden_size: int
    """H."""
    units: npt.NDArray[np.int64]
    """(U,): which units are kept; all of them up to `MAX_UNITS`, evenly spaced beyond."""
    hidden: Values
    """(B, T, U): h_t."""
    cell: Values | None
    """(B, T, U): c_t."""
    gates: Mapping[str, Values]
    """Name -> (B, T, U)."""
    grad_hidden_norm: Norms
    """(B, T): ‖dL/dh_t‖₂ over all H units; float64, since float32 ends at 1.4e-45."""
    grad_cell_norm: Norms | None
    """(B, T): ‖dL/dc_t‖₂ over all H units."""
    log_grad_hidden: Values
    """(B, T, U): log10 |dL/dh_t|, -inf where it is 0; float32 itself ends at 1.4e-45."""
    log_grad_cell: Values | None
    """(B, T, U): log10 |dL/dc_t|."""
    flow_norms: Mapping[str, Norms]
    """State ("hidden", "cell", "inner_cell") -> (B, T): ‖∂L_s/∂(state_t)‖₂ over all H units, of
    the gradient that enters this layer at step s alone; see `instruments.gradient_flow`. Nothing of
    a module's layer that is called step by step."""
    flow_from: npt.NDArray[np.int64]
    """(B,): s, the last step of the layer's run at which a gradient enters it."""
    reverse: bool = False
    """Whether the layer runs from the last input to the first."""
    inner_cell: Values | None = None
    """(B, T, U): the memory inside a nested LSTM's memory."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The cell's own settings, such as which parts of an LSTM variant are on."""
    reads: Values | None = None
    """(B, T, D): x_t as this layer received it, of a loop whose steps have batches of their own;
    None where all frames are of the probe's examples. Of many features none is kept."""
    lengths: npt.NDArray[np.int64] | None = None
    """(B,): the steps that each sample has, where a module packs its batch; NaN beyond them."""

    def __repr__(self) -> str:
        B, T, U = self.hidden.shape
        return f"LayerFrame({self.kind!r}, B={B}, T={T}, U={U} of H={self.hidden_size})"

    def flow(self, sample: int | None = None) -> GradientFlow:
        """What arrives of the gradient that enters at one step: in the state that lasts longest,
        c_t where there is one. Of one sample, or the typical one of all for None.
        """
        state = lasting(self.flow_norms, self.flow_from)
        samples = range(len(self.flow_from)) if sample is None else [sample]
        flows = [
            GradientFlow.along(
                self.flow_norms[state][k], int(self.flow_from[k]), state=state, reverse=self.reverse
            )
            for k in samples
        ]
        return typical(flows) if sample is None else flows[0]


@dataclass(frozen=True, eq=False, repr=False)
class Frame:
    """One moment of a run."""

    epoch: float
    """Passes over the training data so far; 2.5 is in the middle of the third. NaN of a loop that
    was only watched, as are its losses: nobody counted them."""
    step: int
    """Optimizer updates so far."""
    train_loss: float
    """Mean over the steps since the previous frame; NaN at step 0."""
    validation_loss: float
    grad_norm: float
    """Parameter-gradient norm before clipping, mean over the same steps; NaN at step 0."""
    clipped_grad_norm: float
    """The same after clipping."""
    layers: Mapping[str, LayerFrame]
    """Layer name (`"recurrent.l0"`, `"recurrent.l0_reverse"`) -> its trace on the probe."""
    forecast: Answers
    """Answers to the probe's forecast examples: (V, P) numbers, scaled as the model sees them;
    (V, 1) probabilities of the second class; or the likeliest classes' codes, (V, 1) or (V, T)."""
    answer: Answers
    """The same for the probe's own examples: (B, P), (B, 1) or (B, T)."""
    validation_accuracy: float = math.nan
    """Share of right answers; NaN where numbers are asked for."""
    validation_mae: float = math.nan
    """Mean absolute error, scaled; NaN where classes are asked for."""
    validation_losses: Values | None = None
    """(V,) the loss of each validation example that is measured, `Dataset.measured`."""
    validation_errors: Values | None = None
    """(V,) of the same examples the absolute error, scaled, or the share of wrong answers."""
    learning_rate: float = math.nan
    free_running: Values | None = None
    """(F, K): the forecast of a series from the split on, each prediction fed back, scaled; on
    every tenth or so of the frames."""
    attention: Values | None = None
    """(B, T): how much the read-out looks at each step; sums to 1 over T."""
    written: str = ""
    """What a model of text writes at this moment, from a fixed beginning."""
    weights: Mapping[str, Values] | None = None
    """Every parameter of the model by its name; None of a model with too many to keep."""
    update_norms: Values | None = None
    """(n, 2) parameter-gradient norms before and after clipping, one row for each optimizer update
    since the previous frame, or since the run was measured last."""
    restored: bool = False
    """Whether early stopping had put back the weights of `epoch`, the best one, after `step`."""

    def __repr__(self) -> str:
        return (
            f"Frame(epoch={self.epoch:g}, step={self.step}, train_loss={self.train_loss:.4g},"
            f" validation_loss={self.validation_loss:.4g}, {len(self.layers)} layers)"
        )

    @property
    def top(self) -> str:
        """The name of the last layer that runs forward."""
        return [name for name, layer in self.layers.items() if not layer.reverse][-1]

    @property
    def watched(self) -> bool:
        """Whether it is of somebody's own loop that was watched: without epochs and losses."""
        return math.isnan(self.epoch)

    @property
    def top_layer(self) -> LayerFrame:
        """The one whose name is `top`."""
        return self.layers[self.top]


@dataclass(frozen=True, eq=False)
class Probe:
    """The fixed examples on which frames are taken."""

    inputs: Answers
    """(B, T, D), or (B, T, 1) codes."""
    targets: Answers
    """Their answers, as the dataset has them."""
    forecast_targets: Answers
    """The truth beside `Frame.forecast`: consecutive validation examples."""
    judged: Answers | None = None
    """(B, T) which of the targets the score looks at; None for all that are asked for."""

    def scored(self, sample: int) -> Answers:
        """Which of a sample's targets the score looks at, in their shape."""
        if self.judged is not None:
            return np.asarray(self.judged[sample])
        target = self.targets[sample]
        codes = target.dtype.kind in "iu"  # numbers are all asked for, -1 too
        return np.asarray(target != NOT_SCORED) if codes else np.ones(target.shape, np.bool_)
