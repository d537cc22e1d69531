"""The forecasts of a run on one part of its series, and their scores as a table."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_viz.data.dataset import PARTS, Dataset, Part
from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.scores import mase_scale, scores
from lstm_viz.measures.verdict import absolute_errors
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import Run
from lstm_viz.ui.forecast.asking import predictions
from lstm_viz.ui.forecast.judged import Numbers, Rows
from lstm_viz.words import _, ngettext

SCORES = ("MAE", "RMSE", "MASE")
Row = dict[str, str | float]


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Of one part: n forecasts of P steps of K targets, in raw units."""

    origins: Rows
    truth: Numbers
    """(n, P, K)."""
    forecast: Numbers

    @classmethod
    def of(cls, run: Run, part: Part, entity: int = 0) -> "Forecasts":
        """The network's of one series, as many as the trainer answers at once."""
        dataset, answers = run.dataset.alone(entity), predictions(run, part, entity)[1]
        origins = dataset.origins(part)[: len(answers)]
        rows = origins[:, None] + np.arange(dataset.horizon)
        return cls(origins, dataset.known_targets[rows], dataset.in_raw_units(answers, origins))

    @classmethod
    def of_all(cls, run: Run, entity: int) -> dict[Part, "Forecasts"]:
        """The same of every part that has any."""
        parts = [part for part in PARTS if run.dataset.alone(entity).count(part)]
        return {part: cls.of(run, part, entity) for part in parts}

    def score(self, dataset: Dataset, target: int) -> Row:
        """MAE, RMSE and MASE of one target."""
        return score(dataset, target, self.truth[:, :, target], self.forecast[:, :, target])

    def errors(self, target: int) -> Sample:
        """Each forecast's mean absolute error."""
        return absolute_errors(self.truth[:, :, target], self.forecast[:, :, target])

    def residuals(self, target: int) -> Numbers:
        """(n,) forecast minus truth, one step ahead."""
        apart: Numbers = self.forecast[:, 0, target] - self.truth[:, 0, target]
        return apart


def score(dataset: Dataset, target: int, truth: Numbers, forecast: Numbers) -> Row:
    """MAE, RMSE and MASE of forecasts (n, P) of a target."""
    training = dataset.known_targets[: dataset.split, target]
    found = scores(truth, forecast, mase_scale(training, truth.shape[1]))
    return dict(zip(SCORES, (found.mae, found.rmse, found.mase), strict=True))


def named_column(dataset: Dataset, target: int) -> Row:
    """Which target a row is of; nothing where there is one alone."""
    names = dataset.target_names
    return {_("column"): _(names[target])} if len(names) > 1 else {}


def table(rows: list[Row], key: str) -> None:
    """Rows of names and scores."""
    written = pd.DataFrame(rows).style.format(partial(numeral, digits=4), [*SCORES])
    st.dataframe(written, hide_index=True, key=key)


def said_scores(steps: int) -> str:
    """What the scores of forecasts of so many steps are."""
    return ngettext(
        "MAE and RMSE {count} step ahead, in the column's unit. MASE: MAE over the naive "
        "forecast's on the training set.",
        "MAE and RMSE over {count} steps ahead, in the column's unit. MASE: MAE over that of "
        "naive forecasts of as many steps on the training set.",
        steps,
    ).format(count=steps)
