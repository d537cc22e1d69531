"""The settings of a run, as data: everything that decides its numbers, but what it learns from.

Each setting has its limits in one place, where it is declared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.cell_options import ALL_OPTIONS, misspelt, options_of, refusal
from lstm_viz.limits import (
    Choice,
    Frozen,
    Limit,
    Name,
    Number,
    Switch,
    Whole,
    check_fields,
    check_kind,
    limited,
    limits_of,
)
from lstm_viz.models.cells import CELLS
from lstm_viz.words import N_

Readout = Literal["last", "mean", "attention"]
Initialisation = Literal["default", "orthogonal", "identity"]
Loss = Literal["auto", "mse", "mae", "huber", "bce", "cross_entropy"]
Optimizer = Literal["adam", "adamw", "rmsprop", "momentum", "sgd"]
Schedule = Literal["constant", "step", "cosine", "plateau"]

GOOD_CLIP_NORM = 1.0
"""Gradients that are clipped at this norm usually keep a training together."""


@dataclass(frozen=True)
class CellSettings:
    """A cell and its own settings: those that it would ignore are refused.

    >>> CellSettings("gru", {"forget_bias": 3.0})
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: The cell 'gru' takes no 'forget_bias'. It takes: chrono.
    """

    kind: str = limited(Choice("lstm", CELLS))
    options: Mapping[str, Any] = field(default_factory=Frozen)
    """Every setting that this cell takes, by name; those left out take their defaults."""

    def __post_init__(self) -> None:
        check_fields(self)
        check_kind(self.options, Mapping, "options")
        known = options_of(self.kind, self.options)
        for name in self.options:
            if name not in known:
                raise misspelt(name, ["cell", *LIMITS]) or refusal(self.kind, self.options, name)
        complete = {
            name: limit.check(name, self.options.get(name, limit.default))
            for name, limit in known.items()
        }
        object.__setattr__(self, "options", Frozen(complete))


@dataclass(frozen=True)
class NetworkSettings:
    """What stands around the cell, and how its recurrent weights start."""

    layers: int = limited(Whole(1, 1, 4))
    hidden_size: int = limited(Whole(32, 1, 512))
    bidirectional: bool = limited(Switch(False))
    dropout: float = limited(Number(0.0, 0.0, 0.9))
    """Share dropped between the layers and before the read-out, while training."""
    readout: Readout = limited(Choice("last", get_args(Readout)))
    """What of the hidden states the answer is read from; without effect at every step."""
    conv_channels: int = limited(Whole(0, 0, 128))
    """Channels of a causal 1-D convolution in front; 0 for none."""
    conv_kernel: int = limited(Whole(5, 1, 31))
    """Steps that the convolution sees at once."""
    initialisation: Initialisation = limited(Choice("default", get_args(Initialisation)))
    """Of W_hh: PyTorch's uniform one, orthogonal blocks, or the identity."""
    spectral_radius: float = limited(Number(0.0, 0.0, 3.0))
    """W_hh is scaled to this spectral radius; 0 leaves it as it is."""

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.conv_channels:
            _as_declared(self, "conv_kernel")


@dataclass(frozen=True)
class OptimiserSettings:
    """What is minimised, and how."""

    loss: Loss = limited(Choice("auto", get_args(Loss)))
    optimizer: Optimizer = limited(Choice("adam", get_args(Optimizer)))
    learning_rate: float = limited(Number(5e-3, 1e-6, 10.0))
    schedule: Schedule = limited(Choice("constant", get_args(Schedule)))
    schedule_every: int = limited(Whole(10, 1, 5000))
    """Epochs from one step of the schedule to the next, or without progress on a plateau."""
    schedule_factor: float = limited(Number(0.5, 0.01, 1.0))
    """What a step multiplies the learning rate with."""
    clip_norm: float = limited(Number(1.0, 0.0, 1000.0))
    """Largest 2-norm of the parameter gradient; 0 leaves it as it is."""
    clip_value: float = limited(Number(0.0, 0.0, 1000.0))
    """Largest magnitude of one element of the gradient; 0 leaves it as it is."""
    l1: float = limited(Number(0.0, 0.0, 1.0))
    """Weight of ‖θ‖₁ in the loss."""
    l2: float = limited(Number(0.0, 0.0, 1.0))
    """Weight decay, as the optimiser understands it."""
    truncate: int = limited(Whole(0, 0, 1000))
    """Steps that the gradient goes back in training (truncated BPTT); 0 for all."""

    def __post_init__(self) -> None:
        check_fields(self)
        if self.schedule not in ("step", "plateau"):
            _as_declared(self, "schedule_every", "schedule_factor")

    @property
    def well_clipped(self) -> bool:
        """Whether gradients are clipped at `GOOD_CLIP_NORM` or below."""
        return 0 < self.clip_norm <= GOOD_CLIP_NORM


