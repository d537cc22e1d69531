"""What the losses of a training did, in numbers and in a sentence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.comparison import Sample
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _

Numbers = npt.NDArray[np.floating]
Course = Literal["falling", "flat", "rising"]

LEAST = 0.05
"""Share of a loss by which it must change to be called falling or rising."""
UNSEEN = 0.005
"""Share of a loss that its three digits may not show: what changes by less is level."""
CLEAR = 4.0
"""Standard errors of a slope: a loss wanders, so that two of them are no rarity."""
FEWEST = 6
"""Checkpoints below which no course is told."""
ROUGH = 0.3
"""Standard deviation of ln(loss) around its line above which it is not called level."""
LATEST = 1 / 3
"""Share of the training that says what a loss does now."""
MUCH_WORSE = 2.0
"""Times the untrained network's loss above which a training loss is that of a worse one."""


UNTRAINED = N_("Untrained: validation loss {validation}.")
WORSE = N_(
    "Training made it worse: validation loss {validation}, untrained {untrained}; training loss "
    "{training}. Try a smaller learning rate."
)
OVERFITS = N_(
    "Overfitting: validation loss lowest ({lowest}) at epoch {epoch}, now {validation}; the "
    "training loss fell to {training}."
)
RESTORED = N_(
    "Discarded: training loss {training}, validation loss {validation}. Restored: epoch "
    "{kept_epoch}, validation loss {kept}."
)
PLAIN = N_(
    "Training loss {training}, validation loss {validation}; lowest {lowest} at epoch {epoch}."
)
NOW: Mapping[tuple[str | None, str | None], str] = {
    ("falling", "falling"): N_(
        "Both losses still fall: training {training}, validation {validation}."
    ),
    ("flat", "flat"): N_(
        "Both losses are level now: training {training}, validation {validation}."
    ),
    ("falling", "flat"): N_(
        "Training loss ({training}) still falling, validation loss ({validation}) level; lowest "
        "{lowest} at epoch {epoch}."
    ),
}
"""What training and validation loss do now -> how it is said; `PLAIN` of all others."""


def course(losses: Numbers) -> Course | None:
    """Whether (n,) losses fall or rise: None where they are fewer than `FEWEST`, go somewhere for
    certain, but not far, or up and down.

    By the straight line through ln(loss): it must change by more than `LEAST` from end to end, and
    its slope be more than `CLEAR` of its standard errors from 0. What is no number is left out.

    >>> course(np.exp(-np.arange(9.0))), course(np.array([1.0, 1.1] * 5))
    ('falling', 'flat')
    """
    known = np.asarray(losses, np.float64)
    known = np.log(known[np.isfinite(known) & (known > 0)])
    count = len(known)
    if count < FEWEST:
        return None
    t = np.arange(count) - (count - 1) / 2
    slope = float(t @ known / (t @ t))
    rest = known - known.mean() - slope * t
    error = math.sqrt(float(rest @ rest) / (count - 2) / float(t @ t))
    change = abs(slope) * (count - 1)
    if abs(slope) <= CLEAR * error or change <= UNSEEN:
        return "flat" if _is_level(rest) else None
    if change <= -math.log1p(-LEAST):
        return None
    return "falling" if slope < 0 else "rising"


def _is_level(rest: Numbers) -> bool:
    """Whether what ln(loss) does beside its line is little, or noise: in waves and jumps each
    value lies near the one before (von Neumann 1941: in noise the squares of the differences sum
    to twice those of the values).
    """
    squares = float(rest @ rest)
    if squares <= (LEAST / 2) ** 2 * len(rest):
        return True
    steps = np.diff(rest)
    return squares <= ROUGH**2 * len(rest) and float(steps @ steps) >= squares


def _now(losses: Numbers) -> Course | None:
    """Their course, where the newest goes along with it; what has just turned is not told."""
    found = course(losses)
    if found is None or not (np.isfinite(losses[-1]) and losses[-1] > 0):
        return None
    known = np.log(losses[:-1][np.isfinite(losses[:-1]) & (losses[:-1] > 0)])
    newest = math.log(losses[-1])
    if found == "falling" and newest > float(np.median(known[-FEWEST:])):
        return None
    above = newest - float(np.median(known))
    unlike = abs(above) > max(LEAST, CLEAR * float(known.std()))
    if found == "flat" and (unlike or course(losses[:-1]) not in ("flat", None)):
        return None
    return found


@dataclass(frozen=True)
class Losses:
    """The losses of a training so far."""

    training: float
    """The newest; NaN before the first update."""
    validation: float
    untrained: float
    """Validation loss before the first update."""
    lowest: float
    """Validation loss."""
    lowest_epoch: float
    now: tuple[Course | None, Course | None]
    """What training and validation loss did over the last `LATEST` of the training, to its end."""
    training_as_a_whole: Course | None
    """What the training loss did from its first value on."""
    since_lowest: tuple[Course | None, Course | None]
    """What they did since the validation loss was lowest."""

    @property
    def made_worse(self) -> bool:
        """Whether training has raised the loss, on new examples and on those it trains on."""
        return (
            self.validation > self.untrained
            and self.training > MUCH_WORSE * self.untrained
            and self.training_as_a_whole != "falling"
        )

    @property
    def overfits(self) -> bool:
        """Whether, since its lowest, the validation loss rises while the training loss falls."""
        return self.since_lowest == ("falling", "rising") and math.isfinite(self.validation)


def losses_of(history: Mapping[str, Numbers]) -> Losses:
    """What a run's history (at least one checkpoint) says of its losses."""
    training, validation = history["train_loss"], history["validation_loss"]
    known = np.where(np.isfinite(validation), validation, np.inf)
    best = int(known.argmin())
    late = min(len(validation) - math.ceil(len(validation) * LATEST), len(validation) - FEWEST)
    last, since = slice(max(late, 1), None), slice(best + 1, None)
    return Losses(
        training=float(training[-1]),
        validation=float(validation[-1]),
        untrained=float(validation[0]),
        lowest=float(validation[best]),
        lowest_epoch=float(history["epoch"][best]),
        now=(_now(training[last]), _now(validation[last])),
        training_as_a_whole=course(training[1:]),
        since_lowest=(course(training[since]), course(validation[since])),
    )


def said_losses(losses: Losses, restored: tuple[float, float] | None = None) -> str:
    """What a reader should see in the two curves; where earlier weights were `restored`, their
    epoch and validation loss.
    """
    names = ("training", "validation", "lowest", "untrained")
    values = {
        **{name: _written(getattr(losses, name)) for name in names},
        "epoch": f"{losses.lowest_epoch:.1f}".removesuffix(".0"),
    }
    if restored is not None:
        epoch, loss = restored
        return _(RESTORED).format(**values, kept_epoch=numeral(epoch, 6), kept=_written(loss))
    return _(_template(losses)).format(**values)


def _written(loss: float) -> str:
    return numeral(loss) if math.isfinite(loss) else _("not finite")


def _template(losses: Losses) -> str:
    if math.isnan(losses.training):
        return UNTRAINED
    if losses.overfits:
        return OVERFITS
    if losses.made_worse:
        return WORSE
    return NOW.get(losses.now, PLAIN)


def said_against_chance(validation: Sample, constant: Sample) -> str:
    """That it is not below a constant answer's, where these examples do not show that it is."""
    if validation.better_than(constant) or not math.isfinite(validation.mean):
        return ""
    words = (
        _("The best constant answer's loss, {loss}, is lower.")
        if validation.worse_than(constant)
        else _("Not measurably below the best constant answer's, {loss}.")
    )
    return words.format(loss=numeral(constant.mean))
