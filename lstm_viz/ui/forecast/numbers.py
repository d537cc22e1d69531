"""The face of a task that asks for numbers: predicted against true."""

import math

import numpy as np
import streamlit as st

from lstm_viz.figures import charts
from lstm_viz.measures.chance import constant_answer
from lstm_viz.measures.scores import said_spread, scores
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, examples
from lstm_viz.ui.forecast.asking import choose_part, part_note, predictions, said_first
from lstm_viz.ui.say import look_for
from lstm_viz.words import _

SHOWN = 1000


def evaluate_numbers(run: Run) -> None:
    """Scores and a scatter of one part."""
    part = choose_part(run)
    st.caption(part_note(run, part))
    truth, prediction = (values[:, 0].astype(np.float64) for values in predictions(run, part))
    model = scores(truth, prediction, 1.0)
    constant = constant_answer(truth[:, None], "mse", "regression").loss
    columns = st.columns(3)
    columns[0].metric(_("Mean absolute error"), numeral(model.mae))
    columns[1].metric(_("Root mean squared error"), numeral(model.rmse))
    columns[2].metric(_("RMSE of the best constant answer"), numeral(math.sqrt(constant)))
    said_first(run, part, len(truth))
    components.chart(
        charts.scatter(truth[:SHOWN], prediction[:SHOWN]),
        key="forecast.scatter",
        picked=lambda number: examples.look_at(part, number[0]),
    )
    count = min(SHOWN, len(truth))
    dots = _("Sequences: {count}.").format(count=count)
    spread = said_spread(truth, prediction)
    click = examples.click_on(run, examples.CLICK_A_DOT)
    look_for(" ".join(filter(None, [dots, spread, click])))
    examples.where(run)
