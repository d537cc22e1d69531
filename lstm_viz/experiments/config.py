"""What a run is made of, as data: everything that decides its numbers, but the dataset."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from numbers import Integral
from typing import Any, Literal, get_args

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Cell = Literal["rnn_tanh", "rnn_relu", "lstm", "gru", "lstm_variant", "nested_lstm"]
Readout = Literal["last", "mean", "attention"]
Initialisation = Literal["default", "orthogonal", "identity"]
Loss = Literal["auto", "mse", "mae", "huber", "bce", "cross_entropy"]
Optimizer = Literal["adam", "adamw", "rmsprop", "momentum", "sgd"]
Schedule = Literal["constant", "step", "cosine", "plateau"]
CELLS: tuple[Cell, ...] = get_args(Cell)
OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)

CHOICES: dict[str, tuple[str, ...]] = {
    "cell": CELLS,
    "readout": get_args(Readout),
    "initialisation": get_args(Initialisation),
    "loss": get_args(Loss),
    "optimizer": OPTIMIZERS,
    "schedule": get_args(Schedule),
}
"""Setting -> what it may be; the pages' widgets take their options from here."""

LIMITS: dict[str, tuple[float, float]] = {
    "layers": (1, 4),
    "hidden_size": (1, 512),
    "zoneout": (0.0, 0.9),
    "dropout": (0.0, 0.9),
    "conv_channels": (0, 128),
    "conv_kernel": (1, 31),
    "spectral_radius": (0.0, 3.0),
    "forget_bias": (-10.0, 10.0),
    "learning_rate": (1e-6, 10.0),
    "schedule_every": (1, 5000),
    "schedule_factor": (0.01, 1.0),
    "clip_norm": (0.0, 1000.0),
    "clip_value": (0.0, 1000.0),
    "l1": (0.0, 1.0),
    "l2": (0.0, 1.0),
    "epochs": (1, 5000),
    "batch_size": (1, 1024),
    "patience": (0, 1000),
    "truncate": (0, 1000),
    "seed": (0, 2**31 - 1),
}
"""Setting -> its smallest and largest value, whole numbers where these are; the pages' widgets
take their bounds from here."""

LOSSES: dict[str, tuple[str, ...]] = {
    "regression": ("mse", "mae", "huber"),
    "binary": ("bce",),
    "classes": ("cross_entropy",),
}
"""Problem -> the losses that fit it, its own first."""

GOOD_CLIP_NORM = 1.0
"""Gradients that are clipped at this norm usually keep a training together."""


@dataclass(frozen=True)
class RunConfig:
    """The settings of one run.

    Raises ConfigError when a setting is outside `LIMITS` or unknown, or excludes another.

    >>> RunConfig(cell="lstm", hidden_size=0)
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: The 'hidden_size' must be between 1 and 512, got 0.
    """

    cell: Cell = "lstm"
    input_gate: bool = True
    """This and the next seven: the parts of an `"lstm_variant"`."""
    forget_gate: bool = True
    output_gate: bool = True
    peepholes: bool = False
    coupled: bool = False
    """The input gate is 1 - f."""
    input_activation: bool = True
    output_activation: bool = True
    layer_norm: bool = False
    zoneout: float = 0.0
    """Share of h and c that keeps its old value in a training step; `"lstm_variant"` only."""
    layers: int = 1
    hidden_size: int = 32
    bidirectional: bool = False
    dropout: float = 0.0
    """Share dropped between the layers and before the read-out, while training."""
    readout: Readout = "last"
    """What of the hidden states the answer is read from; without effect at every step."""
    conv_channels: int = 0
    """Channels of a causal 1-D convolution in front; 0 for none."""
    conv_kernel: int = 5
    """Steps that the convolution sees at once."""
    initialisation: Initialisation = "default"
    """Of W_hh: PyTorch's uniform one, orthogonal blocks, or the identity."""
    spectral_radius: float = 0.0
    """W_hh is scaled to this spectral radius; 0 leaves it as it is."""
    forget_bias: float = 1.0
    """What the forget gate's two PyTorch bias vectors add up to at the start."""
    chrono: bool = False
    """Gate biases from time constants up to the sequence's length, in place of `forget_bias`."""
    loss: Loss = "auto"
    optimizer: Optimizer = "adam"
    learning_rate: float = 5e-3
    schedule: Schedule = "constant"
    schedule_every: int = 10
    """Epochs from one step of the schedule to the next, or without progress on a plateau."""
    schedule_factor: float = 0.5
    """What a step multiplies the learning rate with."""
    clip_norm: float = 1.0
    """Largest 2-norm of the parameter gradient; 0 leaves it as it is."""
    clip_value: float = 0.0
    """Largest magnitude of one element of the gradient; 0 leaves it as it is."""
    l1: float = 0.0
    """Weight of ‖θ‖₁ in the loss."""
    l2: float = 0.0
    """Weight decay, as the optimiser understands it."""
    epochs: int = 50
    batch_size: int = 32
    patience: int = 0
    """Epochs without a better validation loss after which the run ends with its best weights;
    0 trains to the end."""
    truncate: int = 0
    """Steps that the gradient goes back in training (truncated BPTT); 0 for all."""
    seed: int = 0
    device: str = "auto"
    """`"auto"` takes CUDA, then MPS, then the CPU."""

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:  # also refuses NaN
                raise ConfigError(
                    N_("The '{setting}' must be between {low:g} and {high:g}, got {got:g}."),
                    setting=name,
                    low=low,
                    high=high,
                    got=value,
                )
            if isinstance(low, int) and not isinstance(value, Integral):
                raise ConfigError(
                    N_("The '{setting}' must be a whole number, got {got}."),
                    setting=name,
                    got=value,
                )
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ConfigError(
                    N_("The '{setting}' must be one of {known}, got '{got}'."),
                    setting=name,
                    known=", ".join(known),
                    got=getattr(self, name),
                )
        refuse(self, EXCLUDED)

    def check(self, dataset: Dataset) -> None:
        """Raises ConfigError where the settings do not fit what is to be learned."""
        refuse(self, UNFIT, dataset)

    @property
    def well_clipped(self) -> bool:
        """Whether gradients are clipped at `GOOD_CLIP_NORM` or below."""
        return 0 < self.clip_norm <= GOOD_CLIP_NORM

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for the wire, a file or a link."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "RunConfig":
        """The configuration that `to_dict` wrote; settings it does not know are refused."""
        unknown = set(data) - {field.name for field in fields(cls)}
        if unknown:
            raise ConfigError(
                N_("A run has no setting called '{names}'."), names=", ".join(sorted(unknown))
            )
        return cls(**data)


