"""Where the rows of a series stand on an axis: at their own labels, or at their numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.following import following
from lstm_viz.numerals import numeral
from lstm_viz.words import _

if TYPE_CHECKING:
    import altair as alt  # which the first page, without a chart, does not wait for

Labels = npt.NDArray[Any]

MONTH, DAY = "%b %Y", "%b %d, %Y"
CALENDAR = {"quarter": MONTH, "month": MONTH, "week": DAY, "date": DAY}
"""How ticks at months and days are written; the usual way leaves out the year."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """The horizontal axis of a series of N rows."""

    index: Labels | None = None
    """(N,) numbers or datetime64, never decreasing; None counts the rows from 0."""
    title: str = ""
    """What the labels are, in the reader's language; empty for the usual words."""

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """That of a series or of what was cut from it."""
        return cls(dataset.index, _(dataset.index_name) if dataset.index is not None else "")

    @property
    def dated(self) -> bool:
        """Whether rows have dates."""
        return self.index is not None and bool(np.issubdtype(self.index.dtype, np.datetime64))

    def at(self, rows: npt.NDArray[np.integer]) -> Labels:
        """(n,) the labels of rows; beyond the last one they go on as the series' own do."""
        if self.index is None or len(self.index) < 2:
            return rows
        # nanoseconds end in 2262 and begin in 1677; a browser counts milliseconds
        labels = self.index.astype("datetime64[ms]") if self.dated else self.index
        beyond = int(np.max(rows, initial=0)) - len(labels) + 1
        if beyond > 0:
            ahead = following(self.index, len(labels), beyond)
            labels = np.concatenate([labels, ahead.astype(labels.dtype)])
        found: Labels = labels[np.maximum(rows, 0)]
        return found

    def ticks(
        self, rows: npt.NDArray[np.integer], most: int = 5
    ) -> tuple[npt.NDArray[np.float64], list[tuple[float, str]]]:
        """(n,) the places of rows on an axis of numbers, and where it is labelled how.

        >>> Timeline().ticks(np.arange(10, 20), most=3)[1]
        [(10.0, '10'), (14.0, '14'), (19.0, '19')]
        """
        labels = self.at(rows)
        at = np.unique(np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int))
        if not self.dated:
            places = labels.astype(np.float64)
            return places, [(float(places[k]), numeral(places[k], 6)) for k in at]
        seconds = labels.astype("datetime64[s]")
        span = (seconds[-1] - seconds[0]) / np.timedelta64(1, "D")
        unit = "h" if span < 4 else "D" if span < 4 * 365 else "M"
        places = seconds.astype(np.float64)
        named = [str(seconds[k].astype(f"datetime64[{unit}]")).replace("T", " ") for k in at]
        return places, [(float(places[k]), name) for k, name in zip(at, named, strict=True)]

    def before(self, row: int) -> Labels:
        """(1,) the place half way between a row and the one before it."""
        if self.index is None:
            return np.array([row - 0.5])
        left, right = self.at(np.array([max(row - 1, 0), row]))
        return np.array([left + (right - left) / 2])

    @property
    def axis(self) -> "TimeAxis":
        """What a chart's look needs to know of it."""
        usual = _("date") if self.dated else _("row of the series")
        return TimeAxis(self.title or usual, self.dated, self.index is None)


@dataclass(frozen=True)
class TimeAxis:
    """How a series' rows are written at an axis, without the rows themselves."""

    title: str
    dated: bool
    counted: bool
    """By row number."""

    def x(self, field: str, ticks: int = 8) -> "alt.X":
        """The x axis of a chart whose tables hold labels in `field`."""
        import altair as alt

        if self.dated:
            axis, scale = alt.Axis(tickCount=ticks, format=CALENDAR), alt.Scale(nice=False)
            return alt.X(field, type="temporal", title=self.title, axis=axis, scale=scale)
        # Years and the like are names of rows: no comma between their thousands.
        whole = {"tickMinStep": 1, "format": ",d"}  # also of a single row
        counts: dict[str, Any] = whole if self.counted else {"format": "~f"}
        axis, scale = alt.Axis(tickCount=ticks, **counts), alt.Scale(nice=False, zero=False)
        return alt.X(field, type="quantitative", title=self.title, axis=axis, scale=scale)

    def tip(self, field: str) -> "alt.Tooltip":
        """The same in a tooltip."""
        import altair as alt

        if self.dated:
            return alt.Tooltip(field, type="temporal", title=self.title)
        plain: dict[str, Any] = {} if self.counted else {"format": "~f"}
        return alt.Tooltip(field, type="quantitative", title=self.title, **plain)


ROWS = Timeline()
"""Rows without labels."""
