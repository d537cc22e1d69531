"""What a run has come to, as far as one or another watcher needs to know."""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence

from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.runs.topics import CELL, NEWEST_CELL, STATE, TRUST, WHAT_IF, Topic


def phase_of(run: Run) -> str:
    """What the words and buttons of a page depend on: it changes a few times in a run."""
    said = "" if run.message is None else run.message.template
    flags = bool(run.film.frames), run.resident, run.thinned
    return "/".join([run.state, *map(str, flags), said])


def version_of(topic: Topic, runs: Sequence[Run]) -> Hashable:
    """Changes with all that a topic shows of its runs."""
    if topic.name == CELL and len(topic.view) > len(NEWEST_CELL):
        return 0  # a training step is named: that frame stays as it is
    return tuple(map(_VERSIONS.get(topic.name, _progress_of), runs))


def _state_of(run: Run) -> Hashable:
    """Changes with the state, and when a film is thinned: of its newest frame the film tells."""
    return phase_of(run), run.film.stride


def _frame_of(run: Run) -> Hashable:
    """Changes with the newest frame."""
    return run.film.frames[-1].step if run.film.frames else None


def _progress_of(run: Run) -> Hashable:
    """Changes with all that is shown of a run."""
    return run.step, run.rate, run.seconds, run.total_steps, run.memory, run.film.measured


def _once(_run: Run) -> Hashable:
    """Changes never but with the phase: whoever asks is answered."""
    return 0


_VERSIONS: Mapping[str, Callable[[Run], Hashable]] = {
    STATE: _state_of,
    CELL: _frame_of,
    WHAT_IF: _once,
    TRUST: _once,
}


def state_message(topic: Topic, runs: Sequence[Run]) -> str:
    """How the runs stand, those that are gone left out."""
    states = {
        run.id: {
            "phase": phase_of(run),
            "training": run.training,
            "active": run.state in ACTIVE,
            "steps": [frame.step for frame in run.film.frames],
        }
        for run in runs
    }
    return json.dumps({"topic": topic.text, "runs": states}, separators=(",", ":"))
