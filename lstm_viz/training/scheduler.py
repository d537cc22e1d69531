"""Many runs, advanced in turn: first come first served, a slice of about 30 ms each.

It knows no process, no thread and no session: requests come in as plain data, events go out
as plain data. The worker process and the in-process trainer both wrap this one class.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DivergenceError, LstmVizError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame
from lstm_viz.training.devices import devices
from lstm_viz.training.loop import Training
from lstm_viz.training.memory import step_bytes
from lstm_viz.training.questions import ABOUT_MODEL, ABOUT_SETTINGS
from lstm_viz.words import N_, Sentence

Event = dict[str, Any]
Request = dict[str, Any]

SLICE_SECONDS = 0.03
PROGRESS_SECONDS = 0.25
SPARSER = 2
"""A contender of a race gives this many times fewer frames within an epoch: there are several."""


@dataclass
class _Job:
    run: str
    training: Training
    race: str = ""
    """What its contenders share."""
    stop_at: float = math.inf
    """Step at which a single-stepped epoch ends."""
    reported_at: float = field(default_factory=time.monotonic)
    reported_step: int = 0
    rate: float = 0.0
    """Optimizer updates a second, over the last report's span."""


class Scheduler:
    """Holds the models of all runs and advances those that train."""

    def __init__(self, emit: Callable[[Event], None], slice_seconds: float = SLICE_SECONDS) -> None:
        self._emit = emit
        self._slice = slice_seconds
        self._jobs: dict[str, _Job] = {}
        self._line: deque[str] = deque()
        self._requests: dict[str, Callable[[Request], None]] = {
            "submit": self._submit,
            "pause": self._pause,
            "step": self._step,
            "resume": self._resume,
            "stop": self._stop,
            "extend": self._extend,
            "drop": self._drop,
            "ask": self._ask,
        }
        emit({"event": "ready", "devices": devices()})

    @property
    def busy(self) -> bool:
        """Whether a run is waiting to be advanced."""
        return bool(self._line)

    def handle(self, request: Request) -> None:
        """Do what one request says; a mistake in it becomes an event, never an exception."""
        try:
            self._requests[request["do"]](request)
        except LstmVizError as error:
            self._refuse(request, error.sentence)
        except Exception as error:  # noqa: BLE001 - one run must not end the others
            words = N_("The trainer met an unexpected error: {error}.")
            self._refuse(request, Sentence(words, {"error": repr(error)}))

    def advance(self) -> None:
        """Give the run at the head of the line its slice and send it to the end.

        In a race it is the turn of the contender that is farthest behind.
        """
        run = self._next()
        job = self._jobs[run]
        ends = time.monotonic() + self._slice
        try:
            going = True
            while going and time.monotonic() < ends:
                going = self._advance_once(job)
        except DivergenceError as error:
            if job.training.has_news:
                self._frame(job, job.training.frame())
            self._state(job, "diverged", error.sentence)
        except Exception as error:  # noqa: BLE001 - likewise
            words = N_("The run ended with an unexpected error: {error}.")
            self._state(job, "failed", Sentence(words, {"error": repr(error)}))
        else:
            if going:
                self._line.append(run)
            if time.monotonic() - job.reported_at > PROGRESS_SECONDS:
                self._progress(job)

    def _next(self) -> str:
        first = self._jobs[self._line[0]]
        contenders = [
            job
            for job in map(self._jobs.__getitem__, self._line)
            if job is first or (job.race and job.race == first.race)
        ]
        run = min(contenders, key=lambda job: job.training.step_number / job.training.total_steps)
        self._line[self._line.index(run.run)] = first.run
        self._line[0] = run.run
        return self._line.popleft()

    def _advance_once(self, job: _Job) -> bool:
        """One optimizer update; False when the run has reached where it should halt."""
        training = job.training
        frame = training.step()
        halt = training.finished or training.step_number >= job.stop_at
        if frame is None and halt:
            frame = training.frame()
        if frame is not None:
            self._frame(job, frame)
        if halt:
            self._state(job, "finished" if training.finished else "paused", training.stopped_early)
        return not halt

    def _submit(self, request: Request) -> None:
        settings: Settings = request["settings"]
        dataset: Dataset = request["dataset"]
        training = Training(settings, dataset)
        race = request.get("race", "")
        if race and training.frame_every < training.steps_per_epoch:
            training.frame_every *= SPARSER
        job = self._jobs[request["run"]] = _Job(request["run"], training, race)
        self._emit(
            {
                "event": "started",
                "run": job.run,
                "probe": training.probe,
                "device": training.device.type,
                "parameters": training.parameters,
                "steps_per_epoch": training.steps_per_epoch,
                "total_steps": training.total_steps,
            }
        )
        self._frame(job, training.frame())
        self._emit({"event": "measured", "run": job.run, "memory": step_bytes(training)})
        if request.get("hold"):
            self._state(job, "paused")
        else:
            self._enter_line(job)

    def _pause(self, request: Request) -> None:
        self._halt(request["run"], "paused")

    def _stop(self, request: Request) -> None:
        self._halt(request["run"], "stopped")

    def _halt(self, run: str, state: str) -> None:
        job = self._job(run)
        if run in self._line:
            self._line.remove(run)
            if job.training.has_news:
                self._frame(job, job.training.frame())
        self._state(job, state)

    def _step(self, request: Request) -> None:
        job = self._job(request["run"])
        if job.training.finished:
            job.training.extend(1)
        per_epoch = job.training.steps_per_epoch
        job.stop_at = (job.training.step_number // per_epoch + 1) * per_epoch
        self._enter_line(job)

    def _resume(self, request: Request) -> None:
        job = self._job(request["run"])
        job.stop_at = math.inf
        if not job.training.finished:
            self._enter_line(job)

    def _extend(self, request: Request) -> None:
        job = self._job(request["run"])
        job.training.extend(request["epochs"])
        job.stop_at = math.inf
        self._enter_line(job)

    def _drop(self, request: Request) -> None:
        if request["run"] in self._line:
            self._line.remove(request["run"])
        self._jobs.pop(request["run"], None)

    def _ask(self, request: Request) -> None:
        question, about = request["question"], dict(request["about"])
        if question in ABOUT_MODEL:
            value = ABOUT_MODEL[question](self._job(about.pop("run")).training, **about)
        else:
            value = ABOUT_SETTINGS[question](**about)
        self._emit({"event": "answer", "id": request["id"], "value": value})

    def _enter_line(self, job: _Job) -> None:
        if job.run not in self._line:
            self._line.append(job.run)
        job.reported_at, job.reported_step = time.monotonic(), job.training.step_number
        self._state(job, "training")

    def _job(self, run: str) -> _Job:
        if run not in self._jobs:
            raise TrainerError(N_("The trainer no longer holds this run's model. Train it anew."))
        return self._jobs[run]

    def _frame(self, job: _Job, frame: Frame) -> None:
        self._emit({"event": "frame", "run": job.run, "frame": frame})

    def _progress(self, job: _Job) -> None:
        now, step = time.monotonic(), job.training.step_number
        job.rate = (step - job.reported_step) / (now - job.reported_at)
        job.reported_at, job.reported_step = now, step
        self._emit(
            {
                "event": "progress",
                "run": job.run,
                "step": step,
                "rate": job.rate,
                "seconds": job.training.seconds,
            }
        )

    def _state(self, job: _Job, state: str, message: Sentence | None = None) -> None:
        self._emit(
            {
                "event": "state",
                "run": job.run,
                "state": state,
                "message": message,
                "step": job.training.step_number,
                "total_steps": job.training.total_steps,
                "seconds": job.training.seconds,
            }
        )

    def _refuse(self, request: Request, message: Sentence) -> None:
        if request["do"] == "ask":
            self._emit({"event": "answer", "id": request["id"], "error": message})
        elif request["do"] == "submit":
            self._emit(
                {"event": "state", "run": request["run"], "state": "failed", "message": message}
            )
        else:
            self._emit({"event": "refused", "run": request["run"], "message": message})
