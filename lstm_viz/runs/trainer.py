"""The narrow way to a trainer: requests and answers are data, wherever the models live."""

import itertools
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import (
    Answer,
    Ask,
    Command,
    Drop,
    Event,
    Extend,
    Load,
    Pause,
    Ready,
    Request,
    Resume,
    Snapshot,
    Step,
    Stop,
    Submit,
    Unload,
)
from lstm_viz.runs.mishaps import logged
from lstm_viz.runs.registry import Runs
from lstm_viz.runs.run import Run
from lstm_viz.words import N_

ANSWER_SECONDS = 20.0
GONE = N_("The trainer no longer holds this run's model. Train it anew.")
TOO_LATE = N_("The trainer did not answer in time. Try again in a moment.")
ENDED = N_("The trainer ended before it could answer. Try again in a moment.")


class Trainer(ABC):
    """Submit runs, command them, read their frames, ask instruments about them.

    Implementations say only how a request reaches a scheduler and how its events come back.
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        self.runs = Runs(keeping)
        self.devices: list[str] = []
        self._loaded: set[str] = set()
        """Fingerprints of the datasets that the scheduler holds."""
        self._loading = threading.Lock()
        self._awaited: dict[int, Future[Any]] = {}
        """Questions whose askers still wait, by number."""
        self._ids = itertools.count()

    @abstractmethod
    def _send(self, request: Request) -> None:
        """Hand a request to the scheduler. Raises TrainerError where there is none."""

    def submit(
        self,
        settings: Settings,
        dataset: Dataset,
        hold: bool = False,
        label: str = "",
        race: str = "",
        data: DataChoice | None = None,
        follows: str = "",
    ) -> str:
        """Start a run, or build it and `hold` it paused; returns its id at once.

        Runs of one `race` are looked at together; each still is commanded by itself. `data` is what
        the dataset was made of, for links and for those who train the same again. A run that
        `follows` another of its race is a further seed of it: it trains when none of those does
        that are watched, and few frames are taken of it.

        Raises TrainerError where there is no trainer, and leaves nothing behind then.
        """
        run = self.runs.add(settings, dataset, label, race, data, follows)
        try:
            fingerprint = self._load(run.dataset)
            self._send(Submit(run.id, settings, fingerprint, hold, race, follows))
        except TrainerError:
            self.runs.remove(run.id)
            raise
        return run.id

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

    def drop(self, run: str) -> None:
        """Forget a run's model."""
        self._send(Drop(run))

    def ask(
        self,
        question: str,
        *,
        run: str = "",
        settings: Settings | None = None,
        dataset: Dataset | None = None,
        seconds: float = ANSWER_SECONDS,
        **about: Any,
    ) -> Any:
        """Ask an instrument about a run, or about an untrained model of settings and a dataset.

        The questions, and what each takes and gives, are listed in `training.questions`; besides
        them, "weights" gives every parameter of a run's model by its name.

        Raises TrainerError when no answer comes in these `seconds`, and whatever the instrument
        refuses.
        """
        ends = time.monotonic() + seconds
        weights = None
        if run:
            record = self.runs.get(run)
            if not record.resident:
                raise TrainerError(GONE)
            settings, dataset = record.settings, record.dataset
            weights = self._answer(lambda number: Snapshot(number, run), ends)
            if question == "weights":
                return weights
        fingerprint = "" if dataset is None else self._load(dataset)
        return self._answer(
            lambda number: Ask(number, question, about, settings, fingerprint, weights), ends
        )

    def _answer(self, request: Callable[[int], Request], ends: float) -> Any:
        """What is answered to a request before the clock says `ends`; later it is dropped."""
        number, answer = next(self._ids), Future[Any]()
        self._awaited[number] = answer
        try:
            self._send(request(number))
            return answer.result(max(0.0, ends - time.monotonic()))
        except TimeoutError:
            raise TrainerError(TOO_LATE) from None
        finally:
            self._awaited.pop(number, None)

    def _load(self, dataset: Dataset) -> str:
        """See to it that the scheduler holds a dataset; returns its fingerprint."""
        fingerprint = dataset.fingerprint
        with self._loading:
            if fingerprint not in self._loaded:
                self._send(Load(fingerprint, dataset))
                self._loaded.add(fingerprint)
        return fingerprint

    def _unload(self) -> None:
        """Let the scheduler forget the datasets that no run has."""
        with self._loading:
            for fingerprint in self._loaded - {run.dataset.fingerprint for run in self.runs.all}:
                self._send(Unload(fingerprint))
                self._loaded.discard(fingerprint)

    def tidy(self) -> None:
        """Stop and drop runs nobody looks at, and keep to the byte budget; raises nothing."""
        stopped, dropped = self.runs.tidy()
        for run in stopped:
            with logged("stopping a run"):
                self.stop(run)
        for run in dropped:
            with logged("dropping a run"):
                self.drop(run)
        with logged("forgetting datasets"):
            self._unload()

    @abstractmethod
    def close(self) -> None:
        """End the trainer and what it runs."""

    def _command(self, command: Command) -> None:
        if not self.runs.get(command.run_id).resident:
            raise TrainerError(GONE)
        self.runs.expect_change(command.run_id)
        self._send(command)

    def _receive(self, event: Event) -> None:
        """Take in an event; whatever goes wrong with one, the next is taken in too."""
        with logged("an event of the trainer"):
            match event:
                case Ready():
                    self.devices = list(event.devices)
                case Answer():
                    self._take_in(event)
                case _:
                    self.runs.apply(event)

    def _take_in(self, answer: Answer) -> None:
        awaited = self._awaited.pop(answer.number, None)
        if awaited is None:
            return  # it comes too late: nobody waits for it
        if answer.error is not None:
            awaited.set_exception(answer.error)
        else:
            awaited.set_result(answer.value)

    def _lose(self) -> None:
        """The scheduler is gone with all it held."""
        self._loaded.clear()
        self.runs.lose_all()
        for number in list(self._awaited):
            self._take_in(Answer(number, error=TrainerError(ENDED)))
