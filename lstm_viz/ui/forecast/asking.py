"""Asking the trainer about a run's model, once for each state of that model."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import PARTS, Part, Values
from lstm_viz.experiments.cost import forecasts_within
from lstm_viz.measures.chance import most_frequent
from lstm_viz.measures.classification import accuracy
from lstm_viz.measures.spelling import percent
from lstm_viz.runs.run import Run
from lstm_viz.ui import service
from lstm_viz.ui.segments import one_of
from lstm_viz.words import N_, _

KEY = "answers"
SECONDS, FEWEST = 1.5, 200
"""Examples of a part that are answered: as many as take about so long, and at least."""
KEPT = 24
"""Answers a session remembers."""
PART_NAMES: dict[Part, str] = {
    "training": N_("Training set"),
    "validation": N_("Validation set"),
    "test": N_("Test set"),
}
VALIDATION_NOTES: Mapping[tuple[bool, bool], str] = {
    (True, True): N_("Validation set: it steers early stopping and the learning rate."),
    (True, False): N_("Validation set: it steers early stopping."),
    (False, True): N_("Validation set: it steers the learning rate."),
    (False, False): N_("Validation set: it steers nothing but your choices."),
}
"""(early stopping, a schedule that looks at the validation loss) -> what a score on it is worth."""


def ask(run: Run, question: str, **about: Any) -> Any:
    """The answer; the remembered one while the model has not changed.

    Raises LstmVizError for what the model cannot answer.
    """
    kept: dict[Any, Any] = st.session_state.setdefault(KEY, {})
    key = (run.id, run.step, run.state, question, repr(about))
    if key not in kept:
        kept[key] = service.ask(question, run=run.id, **about)
        while len(kept) > KEPT:
            del kept[next(iter(kept))]
    return kept[key]


def choose_part(run: Run) -> Part:
    """Which part is judged."""
    parts = [part for part in PARTS if run.dataset.count(part)]
    names = {part: PART_NAMES[part] for part in reversed(parts)}
    return one_of(_("Part"), names, "forecast.part", "test" if "test" in parts else "validation")


def part_note(run: Run, part: Part) -> str:
    """What a score on a part is worth, for this run's own settings."""
    if part == "training":
        return _("Training set: a good score may be memorised.")
    if part == "test":
        return _("Test set: an honest score, unless you choose by it.")
    settings = run.settings
    plateau = settings.optimiser.schedule == "plateau"
    return _(VALIDATION_NOTES[settings.budget.patience > 0, plateau])


def said_first(run: Run, part: Part, count: int, entity: int = 0) -> None:
    """That scores are of a part's first examples, where they are not of all."""
    every = run.dataset.alone(entity).count(part)
    if count < every:
        words = _("The first {count:,} of {all:,} examples.")
        st.caption(words.format(count=count, all=every))


def predictions(run: Run, part: Part, entity: int = 0) -> tuple[Values, Values]:
    """(truth, answers) of a part of one series, as many examples as the trainer answers at once."""
    within = forecasts_within(run.settings, run.dataset, run.dataset.horizon, SECONDS)
    answers = ask(run, "predict", part=part, most=max(within, FEWEST), entity=entity)
    return run.dataset.alone(entity).part(part)[1][: len(answers)], answers


def share_right(truth: Values, answer: Values) -> None:
    """Accuracy, beside that of the best constant answer to the same examples."""
    left, middle, right = st.columns(3)
    constant = np.full_like(truth, most_frequent(truth))
    left.metric(_("Accuracy"), percent(accuracy(truth, answer), 1))
    middle.metric(_("Accuracy of the most frequent answer"), percent(accuracy(truth, constant), 1))
    right.metric(_("Answers judged"), f"{len(truth):,}")
