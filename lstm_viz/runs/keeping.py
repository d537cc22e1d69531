"""What runs may hold: how long they live, and which of them gives way when there is too much."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass

from lstm_viz.measures.alarm_thresholds import USUAL, AlarmThresholds
from lstm_viz.runs.film import MAX_BYTES, MAX_FRAMES
from lstm_viz.runs.run import Run

FEWEST_FRAMES = 2
"""The first and the newest, which a film keeps however little room there is."""

FILE_SECONDS = 120.0
"""Without a viewer after which a run that a visitor opened from a file goes, as their files do."""


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
    worker_bytes: int = 320 * 2**20
    """What each of these processes may take beyond what it starts with; 0 for as much as there is.
    A quarter is for datasets. A run that needs more than the rest is refused."""
    max_runs: int = 240
    """Runs that train at the same time; a run and its further seeds count once. The second half of
    them is for owners who train nothing else."""
    owner_runs: int = 60
    """Those of one owner."""
    alarm_thresholds: AlarmThresholds = USUAL
    """Where the alarms of all runs begin."""

    @property
    def most_data(self) -> int:
        """Bytes that the datasets in one process may take, all together."""
        return self.worker_bytes // 4 or sys.maxsize

    @property
    def most_of_run(self) -> int:
        """Bytes that one run may take besides its dataset."""
        return self.worker_bytes * 3 // 4 or sys.maxsize


def tidy(runs: dict[str, Run], keeping: Keeping, now: float) -> tuple[list[str], list[str]]:
    """Runs to stop, and runs dropped from `runs`.

    Over the byte budget whoever holds most gives way first: of theirs, unwatched runs go, the
    longest unseen before others, a race as a whole. Then the largest film of whoever holds most is
    thinned, and what has ended goes where thinning is not enough; nobody who holds less than an
    equal part is touched. Recorded runs stay as they are.
    """
    unseen = {run.id: now - run.unseen_since for run in runs.values() if not run.viewers}
    dropped = [
        run
        for run, age in unseen.items()
        if age >= (FILE_SECONDS if runs[run].file else keeping.drop_after)
    ]
    for run in dropped:
        del runs[run]
    while size_of_all(runs.values()) > keeping.max_bytes:
        spare = [run for run in runs.values() if run.id in unseen]
        if not spare:
            break
        longest = max(_heaviest(runs, spare), key=lambda run: unseen[run.id])
        for run in [each.id for each in spare if _together(each, longest)]:
            del runs[run]
            dropped.append(run)
    dropped += _thin(runs, keeping.max_bytes)
    stopped = [
        run
        for run, age in unseen.items()
        if run in runs and age >= keeping.stop_after and runs[run].training
    ]
    return stopped, dropped


def _thin(runs: dict[str, Run], max_bytes: int) -> list[str]:
    """Make the watched runs fit; returns those that are dropped for it."""
    dropped: list[str] = []
    while size_of_all(runs.values()) > max_bytes:
        own = [run for run in runs.values() if not run.recorded]
        if not own:
            break
        own = _heaviest(runs, own)
        films = [run for run in own if len(run.film.frames) > FEWEST_FRAMES]
        ended = [run for run in own if not run.training and run.state != "paused"]
        if films:
            largest = max(films, key=lambda run: run.film.size)
            largest.film.thin()
            largest.thinned = True
        elif len(own) > 1 and ended:
            oldest = min(ended, key=lambda run: run.unseen_since)
            del runs[oldest.id]
            dropped.append(oldest.id)
        else:
            break
    return dropped


def _heaviest(runs: dict[str, Run], among: Iterable[Run]) -> list[Run]:
    """Of these, the runs of the owner who holds most; a dataset is shared by all who use it."""
    users: dict[str, set[str]] = {}
    for run in runs.values():
        users.setdefault(run.dataset.fingerprint, set()).add(run.owner)
    held: dict[str, float] = {}
    counted: set[tuple[str, str]] = set()
    for run in runs.values():
        held[run.owner] = held.get(run.owner, 0.0) + run.size
        key = run.owner, run.dataset.fingerprint
        if key not in counted:
            counted.add(key)
            held[run.owner] += run.dataset.nbytes / len(users[key[1]])
    candidates = list(among)
    most = max({run.owner for run in candidates}, key=lambda owner: held[owner])
    return [run for run in candidates if run.owner == most]


def size_of_all(runs: Iterable[Run]) -> int:
    """Bytes of all films, and of each dataset once however many runs use it."""
    several = list(runs)
    datasets = {run.dataset.fingerprint: run.dataset.nbytes for run in several}
    return sum(run.size for run in several) + sum(datasets.values())


def _together(one: Run, other: Run) -> bool:
    return one is other or bool(one.race and one.race == other.race)
