"""The face of a series on the Forecast page: the verdict, one step ahead, further, residuals."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from lstm_viz.figures import forecasts
from lstm_viz.figures.residuals import residual_histogram, residuals
from lstm_viz.measures.anomalies import anomalies, threshold
from lstm_viz.measures.periods import season_length
from lstm_viz.measures.residuals import said_bias, said_lag, said_pattern, said_random_walk
from lstm_viz.measures.scores import mase_scale, scores
from lstm_viz.measures.verdict import absolute_errors, said_outside, verdict
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.forecast import future
from lstm_viz.ui.forecast.ahead import direct, free_running
from lstm_viz.ui.forecast.asking import choose_part, part_note, predictions, said_first
from lstm_viz.ui.forecast.judged import Judged, Numbers, Rows
from lstm_viz.ui.say import look_for, plain
from lstm_viz.ui.session import remembered
from lstm_viz.words import _, ngettext


def evaluate_series(run: Run) -> None:
    """Draw everything about one target: what comes next, and what forecasts of it are worth."""
    judged, steps, why = _choose(run)
    future.draw(run, judged, steps, why)
    st.subheader(_("What the forecast is worth"), anchor=False)
    judged = replace(judged, part=choose_part(run))
    st.caption(part_note(run, judged.part))
    answers = predictions(run, judged.part)[1]
    origins = run.dataset.origins(judged.part)[: len(answers)]
    truth, prediction = (
        judged.truth(origins, run.dataset.horizon),
        judged.of_target(answers, origins),
    )
    _scores(judged, origins, truth, prediction)
    said_first(run, judged.part, len(truth))
    _one_step(judged, origins, truth[:, 0], prediction[:, 0])
    direct(judged, origins, truth, prediction)
    free_running(run, judged)
    _residuals(judged, origins, prediction[:, 0] - truth[:, 0])


def _choose(run: Run) -> tuple[Judged, int, str]:
    """A target and its season; how many steps to forecast, and why not more."""
    dataset, names = run.dataset, run.dataset.target_names
    row = st.container(key="forecast.choices").columns(3, vertical_alignment="bottom")
    with row[0]:
        steps, why = future.choose_steps(run)
    target = 0
    if len(names) > 1:
        target = row[2].selectbox(_("Target"), range(len(names)), format_func=lambda k: _(names[k]))
    values = dataset.known_targets[:, target]
    key = f"forecast.season.{run.id}.{target}"
    if key not in st.session_state:  # a long series takes seconds
        st.session_state[key] = season_length(values[: dataset.split]) or 0
    season = row[1].number_input(
        _("Season"),
        0,
        len(values) // 2,
        key=key,
        persist_state="session",
        help=_(
            "Season length in rows for the seasonal naive forecast, estimated on the training set. "
            "0: none."
        ),
    )
    judged = Judged(dataset, "test", target, _(names[target]), values, season or None)
    return judged, steps, why


def _scores(judged: Judged, origins: Rows, truth: Numbers, prediction: Numbers) -> None:
    steps = truth.shape[1]
    simple = judged.naive(origins, steps)
    seasonal = judged.seasonal(origins, steps)
    found = verdict(
        judged.part,
        absolute_errors(truth, prediction),
        absolute_errors(truth, simple),
        None if seasonal is None else absolute_errors(truth, seasonal),
    )
    good = found.better and judged.part != "training"
    rows = judged.dataset.rows(judged.part)
    said = [found.said, said_outside(judged.part, judged.values[rows], judged.training)]
    if not found.better:
        said.append(said_random_walk(judged.training))
    show = st.success if good else st.info
    show(" ".join(filter(None, said)), icon=":material/check:" if good else ":material/scale:")
    named = {_("the network"): prediction, _("naive (last value)"): simple}
    if seasonal is not None:
        named[_("seasonal naive")] = seasonal
    _table(judged, truth, named)


def _table(judged: Judged, truth: Numbers, named: Mapping[str, Numbers]) -> None:
    steps = truth.shape[1]
    scale = mase_scale(judged.training, steps)
    each = {name: scores(truth, forecast, scale) for name, forecast in named.items()}
    st.dataframe(
        pd.DataFrame(
            [
                {_("forecast"): name, "MAE": one.mae, "RMSE": one.rmse, "MASE": one.mase}
                for name, one in each.items()
            ]
        ),
        hide_index=True,
        key="forecast.scores",
        column_config={
            name: st.column_config.NumberColumn(format="%.4g") for name in ("MAE", "RMSE", "MASE")
        },
    )
    look_for(
        ngettext(
            "MAE and RMSE of forecasts {count} step ahead, in the unit of {name}. MASE: MAE "
            "divided by that of the naive forecast on the training set.",
            "MAE and RMSE over {count} steps ahead, in the unit of {name}. MASE: MAE divided by "
            "that of the naive forecast of as many steps on the training set.",
            steps,
        ).format(count=steps, name=plain(judged.name))
    )


def _one_step(judged: Judged, origins: Rows, truth: Numbers, prediction: Numbers) -> None:
    st.subheader(_("One step ahead"), anchor=False)
    last = judged.naive(origins, 1)[:, 0]
    components.chart(
        forecasts.one_step(origins, truth, prediction, last, judged.name, judged.timeline),
        key="forecast.one",
    )
    said = said_lag(truth, prediction, last) if np.isfinite(prediction).all() else ""
    knows = _("Each forecast knows all true values before it.")
    look_for(f"{knows} {said}".rstrip())


def _residuals(judged: Judged, rows: Rows, residual: Numbers) -> None:
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
        help=_("In robust standard deviations: 1.4826 times the median absolute residual."),
    )
    limit = threshold(residual, k)
    flagged = anomalies(residual, limit)
    left, right = st.container(key="figures.residuals").columns([2, 1], gap="medium")
    with left:
        components.chart(
            residuals(rows, residual, limit, flagged, judged.name, judged.timeline),
            key="forecast.residuals",
        )
    with right:
        components.chart(residual_histogram(residual, judged.name), key="forecast.histogram")
    beyond = _("Residual: forecast minus true value. Beyond the threshold: {count} of {all}.")
    finite = residual[np.isfinite(residual)]
    said = [
        beyond.format(count=len(flagged), all=len(residual)),
        said_bias(finite),
        said_pattern(finite, judged.season),
    ]
    look_for(" ".join(filter(None, said)))
