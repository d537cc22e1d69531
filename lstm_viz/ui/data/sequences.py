"""The pictures of the Data page for what is no series: a sequence of a task, a text."""

from collections import Counter

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import NOT_SCORED, Dataset
from lstm_viz.data.marks import marks_of
from lstm_viz.data.text import decode
from lstm_viz.experiments.fitting import LOSSES
from lstm_viz.figures.characters import frequent_characters
from lstm_viz.figures.film_view import DrawnFilm, film_view
from lstm_viz.figures.layer_rows import input_rows, letters
from lstm_viz.figures.rows import Heat, Row
from lstm_viz.measures.chance import chance
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.ui import components
from lstm_viz.ui.say import look_for, plain
from lstm_viz.words import _, ngettext

SHOWN_LETTERS = 600
SHOWN_KINDS = 10
SHOWN_ANSWERS = 12
ROW_HEIGHT = 21
"""Pixels of a symbol's row, high enough that each is labelled."""


def show_task(dataset: Dataset) -> None:
    """One sequence, and what it asks for."""
    inputs, answers = dataset.part("training")
    number = int(
        st.number_input(
            _("Training sequence"),
            1,
            len(inputs),
            width=200,
        )
    )
    x, y = inputs[number - 1], answers[number - 1]
    rows: list[Row] = input_rows(dataset, x, height=max(160, ROW_HEIGHT * len(dataset.symbols)))
    judged = dataset.judged_part("training")
    if dataset.every_step:
        rows.append(_asked(dataset, y))
        said = _answers_in_words(dataset, y, None if judged is None else judged[number - 1])
    else:
        said = _answer_in_words(dataset, y)
    drawn = film_view(
        [DrawnFilm(rows)],
        time_steps=len(x),
        letters=letters(dataset, x),
        marks=marks_of(dataset, x),
    )
    components.film(drawn, key="view.task")
    look_for(f"{said} {_chance_in_words(dataset)}")


def _asked(dataset: Dataset, answers: np.ndarray) -> Heat:
    """The answers asked for at every step, as rows; empty where none is."""
    one_hot = np.arange(len(dataset.classes))[:, None] == answers
    return Heat(
        "truth",
        one_hot.astype(np.float64),
        low=0.0,
        high=1.0,
        y=_("answer"),
        labels=[_(name) for name in dataset.classes],
        title=_("correct answer at each time step"),
        height=max(64, ROW_HEIGHT * len(dataset.classes)),
    )


def _answers_in_words(dataset: Dataset, answers: np.ndarray, judged: np.ndarray | None) -> str:
    """What the drawn sequence asks for where the score looks at it, as far as there is room."""
    scored = answers != NOT_SCORED
    steps = np.flatnonzero(scored if judged is None else scored & judged)
    shown = [plain(_(dataset.classes[answers[t]])) for t in steps[:SHOWN_ANSWERS]]
    words = " ".join([*shown, "…"] if len(steps) > len(shown) else shown)
    if judged is not None:
        if len(steps) == 0:
            return _("No answer of this sequence counts for the accuracy.")
        return ngettext(
            "{count} of {asked} answers counts for the accuracy: {answers}.",
            "{count} of {asked} answers count for the accuracy: {answers}.",
            len(steps),
        ).format(count=len(steps), asked=int(scored.sum()), answers=words)
    if len(steps) == 0:
        return _("This sequence asks for no answer.")
    return ngettext(
        "{count} answer, at time step {first}: {answers}.",
        "{count} answers, from time step {first} on: {answers}.",
        len(steps),
    ).format(count=len(steps), first=int(steps[0]), answers=words)


def _answer_in_words(dataset: Dataset, answer: np.ndarray) -> str:
    if dataset.problem == "regression":
        return _("Answer: {answer}.").format(answer=numeral(float(answer[0])))
    return _("Answer: '{answer}'.").format(answer=plain(_(dataset.classes[int(answer[0])])))


def _chance_in_words(dataset: Dataset) -> str:
    """What the best constant answer to the validation examples is worth."""
    constant = chance(dataset, LOSSES[dataset.problem][0])
    if dataset.problem == "regression":
        words = _("Best constant answer: mean squared error {loss}.")
        return words.format(loss=numeral(constant.loss))
    return _("Best constant answer: {share} right.").format(share=percent(constant.accuracy, 1))


def show_text(dataset: Dataset) -> None:
    """The beginning of a text, and what it is made of."""
    codes = dataset.values[:, 0]
    beginning = decode(codes[:SHOWN_LETTERS], dataset.symbols)
    more = "…" if len(codes) > SHOWN_LETTERS else ""
    st.code(beginning + more, language=None, wrap_lines=True, height=280)
    st.caption(
        _("The beginning: {letters:,} characters, {kinds} different ones.").format(
            letters=len(codes), kinds=len(dataset.symbols)
        )
    )
    counts = Counter(codes.tolist()).most_common(SHOWN_KINDS)
    components.chart(
        frequent_characters(
            [dataset.symbols[code] for code, _count in counts],
            np.array([count / len(codes) for _code, count in counts]),
        ),
        key="view.frequent",
    )
    look_for(
        _("Always the most frequent character: right in {share} of the validation set.").format(
            share=percent(chance(dataset, "cross_entropy").accuracy)
        )
    )
