"""The face of a series on the Forecast page: the verdict, one step ahead, further, residuals."""

from dataclasses import replace

import numpy as np
import streamlit as st

from lstm_viz.figures import forecasts
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.residuals import residual_histogram, residuals
from lstm_viz.figures.rolling import rolling
from lstm_viz.measures.anomalies import anomalies, said_threshold, threshold
from lstm_viz.measures.periods import season_length
from lstm_viz.measures.residuals import said_mean, said_pattern
from lstm_viz.measures.rolling import cut_points, means, said_rolling
from lstm_viz.measures.verdict import absolute_errors
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, examples
from lstm_viz.ui.entities import choose_entity
from lstm_viz.ui.forecast import future
from lstm_viz.ui.forecast.ahead import direct, free_running
from lstm_viz.ui.forecast.asking import choose_part, part_note, said_first
from lstm_viz.ui.forecast.judged import Judged, Numbers, Rows
from lstm_viz.ui.forecast.scoring import Forecasts
from lstm_viz.ui.forecast.worth import say_verdict
from lstm_viz.ui.say import look_for
from lstm_viz.ui.session import remembered
from lstm_viz.words import _


def evaluate_series(run: Run) -> None:
    """Draw everything about one target: what comes next, and what forecasts of it are worth."""
    judged, steps, why = _choose(run)
    future.draw(run, judged, steps, why)
    st.subheader(_("What the forecast is worth"), anchor=False)
    judged = replace(judged, part=choose_part(run))
    st.caption(part_note(run, judged.part))
    every = Forecasts.of_all(run, judged.entity)
    found = every[judged.part]
    say_verdict(run, judged, every)
    said_first(run, judged.part, len(found.origins), judged.entity)
    truth, prediction = (each[:, :, judged.target] for each in (found.truth, found.forecast))
    _one_step(judged, found.origins, truth[:, 0], prediction[:, 0])
    with st.columns([1, 2])[0]:
        examples.choose_another(run)
    examples.where(run)
    _rolling(judged, found)
    direct(judged, found.origins, truth, prediction)
    free_running(run, judged)
    _residuals(judged, found, every["validation"])


def _choose(run: Run) -> tuple[Judged, int, str]:
    """A target and its season; how many steps to forecast, and why not more."""
    entity, dataset = choose_entity(run.dataset)
    names = dataset.target_names
    row = st.container(key="forecast.choices").columns(3, vertical_alignment="bottom")
    with row[0]:
        steps, why = future.choose_steps(run)
    target = 0
    if len(names) > 1:
        target = row[2].selectbox(_("Target"), range(len(names)), format_func=lambda k: _(names[k]))
    values = dataset.known_targets[:, target]
    key = f"forecast.season.{run.id}.{entity}.{target}"
    if key not in st.session_state:  # a long series takes seconds
        st.session_state[key] = season_length(values[: dataset.split]) or 0
    season = row[1].number_input(
        _("Season"),
        0,
        len(values) // 2,
        key=key,
        persist_state="session",
        help=_("In rows, for the seasonal naive forecast; from the training set. 0: none."),
    )
    judged = Judged(dataset, "test", target, _(names[target]), values, season or None, entity)
    return judged, steps, why


def _one_step(judged: Judged, origins: Rows, truth: Numbers, prediction: Numbers) -> None:
    st.subheader(_("One step ahead"), anchor=False)
    last = judged.naive(origins, 1)[:, 0]
    components.chart(
        forecasts.one_step(origins, truth, prediction, last, judged.name, judged.timeline),
        key="forecast.one",
    )
    look_for(_("Each forecast reads the true values before it."))


def _rolling(judged: Judged, found: Forecasts) -> None:
    """On request: the same network from several cut points of the part on."""
    cuts = cut_points(len(found.origins))
    if not len(cuts) or not st.toggle(
        _("Rolling origins"),
        key=remembered("forecast.rolling", default=False),
        persist_state="session",
        help=_("Errors from several cut points of this set on."),
    ):
        return
    steps, truth = found.truth.shape[1], found.truth[:, :, judged.target]
    simple = judged.naive(found.origins, steps)
    seasonal = judged.seasonal(found.origins, steps)
    errors: dict[Signal, Numbers] = {
        "prediction": means(found.errors(judged.target).values, cuts),
        "naive": means(absolute_errors(truth, simple).values, cuts),
    }
    if seasonal is not None:
        errors["seasonal_naive"] = means(absolute_errors(truth, seasonal).values, cuts)
    chart = rolling(found.origins[cuts], errors, judged.name, judged.timeline)
    components.chart(chart, key="forecast.rolling.chart")
    look_for(said_rolling(errors["prediction"], errors["naive"]))


def _residuals(judged: Judged, found: Forecasts, validation: Forecasts) -> None:
    residual = found.residuals(judged.target)
    st.subheader(_("Residuals and anomalies, one step ahead"), anchor=False)
    if not np.isfinite(residual).any():
        st.info(_("No residual is a finite number."))
        return
    k = st.slider(
        _("Threshold"),
        2.0,
        8.0,
        step=0.5,
        key=remembered("forecast.threshold", 3.5),
        persist_state="session",
        help=_("In units of 1.4826 times the median absolute residual of the validation set."),
    )
    usual = validation.residuals(judged.target)
    limit = threshold(usual, k)
    flagged = anomalies(residual, limit)
    left, right = st.container(key="figures.residuals").columns([2, 1], gap="medium")
    with left:
        components.chart(
            residuals(found.origins, residual, limit, flagged, judged.name, judged.timeline),
            key="forecast.residuals",
        )
    with right:
        components.chart(residual_histogram(residual, judged.name), key="forecast.histogram")
    finite = residual[np.isfinite(residual)]
    said = [
        _("Forecast minus truth. Beyond the threshold: {count} of {all}.").format(
            count=len(flagged), all=len(residual)
        ),
        said_threshold(usual, limit) if judged.part != "validation" else "",
        said_mean(finite),
        said_pattern(finite, judged.season),
    ]
    look_for(" ".join(filter(None, said)))
