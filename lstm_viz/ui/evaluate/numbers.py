"""The face of a task that asks for numbers: predicted against true."""

import numpy as np
import streamlit as st

from lstm_viz.figures import charts
from lstm_viz.measures.scores import scores
from lstm_viz.runs.registry import Run
from lstm_viz.ui import components
from lstm_viz.ui.evaluate.asking import choose_part, predictions
from lstm_viz.ui.say import look_for
from lstm_viz.words import _

SHOWN = 1000


def evaluate_numbers(run: Run) -> None:
    """Scores and a scatter of one part."""
    part = choose_part(run)
    truth, prediction = (values[:, 0].astype(np.float64) for values in predictions(run, part))
    guess = float(run.dataset.part("training")[1].mean())
    model = scores(truth, prediction, 1.0)
    simple = scores(truth, np.full_like(truth, guess), 1.0)
    columns = st.columns(3)
    columns[0].metric(_("Mean absolute error"), f"{model.mae:.4g}")
    columns[1].metric(_("Root mean squared error"), f"{model.rmse:.4g}")
    columns[2].metric(_("The same of guessing the mean"), f"{simple.rmse:.4g}")
    components.chart(charts.scatter(truth[:SHOWN], prediction[:SHOWN]), key="forecast.scatter")
    look_for(
        _(
            "A dot for each of {count} sequences. On the diagonal the answer is right; a level "
            "band means that the network always says the same."
        ).format(count=min(SHOWN, len(truth)))
    )
