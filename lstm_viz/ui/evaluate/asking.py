"""Asking the trainer about a run's model, once for each state of that model."""

from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import PARTS, Part, Values
from lstm_viz.measures.chance import most_frequent
from lstm_viz.measures.classification import accuracy
from lstm_viz.runs.registry import Run
from lstm_viz.ui.service import trainer
from lstm_viz.ui.session import remembered
from lstm_viz.words import N_, _

KEY = "answers"
KEPT = 24
"""Answers a session remembers."""
PART_NAMES: dict[Part, str] = {
    "training": N_("Training part"),
    "validation": N_("Validation part"),
    "test": N_("Test part"),
}
PART_NOTES: dict[Part, str] = {
    "training": N_("The network was trained on these: a good score here proves nothing."),
    "validation": N_(
        "The network was not trained on these, but early stopping and your own choices looked at "
        "them."
    ),
    "test": N_("Neither the training nor any choice has seen these: this is the honest score."),
}


def ask(run: Run, question: str, **about: Any) -> Any:
    """The answer; the remembered one while the model has not changed.

    Raises LstmVizError for what the model cannot answer.
    """
    kept: dict[Any, Any] = st.session_state.setdefault(KEY, {})
    key = (run.id, run.step, run.state, question, repr(about))
    if key not in kept:
        kept[key] = trainer().ask(question, run=run.id, **about)
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
    return kept[key]


def choose_part(run: Run) -> Part:
    """Which part is judged, and what a score on it is worth."""
    parts = [part for part in PARTS if len(run.dataset.part(part)[0])]
    chosen = st.segmented_control(
        _("Part"),
        list(reversed(parts)),
        format_func=lambda part: _(PART_NAMES[part]),
        key=remembered("forecast.part", "test" if "test" in parts else "validation"),
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    part: Part = chosen or parts[-1]
    st.caption(_(PART_NOTES[part]))
    return part


def predictions(run: Run, part: Part) -> tuple[Values, Values]:
    """(truth, answers) of a part, as many examples as the trainer answers at once."""
    answers = ask(run, "predict", part=part)
    return run.dataset.part(part)[1][: len(answers)], answers


def share_right(truth: Values, answer: Values) -> None:
    """Accuracy, beside that of the best constant answer to the same examples."""
    left, middle, right = st.columns(3)
    constant = np.full_like(truth, most_frequent(truth))
    left.metric(_("Accuracy"), f"{accuracy(truth, answer):.1%}")
    middle.metric(_("Always the most frequent answer"), f"{accuracy(truth, constant):.1%}")
    right.metric(_("Answers judged"), f"{len(truth):,}")