@dataclass(frozen=True)
class BudgetSettings:
    """How long it trains, in what portions, and from which random numbers."""

    epochs: int = limited(Whole(50, 1, 5000))
    batch_size: int = limited(Whole(32, 1, 1024))
    patience: int = limited(Whole(0, 0, 1000))
    """Epochs without a better validation loss after which the run ends with its best weights;
    0 trains to the end."""
    seed: int = limited(Whole(0, 0, 2**31 - 1))
    device: str = limited(Name("auto"))
    """`"auto"` takes CUDA, then MPS, then the CPU."""

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Settings:
    """The settings of one run, in four groups; equal settings are equal and hash alike.

    Settings without effect beside others (the length of no convolution) stand at their defaults.
    Raises ConfigError when a setting is outside its limits or unknown, or excludes another.

    >>> Settings.of(cell="lstm", hidden_size=0)
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: The 'hidden_size' must be between 1 and 512, got 0.
    """

    cell: CellSettings = field(default_factory=CellSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    optimiser: OptimiserSettings = field(default_factory=OptimiserSettings)
    budget: BudgetSettings = field(default_factory=BudgetSettings)

    def __post_init__(self) -> None:
        for each in fields(self):
            check_kind(getattr(self, each.name), GROUPS[each.name], each.name)
        if self.network.bidirectional and self.optimiser.truncate:
            raise ConfigError(
                N_(
                    "Truncated BPTT hands the state on, which a bidirectional network's backward "
                    "half cannot take. Turn one of the two off."
                )
            )

    @classmethod
    def of(cls, *, cell: str = "lstm", **settings: Any) -> "Settings":
        """Settings by their names alone, the cell's own among them.

        >>> Settings.of(cell="gru", hidden_size=8, seed=3).network.hidden_size
        8
        """
        parts: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
        for name, value in settings.items():
            parts[GROUP_OF.get(name, "cell")][name] = value
        return cls(
            CellSettings(cell, Frozen(parts["cell"])),
            NetworkSettings(**parts["network"]),
            OptimiserSettings(**parts["optimiser"]),
            BudgetSettings(**parts["budget"]),
        )

    def changed(self, **changes: Any) -> "Settings":
        """The same with some settings changed; a new cell keeps of the old one what it takes.

        >>> Settings.of(forget_bias=3.0, seed=7).changed(cell="gru").flat()["seed"]
        7
        """
        kind = CellSettings(changes.pop("cell", self.cell.kind)).kind
        own = {name: changes.pop(name) for name in [*changes] if name not in GROUP_OF}
        kept = {**self.cell.options, **own}
        while refused := [n for n in kept if n not in own and n not in options_of(kind, kept)]:
            for name in refused:
                del kept[name]
        parts = {
            group: replace(
                getattr(self, group), **{k: v for k, v in changes.items() if GROUP_OF[k] == group}
            )
            for group in ("network", "optimiser", "budget")
        }
        return Settings(cell=CellSettings(kind, Frozen(kept)), **parts)

    def flat(self) -> dict[str, Any]:
        """Every setting that has a say, by its name: the inverse of `of`."""
        found = {"cell": self.cell.kind, **self.cell.options}
        for group in ("network", "optimiser", "budget"):
            record = getattr(self, group)
            found |= {each.name: getattr(record, each.name) for each in fields(record)}
        return found


GROUPS: Mapping[str, type] = {
    "cell": CellSettings,
    "network": NetworkSettings,
    "optimiser": OptimiserSettings,
    "budget": BudgetSettings,
}
GROUP_OF: Mapping[str, str] = {
    name: group for group in ("network", "optimiser", "budget") for name in limits_of(GROUPS[group])
}
"""Setting -> its group, but for the cell's own."""
LIMITS: Mapping[str, Limit] = {
    **ALL_OPTIONS,
    **{name: limit for group in GROUPS.values() for name, limit in limits_of(group).items()},
}
"""Setting -> what it may be; the pages' widgets take their bounds and options from here.

The cell is called `kind` here and `cell` among flat settings."""


def settings_that_fit(cell: str, wanted: Mapping[str, Any]) -> Settings:
    """Settings from a form that remembers more than this cell takes."""
    own = {name: value for name, value in wanted.items() if name not in GROUP_OF}
    common = {name: value for name, value in wanted.items() if name in GROUP_OF}
    while refused := [name for name in own if name not in options_of(cell, own)]:
        for name in refused:
            del own[name]
    return Settings.of(cell=cell, **own, **common)


def differing(several: Sequence[Settings]) -> list[str]:
    """The settings in which some differ that both have.

    >>> differing([Settings.of(cell="gru", seed=1), Settings.of(cell="lstm", forget_bias=3.0)])
    ['cell', 'seed']
    """
    flat = [settings.flat() for settings in several]
    names = dict.fromkeys(name for each in flat for name in each)
    return [n for n in names if len({each[n] for each in flat if n in each}) > 1]


def _as_declared(record: Any, *names: str) -> None:
    for name in names:
        object.__setattr__(record, name, limits_of(record)[name].default)
