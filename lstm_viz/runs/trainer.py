"""The narrow way to a trainer: requests and answers are data, wherever the models live."""

import threading
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Any

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import TrainerError
from lstm_viz.experiments import cost
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.asking import CANCELLED, Answers, Question
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import (
    Alive,
    Answer,
    Ask,
    Command,
    Drop,
    Event,
    Extend,
    Pause,
    Ready,
    Resume,
    SetPace,
    Snapshot,
    Step,
    Stop,
    Submit,
)
from lstm_viz.runs.mishaps import logged
from lstm_viz.runs.place import Place
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.rooms import make_room
from lstm_viz.runs.run import Run
from lstm_viz.words import N_

ANSWER_SECONDS = 20.0
STARTING_SECONDS = 20.0
"""That a process may take besides, to load PyTorch: it is no slow answer."""
TIMED = ("untrained", "duration")
"""Questions that take two frames and some steps."""
LONG = ("laboratory", "laboratory_of")
"""Questions that may take seconds of any network, but for verifying it."""
GONE = N_("The trainer no longer holds this run's model. Train it anew.")


class Trainer(ABC):
    """Submit runs, command them, read their frames, ask instruments about them.

    Implementations say where runs are put, and where questions are answered.
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        self.runs = Runs(keeping)
        self.devices: list[str] = []
        self._places: dict[str, Place] = {}
        """Run -> where its model is."""
        self._placing = threading.Lock()
        self._awaited = Answers()

    @abstractmethod
    def _room_for(self, race: str, slow: bool) -> Place:
        """Where a new run is put, apart from others if it is slow. Raises TrainerError where there
        is no trainer.
        """

    @abstractmethod
    def _answering(self, ends: float, question: Question) -> AbstractContextManager[Place]:
        """Where a question is answered, before the clock says `ends`. Raises TrainerError
        where there is no trainer, or none is free in time.
        """

    @abstractmethod
    def close(self) -> None:
        """End the trainer and what it runs."""

    def want(self) -> None:  # noqa: B027 - most are ready as they are
        """Somebody is here who may train soon."""

    def submit(
        self,
        settings: Settings,
        dataset: Dataset,
        hold: bool = False,
        label: str = "",
        race: str = "",
        data: DataChoice | None = None,
        follows: str = "",
        owner: str = "",
        slow: bool = False,
    ) -> str:
        """Start a run, or build it and `hold` it paused; returns its id at once.

        Runs of one `race` are looked at together; each still is commanded by itself. `data` is what
        the dataset was made of, for links and for those who train the same again. A run that
        `follows` another of its race is a further seed of it: it trains when none of those does
        that are watched, and few frames are taken of it. A race of which one contender is `slow`
        (`is_slow`) trains apart from others; so does a slow run by itself.

        Raises ConfigError for a run that is too large, and TrainerError where there is no trainer
        or too many runs train, in all or of this `owner`; it leaves nothing behind then.
        """
        self.check(settings, dataset)
        self.runs.check_room(owner, dataset, runs=0 if follows else 1)
        run = self.runs.add(settings, dataset, label, race, data, follows)
        run.owner = owner
        slow = slow or self.is_slow(settings, dataset)
        try:
            with self._placing:
                place = self._places.get(follows) or self._room_for(race, slow)
                most = self.runs.keeping.most_data
                make_room(self._residents(place), run, most, self.drop)
                self._places[run.id] = place
                self._unload(place)
                place.send(Submit(run.id, settings, place.load(run.dataset), hold, race, follows))
        except BaseException:
            self._places.pop(run.id, None)
            self.runs.remove(run.id)
            raise
        return run.id

    def _residents(self, place: Place) -> list[Run]:
        """The runs whose models are there."""
        there = [run for run in self.runs.all if self._places.get(run.id) is place]
        return [run for run in there if run.resident]

    def _unload(self, place: Place) -> None:
        place.unload({run.dataset.fingerprint for run in self._residents(place)})

    def check(self, settings: Settings, dataset: Dataset) -> None:
        """Raise ConfigError for a run that needs more memory than one may take; it names the size
        that fits. What trains on a GPU is left to that.
        """
        if self._uses_cpu(settings, dataset):
            cost.check_memory(settings, dataset, self.runs.keeping.most_of_run)

    def is_slow(self, settings: Settings, dataset: Dataset) -> bool:
        """Whether others would notice that they wait for a step or a frame of such a run."""
        return self._uses_cpu(settings, dataset) and cost.has_long_steps(settings, dataset)

    def _uses_cpu(self, settings: Settings, dataset: Dataset) -> bool:
        if settings.budget.device != "auto":
            return settings.budget.device == "cpu"
        return self.devices[:1] in ([], ["cpu"]) or cost.is_faster_on_cpu(settings, dataset)

    def run(self, run: str) -> Run:
        """The run as far as it is known here. Raises TrainerError for one that is gone."""
        return self.runs.get(run)

    def frames(self, run: str, since: int = -1) -> list[Frame]:
        """The kept frames of a run after step `since`, oldest first."""
        return self.runs.get(run).film.since(since)

    def pause(self, run: str) -> None:
        """Hold a run where it is."""
        self._command(Pause(run))

    def step(self, run: str) -> None:
        """Train to the end of the present epoch, or one whole epoch from the end of one."""
        self._command(Step(run))

    def resume(self, run: str) -> None:
        """Go on after a pause."""
        self._command(Resume(run))

    def stop(self, run: str) -> None:
        """End a run; its frames stay and it can be trained further."""
        self._command(Stop(run))

    def extend(self, run: str, epochs: int) -> None:
        """Train a run that has ended this many epochs further."""
        self._command(Extend(run, epochs))

    def pace(self, run: str, rate: float) -> None:
        """Train a run no faster than so many optimizer updates a second; 0 for no limit."""
        self._place_of(run).send(SetPace(run, rate))
        self.runs.get(run).pace = rate

    def drop(self, run: str) -> None:
        """Forget a run's model."""
        place = self._places.pop(run, None)
        if run in self.runs:
            self.runs.get(run).resident = False
            self.runs.tell([run], "dropped")
        if place is not None:
            place.send(Drop(run))

    def ask(
        self,
        question: str,
        *,
        seconds: float = ANSWER_SECONDS,
        viewer: str = "",
        owner: str = "",
        **about: Any,
    ) -> Any:
        """Ask an instrument about a `run`, or about an untrained model of `settings` and `dataset`.

        The questions, and what each takes and gives, are listed in `training.questions`; besides
        them, "weights" gives every parameter of a run's model by its name.

        Raises TrainerError when no answer comes in these `seconds` from a process that has started,
        or the `viewer` for whom it is asked is gone before; and whatever the instrument refuses.
        Raises ConfigError at once for what needs more memory or more time than there is.
        An `owner` who asks much waits for others.
        """
        ends = time.monotonic() + seconds
        settings, dataset = about.pop("settings", None), about.pop("dataset", None)
        run_id, weights = about.pop("run", ""), None
        if run_id:
            run = self.runs.get(run_id)
            settings, dataset = run.settings, run.dataset
            place = self._place_of(run_id)
            weights = self._awaited.answer(
                place, lambda number: Snapshot(number, run_id), ends, viewer
            )
            if question == "weights":
                return weights
        waiting = Question(owner, viewer)
        if isinstance(settings, Settings) and isinstance(dataset, Dataset):
            self.check(settings, dataset)
            measures = question in LONG and about.get("what") != "verify"
            on_cpu = self._uses_cpu(settings, dataset)
            waiting.long = measures or (on_cpu and cost.has_long_look(settings, dataset))
            if question in TIMED and on_cpu:
                cost.check_time(settings, dataset, seconds)
        with self._answering(ends, waiting) as place:
            ends += place.begin(STARTING_SECONDS)
            if waiting.called_off:
                raise TrainerError(CANCELLED)
            fingerprint = "" if dataset is None else place.load(dataset)

            def asked(number: int) -> Ask:
                return Ask(number, question, about, settings, fingerprint, weights)

            return self._awaited.answer(place, asked, ends, viewer)

    def cancel(self, viewer: str) -> None:
        """Nobody waits any more for what was asked for this viewer."""
        self._awaited.cancel(viewer)

    def _place_of(self, run_id: str) -> Place:
        place = self._places.get(run_id)
        if place is None or not self.runs.get(run_id).resident:
            raise TrainerError(GONE)
        return place

    def tidy(self) -> None:
        """Stop and drop runs nobody looks at, and keep to the byte budget; raises nothing."""
        stopped, dropped = self.runs.tidy()
        places = set(self._places.values())
        for run in stopped:
            with logged("stopping a run"):
                self.stop(run)
        for run in dropped:
            with logged("dropping a run"):
                self.drop(run)
        for place in places:
            with logged("forgetting datasets"), self._placing:
                self._unload(place)

    def _command(self, command: Command) -> None:
        place = self._place_of(command.run_id)
        if isinstance(command, Resume | Extend | Step):
            self.runs.check_place(command.run_id)
        self.runs.expect_change(command.run_id, ending=isinstance(command, Stop))
        place.send(command)

    def _receive(self, event: Event) -> None:
        """Take in an event; whatever goes wrong with one, the next is taken in too."""
        with logged("an event of the trainer"):
            match event:
                case Ready():
                    self.devices = list(event.devices)
                case Alive():
                    pass
                case Answer():
                    self._awaited.take_in(event)
                case _:
                    self.runs.apply(event)

    def _lose(self, place: Place) -> None:
        """A place is gone with all it held."""
        lost = [run for run, its in list(self._places.items()) if its is place]
        for run in lost:
            self._places.pop(run, None)
        self.runs.lose(lost)
        self._awaited.lose(place)
