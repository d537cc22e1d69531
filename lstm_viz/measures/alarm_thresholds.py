"""Where alarms begin."""

from dataclasses import dataclass

from lstm_viz.limits import Number, Whole, check_fields, limited


@dataclass(frozen=True)
class AlarmThresholds:
    """Where alarms begin. Raises ConfigError for a threshold out of its range."""

    near: float = limited(Number(1e-3, 1e-12, 0.5))
    """A gate this close to 0 or 1 is shut or open."""
    stuck_steps: float = limited(Number(0.99, 0.0, 1.0))
    """Share of all steps at which it must be so for a unit to be stuck."""
    stuck_units: float = limited(Number(0.5, 0.0, 1.0))
    """Share of a layer's units that must be stuck."""
    gradient: float = limited(Number(1e-12, 0.0, 1.0))
    """Share of the gradient below which nothing arrives."""
    dead_range: float = limited(Number(1e-6, 0.0, 1.0))
    """A unit whose h_t varies by no more, over all steps and examples, is dead."""
    dead_units: float = limited(Number(0.1, 0.0, 1.0))
    """Share of a layer's units that must be dead."""
    jump: float = limited(Number(10.0, 1.0, 1e9))
    """Times the median of the losses before; and beyond half the first loss."""
    before: int = limited(Whole(9, 1, 1000))
    """How many losses before it that median is of."""
    weight: float = limited(Number(100.0, 0.0, 1e12))
    """The largest |weight| beyond which weights exploded."""
    spread: float = limited(Number(1e-3, 0.0, 1.0))
    """Answers that differ by no more, scaled as the network sees them, are one constant."""

    def __post_init__(self) -> None:
        check_fields(self)


USUAL = AlarmThresholds()
