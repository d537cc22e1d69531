"""The one registry of runs in the app's process: what each was asked to do, and its film.

Sessions hold a run's id and nothing else. All runs together stay inside a byte budget.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import TrainerError
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.fitting import loss_in_use
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.chance import Chance, chance
from lstm_viz.runs.film import MAX_BYTES, MAX_FRAMES, Film
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.listening import Listeners
from lstm_viz.words import N_, Sentence

ACTIVE = ("waiting", "training", "paused")
"""States from which a run can still go on by itself or by a click."""

SHELF = "shelf"
"""The viewer that never leaves: recorded runs are always looked at."""

LOST = N_(
    "The trainer ended unexpectedly at step {step} (out of memory, or killed) and was started "
    "again. The frames up to there are kept; press Train to begin anew."
)


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


@dataclass
class Run:
    """One run as the app knows it."""

    id: str
    settings: Settings
    dataset: Dataset
    film: Film
    state: str = "waiting"
    """waiting, training, paused, finished, stopped, diverged, failed, lost or recorded."""
    message: Sentence | None = None
    """What the user should know about the state."""
    step: int = 0
    total_steps: int = 0
    steps_per_epoch: int = 1
    rate: float = 0.0
    """Optimizer updates a second."""
    seconds: float = 0.0
    """Spent in optimizer updates, without what watching and other runs cost."""
    device: str = ""
    parameters: int = 0
    memory: int = 0
    """Bytes that one step of training keeps, as `memory.step_bytes` counts; 0 until measured."""
    probe: Probe | None = None
    resident: bool = True
    """Whether the trainer still holds the model, so that it can be trained further."""
    settled: bool = True
    """Whether the last command has taken effect."""
    data: DataChoice | None = None
    """What its dataset was made of; None where the dataset was given as it is."""
    label: str = ""
    """What it is called beside others, marked for translation; made of its settings if empty."""
    race: str = ""
    """The same for all runs that were started together; empty for one started alone."""
    follows: str = ""
    """The run of its race of which it is a further seed; empty for one that is watched."""
    viewers: set[str] = field(default_factory=set)
    unseen_since: float = field(default_factory=time.monotonic)

    @property
    def experiment(self) -> Experiment | None:
        """What starts the same run again; None where its dataset was given as it is."""
        return None if self.data is None else Experiment(self.data, self.settings)

    @property
    def examples(self) -> Probe:
        """The probe of a run that has a frame."""
        assert self.probe is not None
        return self.probe

    @cached_property
    def chance(self) -> Chance:
        """The best constant answer to the validation examples that its frames are measured on."""
        return chance(self.dataset, loss_in_use(self.settings, self.dataset))

    @property
    def training(self) -> bool:
        return self.state in ("waiting", "training")

    @property
    def seconds_left(self) -> float | None:
        """At the present rate; None while that is unknown."""
        return (self.total_steps - self.step) / self.rate if self.rate else None

    @property
    def seconds_per_epoch(self) -> float | None:
        """As measured; None before the first step."""
        return self.seconds / self.step * self.steps_per_epoch if self.step else None

    @property
    def size(self) -> int:
        """Bytes of its film and dataset."""
        return self.film.size + self.dataset.values.nbytes


class Runs(Listeners):
    """All runs, by id; safe to use from any thread."""

    def __init__(self, keeping: Keeping | None = None) -> None:
        self.keeping = keeping or Keeping()
        self.losses = 0
        """How often the trainer was lost."""
        self._runs: dict[str, Run] = {}
        self._changed = threading.Condition()

    def add(
        self,
        settings: Settings,
        dataset: Dataset,
        label: str = "",
        race: str = "",
        data: DataChoice | None = None,
        follows: str = "",
    ) -> Run:
        """Register a run under a new id that cannot be guessed."""
        film = Film(self.keeping.run_frames, self.keeping.run_bytes)
        run_id = secrets.token_urlsafe(9)
        run = Run(run_id, settings, dataset, film, data=data, label=label, race=race)
        run.follows = follows
        with self._changed:
            self._runs[run.id] = run
        return run

    def shelve(self, run: Run) -> None:
        """Keep a recorded run for as long as the registry lives."""
        run.viewers.add(SHELF)
        with self._changed:
            self._runs[run.id] = run

    @property
    def recorded(self) -> list[Run]:
        return [run for run in list(self._runs.values()) if run.state == "recorded"]

    def of_race(self, race: str) -> list[Run]:
        """The watched contenders that were started together under this name, in their order."""
        return [run for run in list(self._runs.values()) if run.race == race and not run.follows]

    def seeds_of(self, run_id: str) -> list[Run]:
        """A contender and its further seeds, the watched one first."""
        others = [run for run in list(self._runs.values()) if run.follows == run_id]
        return [self.get(run_id), *others]

    def get(self, run: str) -> Run:
        """Raises TrainerError for an id that is unknown or was dropped."""
        if run not in self._runs:
            raise TrainerError(N_("This run is gone: runs nobody looks at are dropped in time."))
        return self._runs[run]

    def __contains__(self, run: object) -> bool:
        return run in self._runs

    def apply(self, event: dict[str, Any]) -> None:
        """Take in what the trainer says of a run."""
        with self._changed:
            run = self._runs.get(event.get("run", ""))
            if run is None:
                return
            match event["event"]:
                case "started":
                    for name in ("probe", "device", "parameters", "steps_per_epoch", "total_steps"):
                        setattr(run, name, event[name])
                case "measured":
                    run.memory = event["memory"]
                case "frame":
                    run.film.append(event["frame"])
                    run.step = event["frame"].step
                case "scalars":
                    run.film.note(event["scalars"])
                    run.step = event["scalars"]["step"]
                case "progress":
                    run.step, run.rate = event["step"], event["rate"]
                    run.seconds = event["seconds"]
                case "state":
                    run.state, run.message = event["state"], event["message"]
                    run.step = event.get("step", run.step)
                    run.total_steps = event.get("total_steps", run.total_steps)
                    run.seconds = event.get("seconds", run.seconds)
                    run.settled = True
                case "refused":
                    run.message, run.settled = event["message"], True
            self._changed.notify_all()
        self.tell([run.id], event)

    def wait_for_frame(self, run: str, seconds: float) -> bool:
        """Wait until the run has a frame or has ended; False when time ran out first."""
        record = self.get(run)
        with self._changed:
            return self._changed.wait_for(
                lambda: bool(record.film.frames) or not record.training, seconds
            )

    def expect_change(self, run: str) -> None:
        """A command is on its way: `settle` waits for what it changes."""
        self.get(run).settled = False

    def settle(self, run: str, seconds: float = 1.0) -> None:
        """Wait until the last command has taken effect, or time runs out."""
        record = self.get(run)
        with self._changed:
            self._changed.wait_for(lambda: record.settled, seconds)

    def lose_all(self) -> None:
        """The trainer is gone: say so on each run that was not over, at the step it had reached."""
        with self._changed:
            self.losses += 1
            for run in self._runs.values():
                run.resident = False
                run.settled = True
                if run.state in ACTIVE:
                    run.state, run.message = "lost", Sentence(LOST, {"step": run.step})
            self._changed.notify_all()
        self.tell([*self._runs], "lost")

    def watch(self, run: str, viewer: str) -> None:
        """A viewer looks at a run, and so at its further seeds."""
        with self._changed:
            for each in self.seeds_of(run):
                each.viewers.add(viewer)

    def leave(self, viewer: str) -> None:
        """A viewer is gone from all runs."""
        with self._changed:
            for run in self._runs.values():
                if viewer in run.viewers:
                    run.viewers.discard(viewer)
                    run.unseen_since = time.monotonic()

    def tidy(self, now: float | None = None) -> tuple[list[str], list[str]]:
        """Runs to stop and runs dropped, after what `keeping` allows.

        Over the byte budget, unwatched runs go first, the longest unseen before others, a race as a
        whole; then the largest films are thinned until the rest fits.
        """
        now = time.monotonic() if now is None else now
        with self._changed:
            unseen = {
                run.id: now - run.unseen_since for run in self._runs.values() if not run.viewers
            }
            dropped = [run for run, age in unseen.items() if age >= self.keeping.drop_after]
            for run in dropped:
                del self._runs[run]
            spare = sorted(set(unseen) - set(dropped), key=lambda run: unseen[run])
            while self.size > self.keeping.max_bytes and spare:
                last, race = spare[-1], self._runs[spare[-1]].race
                for run in [r for r in spare if r == last or (race and self._runs[r].race == race)]:
                    spare.remove(run)
                    del self._runs[run]
                    dropped.append(run)
            self._thin_to_budget()
            stopped = [
                run
                for run in spare
                if unseen[run] >= self.keeping.stop_after and self._runs[run].training
            ]
        self.tell(dropped, "dropped")
        return stopped, dropped

    def _thin_to_budget(self) -> None:
        while self.size > self.keeping.max_bytes:
            largest = max(self._runs.values(), key=lambda run: run.film.size)
            if len(largest.film.frames) <= 2:
                return
            largest.film.thin()

    @property
    def size(self) -> int:
        """Bytes of all films and datasets."""
        return sum(run.size for run in self._runs.values())
