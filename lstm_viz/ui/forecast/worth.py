"""What forecasts of a series are worth: the verdict, what is the matter, and scores of all sets."""

from collections.abc import Iterator, Mapping

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import Dataset, Part
from lstm_viz.measures.learned import Errors, said_beaten, said_memorised
from lstm_viz.measures.residuals import said_bias, said_lag
from lstm_viz.measures.scores import said_spread
from lstm_viz.measures.unpredictable import said_random_walk, said_white_noise
from lstm_viz.measures.verdict import (
    absolute_errors,
    said_constant,
    said_outside,
    verdict,
)
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui.forecast.asking import PART_NAMES
from lstm_viz.ui.forecast.judged import Judged, Numbers
from lstm_viz.ui.forecast.scoring import Forecasts, Row, named_column, said_scores, score, table
from lstm_viz.ui.say import look_for
from lstm_viz.ui.service import trainer
from lstm_viz.words import _


def say_verdict(run: Run, judged: Judged, every: Mapping[Part, Forecasts]) -> None:
    """Against the naive forecasts, and what is the matter, each with its number."""
    found, k = every[judged.part], judged.target
    steps = found.truth.shape[1]
    simple = judged.naive(found.origins, steps)
    seasonal = judged.seasonal(found.origins, steps)
    truth = found.truth[:, :, k]
    judgement = verdict(
        judged.part,
        found.errors(k),
        absolute_errors(truth, simple),
        None if seasonal is None else absolute_errors(truth, seasonal),
    )
    good = judgement.better and judged.part != "training"
    constant = said_constant(judged.part, truth)
    if constant:
        st.warning(constant, icon=":material/sensors_off:")
    else:
        matters = "".join(f"\n- {each}" for each in _matters(run, judged, every) if each)
        training = judged.training, judged.name
        walk = "" if judgement.better else said_random_walk(*training)
        walk = walk or said_white_noise(*training)
        show = st.success if good else st.info
        show(
            " ".join(filter(None, [judgement.said, walk])) + matters,
            icon=":material/check:" if good else ":material/scale:",
        )
    named = {_("the network"): found.forecast[:, :, k], _("naive (last value)"): simple}
    if seasonal is not None:
        named[_("seasonal naive")] = seasonal
    left, right = st.columns(2)
    with left:
        _against_naive(judged, truth, named)
    with right:
        _of_all_sets(judged.dataset, every)
    look_for(said_scores(steps))


def _matters(run: Run, judged: Judged, every: Mapping[Part, Forecasts]) -> Iterator[str]:
    """What is the matter with the forecasts of a part; empty where it is not."""
    found = every[judged.part]
    k, rows = judged.target, judged.dataset.rows(judged.part)
    truth, forecast = found.truth[:, 0, k], found.forecast[:, 0, k]
    if np.isfinite(forecast).all():
        yield said_lag(judged.values, found.origins, forecast)
        yield said_spread(truth, forecast)
        yield said_bias(forecast - truth)
    training, differ = judged.read[: judged.dataset.split], bool(judged.dataset.differences)
    yield said_outside(judged.part, judged.read[rows], training, differences=differ)
    if judged.part != "validation":
        yield said_constant("validation", every["validation"].truth[:, :, k])
    yield said_memorised(*(_errors(judged, every[part]) for part in ("training", "validation")))
    yield _beaten(run, judged, found)


def _errors(judged: Judged, found: Forecasts) -> Errors:
    """Errors of a part's rows inside the training set's range.

    What lies outside is forecast badly without anything being memorised.
    """
    dataset, read = judged.dataset, judged.read
    asked = read[found.origins[:, None] + np.arange(dataset.horizon)]
    training = read[: dataset.split]
    inside = ((asked >= training.min()) & (asked <= training.max())).all(axis=1)
    truth = found.truth[inside, :, judged.target]
    simple = judged.naive(found.origins[inside], dataset.horizon)
    errors = found.errors(judged.target)
    return Errors(
        errors.like(errors.values[inside]),
        absolute_errors(truth, simple),
        absolute_errors(truth, np.full_like(truth, np.median(judged.training))),
    )


def _beaten(run: Run, judged: Judged, found: Forecasts) -> str:
    seeds = [
        each
        for each in trainer().runs.seeds_of(run.group)
        if each.resident and each.state not in ACTIVE
    ]
    if len(seeds) < 2:
        return ""
    steps, k = found.truth.shape[1], judged.target
    seasonal = judged.seasonal(found.origins, steps)
    name = "naive" if seasonal is None else "seasonal"
    rule = judged.naive(found.origins, steps) if seasonal is None else seasonal
    errors = [Forecasts.of(each, judged.part, judged.entity).errors(k) for each in seeds]
    return said_beaten(errors, absolute_errors(found.truth[:, :, k], rule), name)


def _against_naive(judged: Judged, truth: Numbers, named: Mapping[str, Numbers]) -> None:
    rows: list[Row] = [
        {_("forecast"): name, **score(judged.dataset, judged.target, truth, forecast)}
        for name, forecast in named.items()
    ]
    table(rows, "forecast.scores")


def _of_all_sets(dataset: Dataset, every: Mapping[Part, Forecasts]) -> None:
    rows: list[Row] = [
        {
            **named_column(dataset, k),
            _("the network on"): _(PART_NAMES[part]),
            **found.score(dataset, k),
        }
        for k in range(len(dataset.target_names))
        for part, found in every.items()
    ]
    table(rows, "forecast.sets")
