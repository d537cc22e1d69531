"""All steps by name, and how a link spells them."""

from collections.abc import Mapping, Sequence

from lstm_viz.data.parameters import find
from lstm_viz.data.preparing.calendar_inputs import Calendar
from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.lag import Lag
from lstm_viz.data.preparing.resampling import Resample
from lstm_viz.data.preparing.span import Span
from lstm_viz.data.preparing.step import Step
from lstm_viz.errors import ConfigError
from lstm_viz.limits import check_kind
from lstm_viz.words import N_

STEPS: Mapping[str, type[Step]] = {
    step.name: step for step in (Span, Resample, Clip, Difference, Calendar, Lag)
}
MOST_STEPS = 12

Steps = tuple[Step, ...]


def read_step(text: str) -> Step:
    """The step that a link spells. Raises ConfigError with what would be right.

    >>> read_step("diff,log,12")
    Difference(kind='log', lag=12, among='targets')
    """
    name, *values = text.split(",")
    known = N_("There is no step '{name}' of preparing. Choose one of: {known}.")
    return find(STEPS, name, known).read(values)


def ordered(steps: Sequence[Step]) -> Steps:
    """The steps in the order in which they are taken: those on rows before all others.

    Raises ConfigError for what is no step, and for too many of them.
    """
    if not isinstance(steps, list | tuple):
        check_kind(steps, tuple, "preparation")
    for each in steps:
        check_kind(each, Step, "preparation")
    if len(steps) > MOST_STEPS:
        raise ConfigError(
            N_("A preparation has at most {most} steps, got {got}."),
            most=MOST_STEPS,
            got=len(steps),
        )
    return tuple(sorted(steps, key=lambda step: not step.on_rows))
