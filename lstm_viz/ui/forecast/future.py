"""The next steps after the last row: the first figure of a series on the Forecast page."""

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import Dataset, Part, evenly
from lstm_viz.data.following import distance_of
from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.cost import forecasts_within
from lstm_viz.experiments.fitting import can_run_free
from lstm_viz.figures import forecasts
from lstm_viz.measures.bands import MEANT, half_widths, inside, said_band
from lstm_viz.measures.future import Future, said_dates, said_finite, said_how
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.forecast.asking import ask
from lstm_viz.ui.forecast.judged import MOST_STEPS, Judged, Numbers, Rows
from lstm_viz.ui.say import look_for
from lstm_viz.ui.session import remembered
from lstm_viz.words import _, ngettext

USUAL_STEPS = 12
"""Steps of a network that forecasts fewer at once, where it can run on."""
SECONDS, FEWEST_STARTS, MOST_STARTS = 0.3, 20, 200
"""The forecasts that a band is made of: as many as take about so long, in each of two parts."""
HISTORY, MOST_HISTORY, LEAST_HISTORY = 3, 5, 24
"""Rows before the forecast: so many for each step, for a whole season, and at least."""


def choose_steps(run: Run) -> tuple[int, str]:
    """How many steps to forecast, and why not more where that is so."""
    horizon = run.dataset.horizon
    try:
        can_run_free(run.dataset, run.settings.network.bidirectional)
    except LstmVizError as reason:
        most, why = horizon, str(reason)
    else:
        most, why = MOST_STEPS, ""
    if most == 1:
        return 1, why
    steps = st.number_input(
        _("Steps ahead"),
        1,
        most,
        key=remembered(f"forecast.future.{run.id}", min(most, max(horizon, USUAL_STEPS))),
        help=why or _("After step {steps} it reads its own forecasts.").format(steps=horizon),
    )
    return steps, why


def draw(run: Run, judged: Judged, steps: int, why: str) -> None:
    """Figure, table to take home, and what both are worth."""
    dataset = judged.dataset
    origins, starts, tested = _origins(run, dataset, steps)
    asked = np.concatenate([origins, starts, tested])
    answers = ask(run, "free_run", origins=asked.tolist(), steps=steps, entity=judged.entity)
    every = judged.of_target(answers, asked)
    forecast, calibration, test = np.split(every, [1, 1 + len(starts)])
    widths = half_widths(_truth(judged, "validation", starts, steps), calibration)
    covered = inside(_truth(judged, "test", tested, steps), test, widths)
    seasonal = judged.seasonal(origins, steps)
    found = Future(
        judged.timeline.at(len(judged.values) + np.arange(steps)),
        forecast[0],
        np.where(np.isfinite(widths), widths, np.nan),
        judged.naive(origins, steps)[0],
        None if seasonal is None else seasonal[0],
    )
    _head(found, steps)
    said = [said_finite(found.forecast)]
    if np.isfinite(found.forecast).any():
        _figure(judged, found)
        said += [said_how(steps, dataset.horizon, dataset.window)]
        said += [said_band(widths, len(starts), covered)]
        said += [said_dates(distance_of(judged.timeline.index))]
    look_for(" ".join(filter(None, [*said, why if steps == dataset.horizon else ""])))


def _origins(run: Run, dataset: Dataset, steps: int) -> tuple[Rows, Rows, Rows]:
    """Where forecasts begin: behind the last row, and in the validation and the test part."""
    most = forecasts_within(run.settings, dataset, steps, SECONDS) // 2
    most = min(max(most, FEWEST_STARTS), MOST_STARTS)
    return (
        np.array([len(dataset.values)]),
        _spread(dataset, "validation", most),
        _spread(dataset, "test", most),
    )


def _spread(dataset: Dataset, part: Part, most: int) -> Rows:
    rows = dataset.rows(part)
    count = rows.stop - rows.start
    return rows.start + evenly(count, most) if count else np.zeros(0, np.int64)


def _truth(judged: Judged, part: Part, origins: Rows, steps: int) -> Numbers:
    """(n, steps) the values from each origin on, as far as the part goes; NaN beyond."""
    rows = origins[:, None] + np.arange(steps)
    inside_ = rows < judged.dataset.rows(part).stop
    known = judged.values[np.minimum(rows, len(judged.values) - 1)]
    return np.where(inside_, known, np.nan)


def _head(found: Future, steps: int) -> None:
    row = st.container(horizontal=True, vertical_alignment="center")
    words = ngettext("The next step", "The next {count} steps", steps)
    row.subheader(words.format(count=steps), anchor=False, width="stretch")
    if np.isfinite(found.forecast).any():
        row.download_button(
            _("Table as CSV"),
            data=lambda: found.csv,
            file_name="forecast.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            key="forecast.csv",
            width="content",
        )


def _figure(judged: Judged, found: Future) -> None:
    rows, steps = len(judged.values), len(found.forecast)
    season = judged.season or 0
    shown = max(LEAST_HISTORY, HISTORY * steps, season if season <= MOST_HISTORY * steps else 0)
    known = np.arange(max(0, rows - shown), rows)
    band = _("{share:.0%} band").format(share=MEANT) if np.isfinite(found.widths).any() else ""
    components.chart(
        forecasts.future(
            known,
            judged.values[known],
            rows + np.arange(steps),
            found.table,
            band,
            judged.name,
            judged.timeline,
        ),
        key="forecast.future",
    )
