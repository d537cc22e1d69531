"""A run as it looks on another example than those of its frames."""

from dataclasses import replace
from typing import cast

from lstm_viz.data.dataset import PARTS, Part
from lstm_viz.errors import ConfigError
from lstm_viz.limits import Numbered
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError

EXAMPLE = Numbered(None, PARTS)


def called(run: Run, sample: int) -> str:
    """What a topic of the feed calls one of the examples that a run shows: `named` finds it."""
    return run.example or str(sample)


def named(run: Run, example: str) -> tuple[Run, int]:
    """The run that shows an example, and the example's place there.

    Raises RefusedError for an example that there is not, or of which nothing can be shown.
    """
    if example.isdecimal() and len(example) < 10:
        if run.probe is None or int(example) >= len(run.probe.inputs):
            raise RefusedError("no such example")
        return run, int(example)
    try:
        part, place = EXAMPLE.read("example", example)
    except ConfigError as error:
        raise RefusedError("no such example") from error
    if not can_show_others(run) or place >= run.dataset.count(cast(Part, part)):
        raise RefusedError("no such example")
    return on_another(run, cast(Part, part), place), 0


def can_show_others(run: Run) -> bool:
    """Whether its frames hold the networks that other examples are shown to."""
    return run.probe is not None and run.film.keeps_weights


def on_another(run: Run, part: Part, place: int) -> Run:
    """The run with this example in the place of its own; its frames are still those of its own."""
    x, y = (values[place : place + 1] for values in run.dataset.part(part))
    judged = run.dataset.judged_part(part)
    probe = Probe(
        x, y, run.examples.forecast_targets, None if judged is None else judged[place : place + 1]
    )
    name = EXAMPLE.write((part, place))
    return replace(
        run, id=f"{run.id}.{name}", shows=run.id, example=name, probe=probe, resident=False
    )
