"""What comes after the last row: the forecast, its band, and the forecasts that anyone can make."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.following import Distance
from lstm_viz.data.reading.moments.order import span
from lstm_viz.measures.spelling import percent
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Future:
    """(P,) each, one for a step ahead, in the unit of the series; NaN where there is none."""

    labels: npt.NDArray[np.generic]
    """Where the steps stand: dates, numbers, or numbers of rows."""
    forecast: Numbers
    widths: Numbers
    """Half widths of the band."""
    naive: Numbers
    seasonal: Numbers | None = None

    @property
    def lower(self) -> Numbers:
        return self.forecast - self.widths

    @property
    def upper(self) -> Numbers:
        return self.forecast + self.widths

    @property
    def table(self) -> pd.DataFrame:
        """A row a step: time, forecast, lower, upper, naive and, with a season, seasonal naive."""
        labels = self.labels
        if labels.dtype.kind == "f" and np.all(labels == np.floor(labels)):
            labels = labels.astype(np.int64)  # years are whole
        columns = {
            "time": labels,
            "forecast": self.forecast,
            "lower": self.lower,
            "upper": self.upper,
            "naive": self.naive,
        }
        if self.seasonal is not None:
            columns["seasonal naive"] = self.seasonal
        table = pd.DataFrame(columns)
        return table.replace([np.inf, -np.inf], np.nan)

    @property
    def csv(self) -> str:
        """The same as a file: all digits, times as pandas writes them, nothing where none is."""
        return self.table.to_csv(index=False, lineterminator="\n")


def said_how(steps: int, horizon: int, window: int) -> str:
    """How so many steps come about in a network that forecasts `horizon` at once."""
    rows = ngettext(
        "Forecast from the last row.", "Forecast from the last {window} rows.", window
    ).format(window=window)
    if steps > horizon:
        words = _(
            "Steps at once: {count}; from step {next} on free running, from its own forecasts."
        )
    elif steps > 1:
        words = _("Steps at once: {count}.")
    else:
        return rows
    return f"{rows} {words.format(count=min(steps, horizon), next=horizon + 1)}"


def said_dates(found: Distance | None) -> str:
    """What the dates beyond the last row are worth; nothing where they go on in a known pattern."""
    if found is None:
        return ""
    return _(
        "Dates beyond the last row: {distance} apart, as {share} of the last rows are."
    ).format(distance=span(found.usual), share=percent(found.share))


def said_finite(forecast: Numbers) -> str:
    """From where on (P,) forecasts are no numbers; nothing where all are."""
    finite = np.isfinite(forecast)
    if finite.all():
        return ""
    return _("From step {step} on the forecast is not finite.").format(
        step=int(np.argmin(finite)) + 1
    )
