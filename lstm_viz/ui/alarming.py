"""Alarms: what is wrong with a run in the moment shown, with its number, and while it trains."""

from lstm_viz.figures.clock import place_of
from lstm_viz.measures.alarms import alarms
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import Topic
from lstm_viz.ui import components
from lstm_viz.ui.connection import is_followed
from lstm_viz.words import _, language, ngettext

ALARMS = "alarms"
MOST = 2
"""Alarms that are said at once."""


def watch_over(run: Run, frame: Frame, key: str) -> None:
    """Says what is wrong; of a run that is followed, as it trains."""
    topic = Topic(ALARMS, (run.id,), (language(),)).text if is_followed(run) else None
    components.words(said_alarms(run, frame), key=f"{key}.alarms", kind="alarm", topic=topic)


def said_alarms(run: Run, frame: Frame) -> str:
    """A frame's alarms, its losses held against those before it; empty where there are none."""
    found = alarms([each for each in run.film.frames if each.step <= frame.step])
    if not found:
        return ""
    said = " ".join(map(str, found[:MOST]))
    more = len(found) - MOST
    if more > 0:
        words = ngettext("And {count} more alarm.", "And {count} more alarms.", more)
        said = f"{said} {words.format(count=more)}"
    return _("Alarm at {moment}. {said}").format(moment=place_of(frame), said=said)
