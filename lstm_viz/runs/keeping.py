"""What runs may hold: how long they live, and which of them gives way when there is too much."""

from collections.abc import Iterable
from dataclasses import dataclass

from lstm_viz.runs.film import MAX_BYTES, MAX_FRAMES
from lstm_viz.runs.run import Run


@dataclass(frozen=True)
class Keeping:
    """How long runs live and how much they may hold."""

    stop_after: float = 60.0
    """Seconds without a viewer after which a run is stopped."""
    drop_after: float = 3600.0
    """Seconds without a viewer after which a run is forgotten."""
    max_bytes: int = 512 * 2**20
    """All films and datasets together."""
    run_bytes: int = MAX_BYTES
    """One film."""
    run_frames: int = MAX_FRAMES
    workers: int = 0
    """Processes that train at the same time; 0 for as many as there are cores less one."""
    askers: int = 2
    """Processes that answer questions at the same time."""
    worker_bytes: int = 384 * 2**20
    """What each of these processes may take beyond what it starts with; 0 for as much as there is.
    A run that needs more by itself is refused."""
    max_runs: int = 240
    """Runs that train at the same time."""
    owner_runs: int = 60
    """Those of one owner."""


def tidy(runs: dict[str, Run], keeping: Keeping, now: float) -> tuple[list[str], list[str]]:
    """Runs to stop, and runs dropped from `runs`.

    Over the byte budget, unwatched runs go first, the longest unseen before others, a race as a
    whole; then the largest films are thinned until the rest fits. Recorded runs stay as they are.
    """
    unseen = {run.id: now - run.unseen_since for run in runs.values() if not run.viewers}
    dropped = [run for run, age in unseen.items() if age >= keeping.drop_after]
    for run in dropped:
        del runs[run]
    spare = sorted(set(unseen) - set(dropped), key=lambda run: unseen[run])
    while size_of_all(runs.values()) > keeping.max_bytes and spare:
        longest = runs[spare[-1]]
        for run in [r for r in spare if _together(runs[r], longest)]:
            spare.remove(run)
            del runs[run]
            dropped.append(run)
    _thin(runs, keeping.max_bytes)
    stopped = [run for run in spare if unseen[run] >= keeping.stop_after and runs[run].training]
    return stopped, dropped


def _thin(runs: dict[str, Run], max_bytes: int) -> None:
    films = [run.film for run in runs.values() if not run.recorded]
    while size_of_all(runs.values()) > max_bytes:
        largest = max(films, key=lambda film: film.size, default=None)
        if largest is None or len(largest.frames) <= 2:
            return
        largest.thin()


def size_of_all(runs: Iterable[Run]) -> int:
    """Bytes of all films, and of each dataset once however many runs use it."""
    several = list(runs)
    datasets = {run.dataset.fingerprint: run.dataset.nbytes for run in several}
    return sum(run.film.size for run in several) + sum(datasets.values())


def _together(one: Run, other: Run) -> bool:
    return one is other or bool(one.race and one.race == other.race)
