"""The face of a series on the Forecast page: one step ahead, running free, residuals, scores."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from lstm_viz.data.dataset import Dataset, Part
from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.fitting import can_run_free
from lstm_viz.figures import forecasts
from lstm_viz.figures.residuals import residual_histogram, residuals
from lstm_viz.figures.timeline import Timeline
from lstm_viz.measures.anomalies import anomalies, threshold
from lstm_viz.measures.baselines import naive, seasonal_naive
from lstm_viz.measures.periods import season_length
from lstm_viz.measures.scores import Scores, mase_scale, per_horizon, scores
from lstm_viz.measures.verdict import verdict
from lstm_viz.runs.registry import Run
from lstm_viz.ui import components
from lstm_viz.ui.evaluate.asking import ask, choose_part, predictions
from lstm_viz.ui.say import look_for, plain, say_error
from lstm_viz.ui.session import remembered
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]
MAX_HORIZON = 200
ORIGINS = 30
"""Starts of free-running forecasts over which the error per horizon is averaged."""
HISTORY = 2
"""Windows that are drawn before a free-running forecast."""


@dataclass(frozen=True)
class Judged:
    """One target of a series, in raw units, and what is forecast of it on a part."""

    dataset: Dataset
    part: Part
    target: int
    name: str
    values: Numbers
    """(N,) the whole series."""
    season: int | None

    @property
    def training(self) -> Numbers:
        return self.values[: self.dataset.split]

    @property
    def timeline(self) -> Timeline:
        return Timeline.of(self.dataset)


def evaluate_series(run: Run) -> None:
    """Draw everything about one target on one part."""
    part = choose_part(run)
    judged = _judged(run, part)
    truth, prediction = predictions(run, part)
    truth = run.dataset.in_raw_units(truth)[:, :, judged.target]
    prediction = run.dataset.in_raw_units(prediction)[:, :, judged.target]
    origins = run.dataset.origins(part)[: len(truth)]
    _scores(judged, origins, truth, prediction)
    _one_step(judged, origins, truth[:, 0], prediction[:, 0])
    _free_running(run, judged)
    _residuals(judged, origins, prediction[:, 0] - truth[:, 0])


def _judged(run: Run, part: Part) -> Judged:
    dataset = run.dataset
    names = dataset.target_names
    left, right = st.columns([2, 1])
    target = 0
    if len(names) > 1:
        target = left.selectbox(
            _("Target"), range(len(names)), format_func=lambda k: plain(_(names[k]))
        )
    values = dataset.scaler.invert(dataset.values[:, : len(names)].astype(np.float64))[:, target]
    key = f"forecast.season.{run.id}.{target}"
    if key not in st.session_state:  # a long series takes seconds
        st.session_state[key] = season_length(values[: dataset.split]) or 0
    season = right.number_input(
        _("Season"),
        0,
        len(values) // 2,
        key=key,
        persist_state="session",
        help=_(
            "Rows after which the series repeats, for the seasonal-naive forecast. Found from the "
            "training part; 0 for none."
        ),
    )
    return Judged(dataset, part, target, _(names[target]), values, season or None)


def _baselines(judged: Judged, origins: npt.NDArray[np.int64], horizon: int) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {"naive": naive(judged.values, origins, horizon)}
    if judged.season and judged.season > 1:
        found["seasonal"] = seasonal_naive(judged.values, origins, horizon, judged.season)
    return found


def _scores(
    judged: Judged, origins: npt.NDArray[np.int64], truth: Numbers, prediction: Numbers
) -> None:
    scale = mase_scale(judged.training)
    baselines = _baselines(judged, origins, truth.shape[1])
    names = {"naive": _("repeat the last value"), "seasonal": _("repeat the last season")}
    model = scores(truth, prediction, scale)
    others: dict[str, Scores] = {
        name: scores(truth, forecast, scale) for name, forecast in baselines.items()
    }
    sentence = verdict(model, others["naive"], others.get("seasonal"))
    beats = all(model.mae < other.mae for other in others.values())
    show = st.success if beats else st.warning
    show(str(sentence), icon=":material/check:" if beats else ":material/thumb_down:")
    rows = [(_("the network"), model), *((names[key], each) for key, each in others.items())]
    st.dataframe(
        pd.DataFrame(
            [
                {_("forecast"): name, "MAE": each.mae, "RMSE": each.rmse, "MASE": each.mase}
                for name, each in rows
            ]
        ),
        hide_index=True,
        key="forecast.scores",
        column_config={
            name: st.column_config.NumberColumn(format="%.4g") for name in ("MAE", "RMSE", "MASE")
        },
    )
    look_for(
        _(
            "MAE and RMSE are in the unit of {name}. A MASE below 1 is better than repeating the "
            "last value was on the training part."
        ).format(name=plain(judged.name))
    )


def _one_step(
    judged: Judged, origins: npt.NDArray[np.int64], truth: Numbers, prediction: Numbers
) -> None:
    st.subheader(_("One step ahead"), anchor=False)
    last = naive(judged.values, origins, 1)[:, 0]
    components.chart(
        forecasts.one_step(origins, truth, prediction, last, judged.name, judged.timeline),
        key="forecast.one",
    )
    look_for(
        _(
            "Every forecast reads true values up to the step before. Does the network foresee the "
            "turns, or does it follow one step late, as repeating the last value does?"
        )
    )


def _free_running(run: Run, judged: Judged) -> None:
    st.subheader(_("Running free"), anchor=False)
    dataset = run.dataset
    try:
        can_run_free(dataset, run.settings.network.bidirectional)
    except LstmVizError as reason:
        st.info(str(reason), icon=":material/block:")
        return
    rows = dataset.rows(judged.part)
    first = max(rows.start, dataset.window)
    last = max(first, rows.stop - 1)
    left, right = st.columns(2)
    origin = left.slider(
        _("From row"),
        first,
        last if last > first else first + 1,
        key=remembered(f"forecast.origin.{run.id}.{judged.part}", first),
        help=_("The first row that is forecast; everything before it is known."),
    )
    horizon = right.slider(
        _("Horizon"),
        1,
        MAX_HORIZON,
        key=remembered("forecast.horizon", 50),
        persist_state="session",
        help=_("How many steps ahead, each forecast fed back as an input."),
    )
    try:
        forecast = _raw(judged, ask(run, "free_run", origins=[origin], steps=horizon))[0]
    except LstmVizError as error:
        say_error(error)
        return
    known = np.arange(max(0, origin - HISTORY * dataset.window), origin)
    ahead = np.arange(origin, origin + horizon)
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
        key="forecast.free",
    )
    look_for(
        _("From the line on, the network hears nothing but itself. How long does it keep the tune?")
    )
    _per_horizon(run, judged, horizon)


def _raw(judged: Judged, scaled: Numbers) -> Numbers:
    """(n, steps) of the judged target."""
    raw: Numbers = judged.dataset.scaler.invert(scaled.astype(np.float64))[:, :, judged.target]
    return raw


def _per_horizon(run: Run, judged: Judged, horizon: int) -> None:
    rows = judged.dataset.rows(judged.part)
    first = max(rows.start, judged.dataset.window)
    steps = min(horizon, (rows.stop - first + 1) // 2)  # so that there are several starts
    if steps < 2:
        return
    starts = np.arange(first, rows.stop - steps + 1)
    origins = starts[np.unique(np.linspace(0, len(starts) - 1, ORIGINS).astype(int))]
    free = _raw(judged, ask(run, "free_run", origins=origins.tolist(), steps=steps))
    truth = judged.values[origins[:, None] + np.arange(steps)]
    baselines = _baselines(judged, origins, steps)
    seasonal = baselines.get("seasonal")
    components.chart(
        forecasts.per_horizon(
            per_horizon(truth, free),
            per_horizon(truth, baselines["naive"]),
            None if seasonal is None else per_horizon(truth, seasonal),
            judged.name,
        ),
        key="forecast.horizons",
    )
    look_for(
        _(
            "The mean error at each step ahead, over {count} starts in this part. Where the lines "
            "cross, the network is no better than the simple rule."
        ).format(count=len(origins))
    )


def _residuals(judged: Judged, rows: npt.NDArray[np.int64], residual: Numbers) -> None:
    st.subheader(_("Residuals and anomalies"), anchor=False)
    k = st.slider(
        _("Threshold"),
        2.0,
        8.0,
        step=0.5,
        key=remembered("forecast.threshold", 3.5),
        persist_state="session",
        help=_("In robust deviations of the residuals (1.4826 times their median distance)."),
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
    look_for(
        _(
            "Forecast minus truth, {count} of {all} beyond the threshold. Residuals without a "
            "pattern are what is left when everything has been learned."
        ).format(count=len(flagged), all=len(residual))
    )
