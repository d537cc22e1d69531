"""The face of a classification: accuracy, confusion matrix, ROC, threshold."""

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import Part
from lstm_viz.figures import classification
from lstm_viz.measures.classification import confusion, roc
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, examples
from lstm_viz.ui.answers import confusion_matrix, judged
from lstm_viz.ui.forecast.asking import choose_part, part_note, predictions, said_first, share_right
from lstm_viz.ui.say import look_for, plain
from lstm_viz.ui.session import remembered
from lstm_viz.words import _


def evaluate_classes(run: Run) -> None:
    """Draw one part; a threshold where there are two classes."""
    part = choose_part(run)
    st.caption(part_note(run, part))
    truth, answer = predictions(run, part)
    said_first(run, part, len(truth))
    if run.dataset.problem == "binary":
        _binary(run, part, truth[:, 0], answer[:, 0])
        return
    counted = judged(run, part, truth)
    share_right(truth[counted], answer[counted])
    confusion_matrix(run, part, truth, answer, "forecast")
    examples.where(run)


def _binary(run: Run, part: Part, truth: np.ndarray, probability: np.ndarray) -> None:
    names = [_(name) for name in run.dataset.classes]
    at = st.slider(
        _("Threshold"),
        0.01,
        0.99,
        step=0.01,
        key=remembered("forecast.cut", 0.5),
        persist_state="session",
        help=_("From this probability on, the answer is '{name}'.").format(name=plain(names[1])),
    )
    answer = (probability >= at).astype(int)
    share_right(truth.astype(int), answer)

    def picked(cell: list[int]) -> None:
        found = np.flatnonzero((truth.astype(int) == cell[0]) & (answer == cell[1]))
        if len(found):
            examples.look_at(part, int(found[0]))

    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        st.subheader(_("Predicted probabilities"), anchor=False)
        components.chart(
            classification.probabilities(truth, probability, at, names),
            key="forecast.probabilities",
        )
        look_for(_("Less overlap: better separated."))
        st.subheader(_("Confusion matrix"), anchor=False)
        components.chart(
            classification.confusion(confusion(truth.astype(int), answer, 2), names),
            key="forecast.confusion",
            picked=picked,
        )
        traded = _("The threshold trades one kind of error for the other.")
        look_for(f"{traded} {examples.click_on(run, examples.CLICK_A_CELL)}".rstrip())
        examples.where(run)
    with right:
        curve = roc(truth, probability)
        st.subheader(_("ROC curve, AUC {auc:.3f}").format(auc=curve.auc), anchor=False)
        components.chart(classification.roc(curve, at), key="forecast.roc")
        look_for(
            _("Diagonal: chance. Top left: perfect."),
            _(
                "AUC: the probability that a random example of the second class scores above one "
                "of the first."
            ),
        )
