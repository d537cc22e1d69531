"""The badge of trust: the instruments checked on the very network shown, by the feed."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from lstm_viz.errors import LstmVizError, TrainerError
from lstm_viz.figures.clock import place_of
from lstm_viz.measures.trust import broken_checks, is_verified, residual_rows, said_verified
from lstm_viz.runs.another import called, named
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import NOT_HERE, Run
from lstm_viz.runs.topics import TRUST, RefusedError, Topic
from lstm_viz.ui import components
from lstm_viz.ui.connection import is_answered, is_down
from lstm_viz.ui.selection import selected
from lstm_viz.ui.service import ask_for
from lstm_viz.words import _, language

NEWEST = "newest"
"""In the place of a training step: the network as the run's state found it."""


def badge(run: Run) -> None:
    """Whether what is shown of the network agrees with PyTorch, on the example that is shown;
    nothing without a feed.
    """
    if not is_answered(run) or is_down():
        return
    step = NEWEST if selected().step is None else str(selected().step)
    example = called(run, selected().sample)
    topic = Topic(TRUST, (run.own,), (example, step, language()))
    checking = {
        "label": _("Checking"),
        "said": _("The instruments are being checked."),
    }
    components.badge(topic.text, checking, key="inside.trust")


def trust_picture(topic: Topic, view: Sequence[str], run: Run) -> Message:
    """What `verify` finds of the network in a frame, for the feed, or why it finds nothing; empty,
    and not remembered, where the trainer gives no answer in time.

    Raises RefusedError for an example or a step that there is not.
    """
    match view:
        case (example, step):
            run, sample = named(run, example)
            frame = _frame_of(run, step)
        case _:
            raise RefusedError("no such check")
    if frame.weights is None and not run.resident:
        gone = _("Nothing to check: no weights were kept, and the network is gone.")
        gone = _(NOT_HERE) if run.module else gone
        return _said(topic, "unknown", _("Not checked"), gone)
    part = slice(sample, sample + 1)
    about: dict[str, Any] = {
        "what": "verify",
        "layer": "",
        "inputs": run.examples.inputs[part],
        "targets": run.examples.targets[part],
        "weights": frame.weights,
    }
    ask = partial(ask_for, run)
    try:
        if frame.weights is None and run.resident:
            found = ask("laboratory", run=run.id, **about)
        else:
            found = ask("laboratory_of", settings=run.settings, dataset=run.dataset, **about)
    except TrainerError:
        return ""
    except LstmVizError as error:
        return _said(topic, "unknown", _("Not checked"), str(error))
    said = " ".join(filter(None, [said_verified(found), str(found["reason"])]))
    checked = {"name": _("Checked"), "value": place_of(frame), "broken": False}
    rows = [*residual_rows(found), checked]
    if broken_checks(found):
        return _said(topic, "broken", _("Check failed"), said, rows)
    if is_verified(found):
        return _said(topic, "ok", _("Verified"), said, rows)
    return _said(topic, "unknown", _("Not checked"), said, rows)


def _said(
    topic: Topic, state: str, label: str, said: str, rows: Sequence[Mapping[str, Any]] = ()
) -> str:
    told = {"state": state, "label": label, "said": said, "rows": [*rows]}
    return json.dumps({"topic": topic.text, **told})


def _frame_of(run: Run, step: str) -> Frame:
    """The one named; of a run whose frames keep no weights the newest, as its network stands."""
    if step == NEWEST and run.film.frames:
        return run.film.frames[-1]
    if step.isdecimal() and len(step) < 10:
        frame = run.film.at(int(step))
        if frame is not None:
            return run.film.network(frame)
    raise RefusedError("no such step")
