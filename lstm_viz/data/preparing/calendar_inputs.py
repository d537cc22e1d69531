"""Calendar inputs: where in the day, the week or the year a row stands, as a point on a circle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from lstm_viz.data.preparing.lag import unused
from lstm_viz.data.preparing.step import Given, Labels, Step, usual_seconds
from lstm_viz.errors import DataError
from lstm_viz.limits import Choice, limited
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["hour", "weekday", "month"]
DIGITS = 12
"""What differs by less is no difference: the cosine of a quarter of a circle is 6e-17."""

_PLACES: Mapping[Unit, tuple[Callable[[Any], Any], int]] = {
    "hour": (lambda dates: dates.hour + dates.minute / 60, 24),
    "weekday": (lambda dates: dates.day_of_week, 7),
    "month": (lambda dates: dates.month - 1, 12),
}
_NAMES: Mapping[Unit, tuple[str, str]] = {
    "hour": (N_("sine of the hour"), N_("cosine of the hour")),
    "weekday": (N_("sine of the weekday"), N_("cosine of the weekday")),
    "month": (N_("sine of the month"), N_("cosine of the month")),
}


@dataclass(frozen=True)
class Calendar(Step):
    """sin(2πk/n) and cos(2πk/n) of a row's hour (n = 24), weekday (7) or month (12), from k = 0."""

    name = "calendar"
    label = N_("Calendar input")
    help = N_("Hour, weekday or month as a sine and a cosine. It rules out running free.")
    dated = True

    unit: Unit = limited(Choice("hour", get_args(Unit)))

    @classmethod
    def for_rows(cls, index: Labels | None) -> Step:
        """The shortest unit of which the rows see more than one."""
        days = usual_seconds(index) / 86_400
        return cls("hour" if days < 1 else "weekday" if days < 7 else "month")

    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        place, count = _PLACES[self.unit]
        angle = 2 * np.pi * np.asarray(place(given.frame.index), np.float64) / count
        made, names = given.frame.copy(), []
        circle = np.round((np.sin(angle), np.cos(angle)), DIGITS)
        for name, values in zip(_NAMES[self.unit], circle, strict=True):
            if np.ptp(values[: given.training]):  # a constant says nothing, and cannot be scaled
                names.append(unused(name, made))
                made[names[-1]] = values
        if not names:
            raise DataError(
                N_(
                    "All rows of the training part have the same {unit}: there is nothing to "
                    "learn from it. Choose another calendar input, or leave it out."
                ),
                unit=Sentence(UNITS[self.unit]),
            )
        return made, Sentence(N_("Inputs made: {names}."), {"names": ", ".join(names)})


UNITS: Mapping[Unit, str] = {"hour": N_("hour"), "weekday": N_("weekday"), "month": N_("month")}
