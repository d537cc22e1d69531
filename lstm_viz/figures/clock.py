"""The clock of a training: the moments at which films can stand, and how they move through them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from lstm_viz.figures.film_view import Moment, Playback
from lstm_viz.measures.chance import BETTER
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.words import N_, _

PLACE = N_("epoch {epoch:.1f}, update {step}")
"""A frame's place in the training."""
UPDATE = N_("update {step}")
"""The same of a loop that was watched."""
RATE = 6.0
"""Frames a second at single speed."""


@dataclass(frozen=True)
class Playing:
    """How a film plays by itself; the fields are those of `Playback`."""

    autoplay: bool = True
    begin: int = 0
    halt: int | None = None
    replay: bool = False
    rate: float = RATE


BY_HAND = Playing(autoplay=False)
"""It plays when somebody lets it."""


def place_of(frame: Frame) -> str:
    """A frame's place in the training, in words."""
    if frame.restored:
        words = _("weights of epoch {epoch:.0f}, put back after update {step}")
        return words.format(epoch=frame.epoch, step=frame.step)
    if frame.watched:
        return _(UPDATE).format(step=frame.step)
    return _(PLACE).format(epoch=frame.epoch, step=frame.step)


def playback(
    runs: Sequence[Run],
    step: int | None,
    *,
    label: str = PLACE,
    playing: Playing = BY_HAND,
    until: int | None = None,
) -> Playback | None:
    """The clock of the frames that all runs have reached; None where there is one alone.

    It stands at the last one that is not after `step`, and follows the newest for None. What
    came after the step `until`, while the page was made, is left for the next time.
    """
    reached = common_step(runs) if until is None else until
    clock = {
        frame.step: moment_of(frame)
        for run in runs
        for frame in run.film.frames
        if frame.step <= reached
    }
    live = any(run.training for run in runs)
    if len(clock) < 2 and not live:
        return None
    return Playback(
        label=_(UPDATE if any(run.watched for run in runs) else label),
        labels={
            frame.step: place_of(frame)
            for run in runs
            for frame in run.film.frames
            if frame.restored
        },
        clock=[clock[each] for each in sorted(clock)],
        step=-1 if step is None else max((each for each in clock if each <= step), default=0),
        live=live,
        guessing=_guessing(runs),
        **asdict(playing),
    )


def _guessing(runs: Sequence[Run]) -> float | None:
    """The loss above which a run is guessing; None for several, and where there is none."""
    if len(runs) != 1 or runs[0].watched:
        return None
    loss = BETTER * runs[0].chance.loss
    return loss if math.isfinite(loss) and loss > 0 else None


def moment_of(frame: Frame) -> Moment:
    """A frame's place in the training."""
    if frame.watched:
        return frame.step, float(frame.step), None  # which are counted instead
    loss = frame.validation_loss
    return frame.step, frame.epoch, loss if math.isfinite(loss) else None


def common_step(runs: Sequence[Run]) -> int:
    """How far all runs have come that are still under way; the end of the longest if none is."""
    ends = [run.film.frames[-1].step for run in runs]
    under_way = [end for run, end in zip(runs, ends, strict=True) if run.state in ACTIVE]
    return min(under_way) if under_way else max(ends)
