"""Alarms: what is wrong with a run in the moment that is shown, with its number."""

from lstm_viz.experiments.helping import what_to_try
from lstm_viz.figures.clock import place_of
from lstm_viz.measures.alarms import said_alarm
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import ALARMS, Topic
from lstm_viz.ui import components
from lstm_viz.ui.connection import is_down, is_fed
from lstm_viz.ui.selection import layer_name
from lstm_viz.words import _, language, ngettext

MOST = 2
"""Alarms that are said at once."""


def watch_over(run: Run, frame: Frame, key: str) -> None:
    """Says what is wrong in the moment that the run's film shows, wherever it moves."""
    fed = is_fed(run) and not is_down()
    frames = run.film.frames if run.shows else [frame]
    components.alarm(
        {each.step: said_alarms(run, each) for each in frames},
        frame.step,
        key=f"{key}.alarms",
        subject=run.id,
        topic=Topic(ALARMS, (run.id,), (language(),)).text if fed else None,
    )


def said_alarms(run: Run, frame: Frame) -> str:
    """A frame's alarms, its losses held against those before it; empty where there are none."""
    found = run.film.alarms(frame)
    if not found:
        return ""
    said = " ".join(said_alarm(each, layer_name(each.layer)) for each in found[:MOST])
    more = len(found) - MOST
    if more > 0:
        words = ngettext("And {count} more alarm.", "And {count} more alarms.", more)
        said = f"{said} {words.format(count=more)}"
    if not run.module:
        said = f"{said} {what_to_try(found[0], run.settings)}"
    return _("Alarm at {moment}. {said}").format(moment=place_of(frame), said=said)
