"""The one registry of runs in the app's process: what each was asked to do, and its film.

Sessions hold a run's id and nothing else. All runs together stay inside a byte budget.
"""

import secrets
import string
import threading
import time
from collections.abc import Collection
from dataclasses import replace
from weakref import WeakValueDictionary

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DataError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.film import Film
from lstm_viz.runs.keeping import Keeping, size_of_all, tidy
from lstm_viz.runs.listening import Listeners
from lstm_viz.runs.messages import RunEvent
from lstm_viz.runs.run import SHELF, Run
from lstm_viz.words import N_

FULL = N_(
    "This server trains {limit} runs at a time: all places are taken. Try again when some "
    "have ended."
)
LARGE = N_(
    "These data take {size:,.0f} MB, and at most {limit:,.0f} MB fit here. Choose fewer columns "
    "or rows, or shorter sequences."
)
LARGE_FILE = N_(
    "This run takes {size:,.0f} MB, and at most {limit:,.0f} MB fit here. Save a run of fewer "
    "moments, examples or units."
)
NEARLY_FULL = N_(
    "This server is nearly full: each visitor may train one network. Train one alone, or try "
    "again when some runs have ended."
)
OWN_FULL = N_("You can train {limit} runs at a time. Stop some of yours first.")

LETTERS, ID_LETTERS = string.ascii_letters + string.digits, 12
"""An id has 71 random bits. It is a part of keys, in which Streamlit allows no "__"."""


def new_id() -> str:
    """Nobody can guess it."""
    return "".join(secrets.choice(LETTERS) for _ in range(ID_LETTERS))


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
        film = Film(self.keeping.run_frames, self.keeping.run_bytes, self.keeping.alarm_thresholds)
        run_id = new_id()
        fingerprint = dataset.fingerprint
        with self._changed:
            dataset = self._datasets.setdefault(fingerprint, dataset)
            run = Run(run_id, settings, dataset, film, data=data, label=label, race=race)
            run.follows = follows
            self._runs[run.id] = run
        return run

    def check_room(
        self, owner: str, dataset: Dataset, runs: int = 1, ending: Collection[str] = ()
    ) -> None:
        """Raise TrainerError where an owner may not train so many more `runs` at the same time,
        once those that are `ending` have ended, and DataError for a dataset that alone takes more
        than half of what all may hold. A further seed of a run that trains is no more.
        """
        limit = min(self.keeping.max_bytes // 2, self.keeping.most_data)
        if dataset.nbytes > limit:
            raise DataError(LARGE, size=dataset.nbytes / 2**20, limit=limit / 2**20)
        if runs:
            self._check_places(owner, runs, ending)

    def check_place(self, run_id: str) -> None:
        """Raise TrainerError where a run that rests may not go on."""
        run = self.get(run_id)
        if not run.training:
            self._check_places(run.owner, 1, [each.id for each in self.seeds_of(run.group)])

    def _check_places(self, owner: str, more: int, ending: Collection[str]) -> None:
        keeping = self.keeping
        taken = {run.group: run.owner for run in self.all if run.busy and run.id not in ending}
        own = more + sum(each == owner for each in taken.values()) if owner else 0
        if own > keeping.owner_runs:
            raise TrainerError(OWN_FULL, limit=keeping.owner_runs)
        if len(taken) + more > keeping.max_runs:
            raise TrainerError(FULL, limit=keeping.max_runs)
        if own > 1 and len(taken) + more > keeping.max_runs // 2:
            raise TrainerError(NEARLY_FULL)

    def take_in(self, run: Run) -> Run:
        """Register a run that was opened from a file, under a new id that cannot be guessed.

        Raises DataError where it alone takes more than a quarter of what all may hold.
        """
        size, most = run.size + run.dataset.nbytes, self.keeping.max_bytes // 4
        if size > most:
            raise DataError(LARGE_FILE, size=size / 2**20, limit=most / 2**20)
        with self._changed:
            dataset = self._datasets.setdefault(run.dataset.fingerprint, run.dataset)
            taken = replace(run, id=new_id(), dataset=dataset)
            self._runs[taken.id] = taken
        return taken

    def let_go(self, run_id: str, viewer: str) -> None:
        """Forget a run that this viewer had opened, unless others look at it."""
        with self._changed:
            run = self._runs.get(run_id)
            if run is None or run.viewers - {viewer}:
                return
            del self._runs[run_id]
        self.tell([run_id], "dropped")

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
            raise TrainerError(N_("This run is gone: runs nobody looks at are dropped."))
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

    def expect_change(self, run: str, ending: bool = False) -> None:
        """A command is on its way, perhaps to stop: `settle` waits for what it changes."""
        record = self.get(run)
        record.settled, record.ending = False, ending

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
    def any_trains(self) -> bool:
        """Whether any run trains or is about to."""
        with self._changed:
            return any(run.training for run in self._runs.values())

    @property
    def size(self) -> int:
        """Bytes of all films, and of each dataset once."""
        with self._changed:
            return size_of_all(self._runs.values())
