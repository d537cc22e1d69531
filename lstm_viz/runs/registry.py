"""The one registry of runs in the app's process: what each was asked to do, and its film.

Sessions hold a run's id and nothing else. All runs together stay inside a byte budget.
"""

import secrets
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakValueDictionary

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import TrainerError
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.fitting import loss_in_use
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.chance import Chance, chance
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.keeping import Keeping, size_of_all, tidy
from lstm_viz.runs.listening import Listeners
from lstm_viz.runs.messages import (
    FrameTaken,
    Measured,
    Progress,
    Refused,
    RunEvent,
    Scored,
    Started,
    StateChanged,
)
from lstm_viz.words import N_, Sentence

ACTIVE = ("waiting", "training", "paused")
"""States from which a run can still go on by itself or by a click."""

SHELF = "shelf"
"""The viewer that never leaves: recorded runs are always looked at."""

LOST = N_(
    "The trainer ended unexpectedly at step {step} (out of memory, or killed) and was started "
    "again. The frames up to there are kept; press Train to begin anew."
)


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
    def recorded(self) -> bool:
        """Whether it ships with the app."""
        return self.state == "recorded"

    def apply(self, event: RunEvent) -> None:
        """Take in what the trainer says of it."""
        match event:
            case Started():
                self.probe, self.device = event.probe, event.device
                self.parameters, self.total_steps = event.parameters, event.total_steps
                self.steps_per_epoch = event.steps_per_epoch
            case Measured():
                self.memory = event.memory
            case FrameTaken():
                self.film.append(event.frame)
                self.step = event.frame.step
            case Scored():
                self.film.note(event.scalars)
                self.step = int(event.scalars["step"])
            case Progress():
                self.step, self.rate, self.seconds = event.step, event.rate, event.seconds
            case StateChanged():
                self._change_state(event)
            case Refused():
                self.message, self.settled = event.message, True

    def lose(self) -> None:
        """Its trainer is gone."""
        self.resident, self.settled = False, True
        if self.state in ACTIVE:
            self.state, self.message = "lost", Sentence(LOST, {"step": self.step})

    def _change_state(self, event: StateChanged) -> None:
        self.state, self.message = event.state, event.message
        self.settled, self.resident = True, event.resident
        if event.step is not None:
            self.step = event.step
        if event.total_steps is not None:
            self.total_steps = event.total_steps
        if event.seconds is not None:
            self.seconds = event.seconds


class Runs(Listeners):
    """All runs, by id; safe to use from any thread. Listeners hear of what happens to them."""

    def __init__(self, keeping: Keeping | None = None) -> None:
        self.keeping = keeping or Keeping()
        self._datasets: WeakValueDictionary[str, Dataset] = WeakValueDictionary()
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
        fingerprint = dataset.fingerprint
        with self._changed:
            dataset = self._datasets.setdefault(fingerprint, dataset)
            run = Run(run_id, settings, dataset, film, data=data, label=label, race=race)
            run.follows = follows
            self._runs[run.id] = run
        return run

    def remove(self, run_id: str) -> None:
        """Forget a run that never came to be."""
        with self._changed:
            self._runs.pop(run_id, None)

    def shelve(self, run: Run) -> None:
        """Keep a recorded run for as long as the registry lives."""
        run.viewers.add(SHELF)
        with self._changed:
            self._runs[run.id] = run

    @property
    def all(self) -> list[Run]:
        """Every run, in the order in which they came."""
        with self._changed:
            return list(self._runs.values())

    @property
    def recorded(self) -> list[Run]:
        return [run for run in self.all if run.recorded]

    def of_race(self, race: str) -> list[Run]:
        """The watched contenders that were started together under this name, in their order."""
        return [run for run in self.all if run.race == race and not run.follows]

    def seeds_of(self, run_id: str) -> list[Run]:
        """A contender and its further seeds, the watched one first."""
        others = [run for run in self.all if run.follows == run_id]
        return [self.get(run_id), *others]

    def get(self, run: str) -> Run:
        """Raises TrainerError for an id that is unknown or was dropped."""
        with self._changed:
            found = self._runs.get(run)
        if found is None:
            raise TrainerError(N_("This run is gone: runs nobody looks at are dropped in time."))
        return found

    def __contains__(self, run: object) -> bool:
        with self._changed:
            return run in self._runs

    def apply(self, event: RunEvent) -> None:
        """Take in what the trainer says of a run; nothing of one that is gone."""
        with self._changed:
            run = self._runs.get(event.run_id)
            if run is None:
                return
            run.apply(event)
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

    def lose(self, run_ids: Collection[str]) -> None:
        """Their trainer is gone: say so on each that was not over, at the step it had reached."""
        with self._changed:
            for run in self._runs.values():
                if run.id in run_ids:
                    run.lose()
            self._changed.notify_all()
        self.tell(run_ids, "lost")

    def lose_all(self) -> None:
        """The trainer of every run is gone."""
        self.lose([run.id for run in self.all])

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
        """Runs to stop and runs dropped, as `keeping.tidy` says."""
        with self._changed:
            now = time.monotonic() if now is None else now
            stopped, dropped = tidy(self._runs, self.keeping, now)
        self.tell(dropped, "dropped")
        return stopped, dropped

    @property
    def size(self) -> int:
        """Bytes of all films, and of each dataset once."""
        with self._changed:
            return size_of_all(self._runs.values())
