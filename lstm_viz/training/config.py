"""What a run is made of, as data: everything that decides its numbers, but the dataset."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Cell = Literal["rnn_tanh", "rnn_relu", "lstm", "gru"]
Optimizer = Literal["adam", "rmsprop", "sgd"]
CELLS: tuple[Cell, ...] = get_args(Cell)
OPTIMIZERS: tuple[Optimizer, ...] = get_args(Optimizer)

LIMITS: dict[str, tuple[float, float]] = {
    "layers": (1, 4),
    "hidden_size": (1, 256),
    "learning_rate": (1e-6, 10.0),
    "clip_norm": (0.0, 1000.0),
    "epochs": (1, 5000),
    "batch_size": (1, 1024),
    "forget_bias": (-10.0, 10.0),
    "seed": (0, 2**31 - 1),
}
"""Setting -> its smallest and largest value; the pages' widgets take their bounds from here."""


@dataclass(frozen=True)
class RunConfig:
    """The settings of one run.

    Raises ConfigError when a setting is outside `LIMITS` or unknown.

    >>> RunConfig(cell="lstm", hidden_size=0)
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: The 'hidden_size' must be between 1 and 256, got 0.
    """

    cell: Cell = "lstm"
    layers: int = 1
    hidden_size: int = 32
    optimizer: Optimizer = "adam"
    learning_rate: float = 5e-3
    clip_norm: float = 1.0
    """Largest 2-norm of the parameter gradient; 0 leaves it as it is."""
    epochs: int = 50
    batch_size: int = 32
    forget_bias: float = 1.0
    """What the forget gate's two PyTorch bias vectors add up to at the start; LSTM only."""
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
        for name, known in (("cell", CELLS), ("optimizer", OPTIMIZERS)):
            if getattr(self, name) not in known:
                raise ConfigError(
                    N_("The '{setting}' must be one of {known}, got '{got}'."),
                    setting=name,
                    known=", ".join(known),
                    got=getattr(self, name),
                )

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
