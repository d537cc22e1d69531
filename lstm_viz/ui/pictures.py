"""What the feed brings of runs besides frames: words and curves, as the pages draw them."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from lstm_viz.figures.courses import history_message
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import CELL, TRUST, WHAT_IF, RefusedError, Topic
from lstm_viz.ui.alarming import said_alarms
from lstm_viz.ui.answers import WRITTEN
from lstm_viz.ui.cell.diagram import cell_picture
from lstm_viz.ui.controls import PROGRESS, progress_of
from lstm_viz.ui.curves import CURVE, curve
from lstm_viz.ui.inside import STATUS, status_of
from lstm_viz.ui.language import speaking
from lstm_viz.ui.race import running
from lstm_viz.ui.race.courses import RACE, courses_of
from lstm_viz.ui.touching import what_if_picture
from lstm_viz.ui.trust import trust_picture
from lstm_viz.words import SOURCE_LANGUAGE

LANGUAGE = re.compile(r"[a-z]{2}(_[A-Z]{2})?")


def picture(topic: Topic, runs: Sequence[Run]) -> Message:
    """A topic's message, in the language in which its name ends.

    Raises RefusedError for a topic that there is not.
    """
    *view, language = topic.view or (SOURCE_LANGUAGE,)
    if topic.name not in _PICTURES or not LANGUAGE.fullmatch(language):
        raise RefusedError("no such topic")
    if len(runs) < len(topic.runs):
        return _said(topic)  # some are gone, which the page hears of by their state
    with speaking(language):
        return _PICTURES[topic.name](topic, view, runs)


def alarms_of(topic: Topic, run: Run, frame: Frame) -> Message:
    """What is wrong in a frame, in the language in which the topic's name ends.

    Raises RefusedError for a topic that there is not.
    """
    if len(topic.view) != 1 or not LANGUAGE.fullmatch(topic.view[0]):
        raise RefusedError("no such topic")
    with speaking(topic.view[0]):
        return _said(topic, step=frame.step, text=said_alarms(run, frame))


def _said(topic: Topic, **what: object) -> str:
    return json.dumps({"topic": topic.text, **what})


def _progress(topic: Topic, _view: Sequence[str], runs: Sequence[Run]) -> Message:
    share, text = progress_of(runs[0])
    return _said(topic, share=share, text=text)


def _lane(topic: Topic, _view: Sequence[str], runs: Sequence[Run]) -> Message:
    share, text = running.progress_of(runs)
    return _said(topic, share=share, text=text)


def _status(topic: Topic, _view: Sequence[str], runs: Sequence[Run]) -> Message:
    newest = runs[0].film.at(None)
    return _said(topic, text=status_of(runs[0], newest)) if newest else _said(topic)


def _written(topic: Topic, _view: Sequence[str], runs: Sequence[Run]) -> Message:
    newest = runs[0].film.at(None)
    return _said(topic, text=newest.written) if newest else _said(topic)


def _cell(topic: Topic, view: Sequence[str], runs: Sequence[Run]) -> Message:
    return cell_picture(topic, view, runs[0])


def _what_if(topic: Topic, view: Sequence[str], runs: Sequence[Run]) -> Message:
    return what_if_picture(topic, view, runs[0])


def _trust(topic: Topic, view: Sequence[str], runs: Sequence[Run]) -> Message:
    return trust_picture(topic, view, runs[0])


def _curve(topic: Topic, view: Sequence[str], runs: Sequence[Run]) -> Message:
    return history_message(topic.text, [curve(runs[0], "".join(view), beside=runs[1:])])


def _race(topic: Topic, view: Sequence[str], runs: Sequence[Run]) -> Message:
    return history_message(topic.text, courses_of(runs, "".join(view)))


_PICTURES: Mapping[str, Callable[[Topic, Sequence[str], Sequence[Run]], Message]] = {
    PROGRESS: _progress,
    running.LANE: _lane,
    STATUS: _status,
    WRITTEN: _written,
    CELL: _cell,
    WHAT_IF: _what_if,
    TRUST: _trust,
    CURVE: _curve,
    RACE: _race,
}
