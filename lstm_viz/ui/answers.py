"""What the network answers, drawn the way that suits the question: numbers, classes, a text."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import streamlit as st

from lstm_viz.data.dataset import Part
from lstm_viz.figures import charts, classification, forecasts
from lstm_viz.figures.clock import place_of
from lstm_viz.figures.timeline import Timeline
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import WRITING_TEMPERATURE, Answers, Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import Topic
from lstm_viz.ui import components, curves, examples
from lstm_viz.ui.connection import is_followed
from lstm_viz.ui.entities import said_first
from lstm_viz.ui.live import still
from lstm_viz.ui.say import look_for
from lstm_viz.words import _

WRITTEN = "written"
MOST_PANELS = 4
"""Free-running forecasts drawn beside each other."""


def draw(run: Run, frame: Frame, key: str) -> None:
    """The face that suits the dataset."""
    if run.dataset.problem != "regression":
        _accuracy(run, key)
    face: Callable[[Run, Frame, str], None]
    if run.dataset.is_series:
        face = _series
    elif run.dataset.is_text:
        face = _text
    else:
        face = {"regression": _numbers, "binary": _binary, "classes": _classes}[run.dataset.problem]
    if not (run.dataset.is_series or run.dataset.is_text):
        still([run], place_of(frame))
    face(run, frame, key)


def moving(run: Run, frame: Frame, key: str) -> None:
    """What of the answers follows the training: a score, or the forecast of a series."""
    if run.dataset.problem != "regression":
        _accuracy(run, key)
    elif run.dataset.is_series:
        _one_step(run, frame, key)
    else:
        st.subheader(_("Loss"), anchor=False)
        curves.show(run, "loss", key=f"{key}.curve.loss")
        look_for(_("Both losses should fall."))


def _accuracy(run: Run, key: str) -> None:
    st.subheader(_("Accuracy"), anchor=False)
    curves.show(run, "accuracy", key=f"{key}.curve.accuracy")
    look_for(_("On validation examples. Dashed: the best constant answer."))


def _series(run: Run, frame: Frame, key: str) -> None:
    _one_step(run, frame, key)
    _free_running(run, frame, key)


def _one_step(run: Run, frame: Frame, key: str) -> None:
    st.subheader(_("Forecast against truth"), anchor=False)
    followed = is_followed(run)
    curves.show(run, curves.FORECAST, f"{key}.curve.forecast", frame=None if followed else frame)
    whose = said_first(run.dataset)
    look_for(f"{whose} {_('One-step-ahead forecasts on the validation set.')}".strip())


def _free_running(run: Run, frame: Frame, key: str) -> None:
    """Small multiples: what the network makes of its own forecasts, at moments of the training."""
    free = [each for each in run.film.frames if each.free_running is not None]
    free = [each for each in free if each.step <= frame.step]
    if not free:
        return
    still([run], place_of(frame))
    places = np.unique(np.linspace(0, len(free) - 1, min(MOST_PANELS, len(free))).astype(int))
    shown = [free[place] for place in places]
    dataset = run.dataset.alone()
    answers = np.stack([each.free_running for each in shown])
    raw = dataset.in_raw_units(answers, np.full(len(shown), dataset.split))[:, :, 0]
    rows = np.arange(dataset.split, dataset.split + raw.shape[1])
    truth = dataset.known_targets[rows, 0]
    st.subheader(_("Free-running forecast"), anchor=False)
    titles = [_("epoch {epoch}").format(epoch=numeral(each.epoch, 6)) for each in shown]
    timeline = Timeline.of(dataset)
    name = _(dataset.target_names[0])
    panels = forecasts.small_multiples(titles, rows, truth, raw, name, timeline)
    components.charts(panels, columns=min(2, len(panels)), key=f"{key}.free")
    whose = said_first(run.dataset)
    look_for(f"{whose} {_('Its forecasts become the next inputs.')}".strip())


def _numbers(run: Run, frame: Frame, key: str) -> None:
    st.subheader(_("Answers against correct answers"), anchor=False)
    truth, forecast = run.examples.forecast_targets[:, 0], frame.forecast[:, 0]
    components.chart(
        charts.scatter(truth, forecast),
        key=f"{key}.forecast",
        picked=lambda number: examples.look_at("validation", number[0]),
    )
    words = _("Validation examples: {count}.")
    click = examples.click_on(run, examples.CLICK_A_DOT)
    look_for(f"{words.format(count=len(truth))} {click}".rstrip())


def _binary(run: Run, frame: Frame, key: str) -> None:
    st.subheader(_("Predicted probabilities"), anchor=False)
    truth, probability = run.examples.forecast_targets[:, 0], frame.forecast[:, 0]
    names = [_(name) for name in run.dataset.classes]
    components.chart(
        classification.probabilities(truth, probability, 0.5, names), key=f"{key}.probabilities"
    )
    words = _("Validation examples: {count}.").format(count=len(truth))
    look_for(f"{words} {_('Less overlap: better separated.')}")


def _classes(run: Run, frame: Frame, key: str) -> None:
    truth, answer = run.examples.forecast_targets, frame.forecast
    confusion_matrix(run, "validation", truth, answer, key)


def confusion_matrix(run: Run, part: Part, truth: Answers, answer: Answers, key: str) -> None:
    """What is taken for what, among the judged answers and the classes that occur there."""
    from lstm_viz.measures.classification import confusion

    counted = judged(run, part, truth)
    right, given, at = truth[counted], answer[counted], np.argwhere(counted)
    st.subheader(_("Confusion matrix"), anchor=False)
    kinds = np.unique(np.concatenate([right, given]))
    names = [_(run.dataset.classes[kind]) for kind in kinds]
    places = np.searchsorted(kinds, right), np.searchsorted(kinds, given)

    def picked(cell: list[int]) -> None:
        found = np.flatnonzero((places[0] == cell[0]) & (places[1] == cell[1]))
        if len(found):
            example, *t = at[found[0]].tolist()
            examples.look_at(part, example, t[0] if truth.shape[1] > 1 else None)

    components.chart(
        classification.confusion(confusion(*places, len(kinds)), names),
        key=f"{key}.confusion",
        picked=picked,
    )
    words = _("Answers: {count}.")
    click = examples.click_on(run, examples.CLICK_A_CELL)
    look_for(f"{words.format(count=f'{len(right):,}')} {click}".rstrip())


def judged(run: Run, part: Part, truth: Answers) -> npt.NDArray[np.bool_]:
    """Which of a part's first answers the score looks at."""
    chosen = run.dataset.judged_part(part)
    return truth >= 0 if chosen is None else chosen[: len(truth)]


def _text(run: Run, frame: Frame, key: str) -> None:
    st.subheader(_("Generated text"), anchor=False)
    topic = Topic(WRITTEN, (run.id,)).text if is_followed(run) else None
    components.words(frame.written, key=f"{key}.written", kind="text", topic=topic)
    look_for(
        _("Characters: {count}, temperature {temperature}.").format(
            count=len(frame.written), temperature=WRITING_TEMPERATURE
        )
    )
