"""Forecasts of several steps: all at once, as the network was trained to, and fed back."""

import numpy as np
import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.fitting import can_run_free
from lstm_viz.figures import forecasts
from lstm_viz.figures.fan import fan
from lstm_viz.measures.scores import per_horizon
from lstm_viz.measures.verdict import better_at, said_better_at
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.forecast.asking import ask
from lstm_viz.ui.forecast.judged import MOST_STEPS, Judged, Numbers, Rows
from lstm_viz.ui.say import look_for, say_error
from lstm_viz.ui.session import remembered
from lstm_viz.words import _, ngettext

FAN = 12
"""Forecasts of a fan, half of their length and two rows apart at least."""
ORIGINS = 30
"""Starts of free-running forecasts over which the error per step ahead is averaged."""
HISTORY = 2
"""Windows that are drawn before a forecast."""


def direct(judged: Judged, origins: Rows, truth: Numbers, prediction: Numbers) -> None:
    """The forecasts (n, P) that the network was trained to give at once; of one step, nothing."""
    steps = truth.shape[1]
    if steps < 2 or not len(origins):
        return
    st.subheader(_("Direct forecast, {steps} steps ahead").format(steps=steps), anchor=False)
    apart = max(steps // 2, 2)
    first = int(origins[0])
    last = max(int(origins[-1]) - apart * (FAN - 1), first)
    begin = first
    if last > first:
        begin = st.slider(
            _("First row of the direct forecast"),
            first,
            last,
            key=remembered(f"forecast.direct.{judged.part}.{first}.{last}", first),
            help=_("The first forecast begins there."),
        )
    places = np.arange(begin - first, len(origins), apart)[:FAN]
    drawn = np.arange(begin - steps, min(int(origins[places[-1]]) + steps, len(judged.values)))
    drawn = drawn[drawn >= 0]
    components.chart(
        fan(
            drawn,
            judged.values[drawn],
            origins[places],
            prediction[places],
            judged.name,
            judged.timeline,
        ),
        key="forecast.direct",
    )
    look_for(
        ngettext(
            "{count} forecast of {steps} steps at once.",
            "{count} forecasts of {steps} steps at once, {rows} rows apart.",
            len(places),
        ).format(count=len(places), steps=steps, rows=apart)
    )
    _per_step(judged, origins, truth, prediction, key="forecast.steps")


def free_running(run: Run, judged: Judged) -> None:
    """Forecasts in which each becomes the next input; nothing where none can."""
    dataset = judged.dataset
    try:
        can_run_free(dataset, run.settings.network.bidirectional)
    except LstmVizError:
        return  # the first figure has said why
    st.subheader(_("Free-running forecast"), anchor=False)
    rows = dataset.rows(judged.part)
    first = max(rows.start, dataset.window)
    last = max(first, rows.stop - 1)
    left, right = st.columns(2)
    origin = left.slider(
        _("First row of the free-running forecast"),
        first,
        last if last > first else first + 1,
        key=remembered(f"forecast.origin.{run.id}.{judged.entity}.{judged.part}", first),
        help=_("Everything before it is known."),
    )
    steps = right.slider(
        _("Steps of the free-running forecast"),
        1,
        MOST_STEPS,
        key=remembered("forecast.horizon", 50),
        persist_state="session",
        help=_("Independent of the trained horizon."),
    )
    try:
        answer = ask(run, "free_run", origins=[origin], steps=steps, entity=judged.entity)
    except LstmVizError as error:
        say_error(error)
        return
    forecast = judged.of_target(answer, np.array([origin]))[0]
    _from_origin(judged, origin, forecast, key="forecast.free")
    look_for(_("Right of the line its own forecasts stand for the true values."))
    _free_per_step(run, judged, steps)


def _from_origin(judged: Judged, origin: int, forecast: Numbers, key: str) -> None:
    known = np.arange(max(0, origin - HISTORY * judged.dataset.window), origin)
    ahead = np.arange(origin, origin + len(forecast))
    inside = ahead[ahead < len(judged.values)]
    components.chart(
        forecasts.from_origin(
            known,
            judged.values[known],
            ahead,
            judged.values[inside],
            forecast,
            judged.name,
            judged.timeline,
        ),
        key=key,
    )


def _free_per_step(run: Run, judged: Judged, wanted: int) -> None:
    rows = judged.dataset.rows(judged.part)
    first = max(rows.start, judged.dataset.window)
    steps = min(wanted, (rows.stop - first + 1) // 2)  # so that there are several starts
    if steps < 2:
        return
    starts = np.arange(first, rows.stop - steps + 1)
    places = np.unique(np.linspace(0, len(starts) - 1, ORIGINS).astype(int))
    origins = starts[places]
    answers = ask(run, "free_run", origins=origins.tolist(), steps=steps, entity=judged.entity)
    free = judged.of_target(answers, origins)
    truth = judged.truth(origins, steps)
    _per_step(judged, origins, truth, free, key="forecast.horizons")


def _per_step(judged: Judged, origins: Rows, truth: Numbers, forecast: Numbers, key: str) -> None:
    """The mean absolute error at each step ahead, beside that of the simple forecasts."""
    steps = truth.shape[1]
    simple, seasonal = judged.naive(origins, steps), judged.seasonal(origins, steps)
    components.chart(
        forecasts.per_horizon(
            per_horizon(truth, forecast),
            per_horizon(truth, simple),
            None if seasonal is None else per_horizon(truth, seasonal),
            judged.name,
        ),
        key=key,
    )
    over = _("Forecasts: {count}.").format(count=len(origins))
    better = better_at(truth, forecast, simple)
    look_for(f"{over} {said_better_at(better, steps)}")
