"""What the contenders' forecasts of a series are worth on the test set, which none of them saw."""

from collections.abc import Mapping

import streamlit as st

from lstm_viz.measures.baselines import naive
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui.entities import said_first
from lstm_viz.ui.forecast.scoring import (
    Forecasts,
    Row,
    named_column,
    said_scores,
    score,
    table,
)
from lstm_viz.ui.say import look_for
from lstm_viz.words import _


def show(runs: Mapping[str, Run], *, seeds: bool) -> None:
    """Scores of runs that learned from the same data, once all have ended.

    `seeds` is whether they have further ones, which are not among these.
    """
    every = next(iter(runs.values())).dataset
    dataset = every.alone()
    if not dataset.is_series or not len(dataset.origins("test")):
        return
    if any(run.state in ACTIVE or run.recorded or not run.resident for run in runs.values()):
        return
    found = {name: Forecasts.of(run, "test") for name, run in runs.items()}
    shown = min(len(each.origins) for each in found.values())
    first = next(iter(found.values()))
    origins, truth, steps = first.origins[:shown], first.truth[:shown], first.truth.shape[1]
    rows: list[Row] = []
    for k in range(len(dataset.target_names)):
        forecasts = {name: each.forecast[:shown, :, k] for name, each in found.items()}
        forecasts[_("naive (last value)")] = naive(dataset.known_targets[:, k], origins, steps)
        rows += [
            {_("forecast"): name, **named_column(dataset, k)}
            | score(dataset, k, truth[:, :, k], forecast)
            for name, forecast in forecasts.items()
        ]
    st.subheader(_("On the test set"), anchor=False)
    table(rows, "compare.tested")
    first_alone = [_("Of each contender's first seed.")] if seeds else []
    look_for(" ".join(filter(None, [*first_alone, said_first(every), said_scores(steps)])))
