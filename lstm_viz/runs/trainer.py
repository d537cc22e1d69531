"""The narrow way to a trainer: requests and answers are data, wherever the models live."""

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from typing import Any

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import LstmVizError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.files import PACKAGE
from lstm_viz.runs import wire
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.registry import Keeping, Run, Runs
from lstm_viz.words import N_, Sentence

ANSWER_SECONDS = 20.0
QUICK_DEATH_SECONDS = 5.0


class Trainer(ABC):
    """Submit runs, command them, read their frames, ask instruments about them.

    Implementations say only how a request reaches a scheduler and how its events come back.
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        self.runs = Runs(keeping)
        self.devices: list[str] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._answered = threading.Condition()
        self._ids = itertools.count()

    @abstractmethod
    def _send(self, request: dict[str, Any]) -> None:
        """Hand a request to the scheduler."""

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
        `follows` another of its race, on the same data, is a further seed of it: it trains when
        none of those does that are watched, and few frames are taken of it.
        """
        run = self.runs.add(settings, dataset, label, race, data, follows)
        self._send(
            {
                "do": "submit",
                "run": run.id,
                "settings": settings,
                "dataset": None if follows else dataset,  # the trainer has it
                "hold": hold,
                "race": race,
                "follows": follows,
            }
        )
        return run.id

    def run(self, run: str) -> Run:
        """The run as far as it is known here. Raises TrainerError for one that is gone."""
        return self.runs.get(run)

    def frames(self, run: str, since: int = -1) -> list[Frame]:
        """The kept frames of a run after step `since`, oldest first."""
        return self.runs.get(run).film.since(since)

    def pause(self, run: str) -> None:
        """Hold a run where it is."""
        self._command("pause", run)

    def step(self, run: str) -> None:
        """Train to the end of the present epoch, or one whole epoch from the end of one."""
        self._command("step", run)

    def resume(self, run: str) -> None:
        """Go on after a pause."""
        self._command("resume", run)

    def stop(self, run: str) -> None:
        """End a run; its frames stay and it can be trained further."""
        self._command("stop", run)

    def extend(self, run: str, epochs: int) -> None:
        """Train a run that has ended this many epochs further."""
        self._command("extend", run, epochs=epochs)

    def drop(self, run: str) -> None:
        """Forget a run's model."""
        self._send({"do": "drop", "run": run})

    def ask(self, question: str, **about: Any) -> Any:
        """Ask an instrument about a run or an untrained model.

        The questions, and what each takes and gives, are listed in `questions`.

        Raises TrainerError when no answer comes, and whatever the instrument refuses.
        """
        number = next(self._ids)
        self._send({"do": "ask", "id": number, "question": question, "about": about})
        losses = self.runs.losses
        with self._answered:
            there = self._answered.wait_for(
                lambda: number in self._answers or self.runs.losses > losses, ANSWER_SECONDS
            )
            answer = self._answers.pop(number, {})
        if not there or not answer:
            raise TrainerError(N_("The trainer did not answer in time. Try again in a moment."))
        if "error" in answer:
            sentence: Sentence = answer["error"]
            raise LstmVizError(sentence.template, **sentence.values)
        return answer["value"]

    def tidy(self) -> None:
        """Stop and drop runs nobody looks at, and keep to the byte budget."""
        stopped, dropped = self.runs.tidy()
        for run in stopped:
            self.stop(run)
        for run in dropped:
            self.drop(run)

    @abstractmethod
    def close(self) -> None:
        """End the trainer and what it runs."""

    def _command(self, do: str, run: str, **values: Any) -> None:
        if not self.runs.get(run).resident:
            raise TrainerError(N_("The trainer no longer holds this run's model. Train it anew."))
        self.runs.expect_change(run)
        self._send({"do": do, "run": run, **values})

    def _receive(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "ready":
                self.devices = list(event["devices"])
            case "answer":
                with self._answered:
                    self._answers[event["id"]] = event
                    self._answered.notify_all()
            case _:
                self.runs.apply(event)


class ChildTrainer(Trainer):
    """A trainer in a process of its own, started again when it dies.

    It ends with this process, however that ends: its standard input closes.
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        super().__init__(keeping)
        self._lock = threading.Lock()
        self._closed = False
        self._child = self._start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def _start(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
        child = subprocess.Popen(
            [sys.executable, "-m", "lstm_viz.training.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in a terminal ends the app, which ends this
            env={**os.environ, "PYTHONPATH": path},
        )
        self._listener = threading.Thread(target=self._listen, args=(child,), daemon=True)
        self._listener.start()
        return child

    def _send(self, request: dict[str, Any]) -> None:
        with self._lock:
            assert self._child.stdin is not None
            try:
                wire.write(self._child.stdin, request)
            except (OSError, ValueError) as error:  # ValueError: the pipe is closed already
                raise TrainerError(
                    N_("The trainer is being started again. Try once more in a few seconds.")
                ) from error

    def _listen(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        started = time.monotonic()
        with child.stdout, contextlib.suppress(EOFError):
            while True:
                self._receive(wire.read(child.stdout))
        child.wait()
        with contextlib.suppress(OSError):
            child.stdin.close()
        self.runs.lose_all()
        with self._answered:
            self._answered.notify_all()
        if time.monotonic() - started < QUICK_DEATH_SECONDS:
            time.sleep(QUICK_DEATH_SECONDS)  # one that cannot start must not be started in a storm
        with self._lock:
            if not self._closed:
                self._child = self._start()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            assert self._child.stdin is not None
            self._child.stdin.close()
        self._listener.join()