def has_forget_gate(cell: str, forget_gate: bool) -> bool:
    """Whether a cell has a forget gate, and so a forget bias; a variant may be without."""
    return cell in ("lstm", "nested_lstm") or (cell == "lstm_variant" and forget_gate)


def keeps(cell: str, forget_gate: bool) -> bool:
    """Whether a cell has a gate that says how long it keeps: what chrono sets."""
    return cell == "gru" or has_forget_gate(cell, forget_gate)


def can_run_free(dataset: Dataset, bidirectional: bool) -> None:
    """Raises ConfigError, with the reason, where forecasts cannot be fed back."""
    if not dataset.is_series:
        raise ConfigError(N_("Only a series can be forecast from its own forecasts."))
    if bidirectional:
        raise ConfigError(
            N_(
                "A bidirectional network reads every window from both ends, and beyond the last "
                "known value there is only one. Train without 'bidirectional' to run free."
            )
        )
    if dataset.input_names != dataset.target_names:
        raise ConfigError(
            N_(
                "The network also reads columns that it does not forecast, so their future would "
                "have to be known. Make them targets, or leave them out."
            )
        )


def refuse(config: RunConfig, rules: tuple[tuple[Callable[..., bool], str], ...], *of: Any) -> None:
    """Raise the ConfigError of the first rule that holds."""
    for holds, sentence in rules:
        if holds(config, *of):
            raise ConfigError(sentence)


def _is_variant(config: RunConfig) -> bool:
    return config.cell == "lstm_variant"


EXCLUDED: tuple[tuple[Callable[[RunConfig], bool], str], ...] = (
    (
        lambda c: bool(c.bidirectional and c.truncate),
        N_(
            "Truncated BPTT hands the state from one stretch to the next, which the backward half "
            "of a bidirectional network cannot take. Turn one of the two off."
        ),
    ),
    (
        lambda c: _is_variant(c) and c.coupled and not (c.input_gate and c.forget_gate),
        N_(
            "Coupled gates make the input gate 1 - f, so both gates are needed. "
            "Turn the input and the forget gate on, or the coupling off."
        ),
    ),
    (
        lambda c: (
            _is_variant(c) and c.peepholes and not (c.input_gate or c.forget_gate or c.output_gate)
        ),
        N_("Peepholes let gates see the cell state, and there is no gate. Turn one on."),
    ),
    (
        lambda c: c.chrono and not keeps(c.cell, c.forget_gate),
        N_(
            "Chrono initialisation sets the gate that says how long the cell keeps, and this cell "
            "has none. Turn it off, or choose a GRU or an LSTM with a forget gate."
        ),
    ),
)
"""Settings that exclude each other, and why."""

UNFIT: tuple[tuple[Callable[[RunConfig, Dataset], bool], str], ...] = (
    (
        lambda c, data: c.loss != "auto" and c.loss not in LOSSES[data.problem],
        N_(
            "This loss does not fit the task: numbers take MSE, MAE or Huber, two classes BCE, "
            "more classes cross-entropy. Choose 'auto' to take the one that fits."
        ),
    ),
    (
        lambda c, data: c.bidirectional and data.every_step,
        N_(
            "An answer is asked for at every step, and a bidirectional network would read it in "
            "the steps to come. Turn 'bidirectional' off or choose data with one answer."
        ),
    ),
    (
        lambda c, data: c.readout != "last" and data.every_step,
        N_(
            "An answer is asked for at every step, and a mean or attention read-out gives one for "
            "the whole sequence. Choose the read-out 'last'."
        ),
    ),
    (
        lambda c, data: c.truncate >= data.window,
        N_(
            "Truncated BPTT must cut within the sequence. Choose fewer steps than it has, "
            "or 0 for all."
        ),
    ),
    (
        lambda c, data: c.conv_channels > 0 and c.conv_kernel > data.window,
        N_("The convolution is longer than the sequence. Shorten it or lengthen the window."),
    ),
)
"""Settings that do not fit a dataset, and why."""
