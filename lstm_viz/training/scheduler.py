"""Many runs, advanced in turn: first come first served, a slice of about 30 ms each.

It knows no process, no thread and no session: requests come in as plain data, events go out
as plain data. The worker process and the in-process trainer both wrap this one class.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DivergenceError, LstmVizError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame
from lstm_viz.training.devices import devices
from lstm_viz.training.loop import Training
from lstm_viz.training.questions import ABOUT_MODEL, ABOUT_SETTINGS
from lstm_viz.training.step_memory import step_bytes
from lstm_viz.training.turns import Turns
from lstm_viz.words import N_, Sentence

Event = dict[str, Any]
Request = dict[str, Any]

SLICE_SECONDS = 0.03
PROGRESS_SECONDS = 0.25
SPARSER = 2
"""A contender of a race gives this many times fewer frames within an epoch: there are several."""
FRAMES_BEHIND = 4
"""Frames of a contender's further seed after its first; between them its losses are measured alone,
and more sparsely than those of the one that is watched."""


@dataclass
class _Job:
    run_id: str
    settings: Settings
    dataset: Dataset
    race: str = ""
    """What its contenders share."""
    follows: str = ""
    """The run of which it is a further seed; empty for one that is watched."""
    place: int = 0
    """Which further seed of it, from 1; 0 for one that is watched."""
    begun: bool = False
    """Whether its model was built: that of a further seed is when its first turn comes."""
    stop_at: float = math.inf
    """Step at which a single-stepped epoch ends."""
    measured: int = 0
    """How often it was measured since its first frame."""
    reported_at: float = field(default_factory=time.monotonic)
    reported_step: int = 0
    rate: float = 0.0
    """Optimizer updates a second, over the last report's span."""

    @cached_property
    def training(self) -> Training:
        """Raises ConfigError where it cannot be built."""
        training = Training(self.settings, self.dataset)
        if self.race and training.frame_every < training.steps_per_epoch:
            training.frame_every *= SPARSER
        if self.follows:
            training.frame_every *= SPARSER
        return training

    @property
    def step_number(self) -> int:
        return self.training.step_number if self.begun else 0

    @property
    def progress(self) -> float:
        """The share of its training that is done."""
        return self.step_number / self.training.total_steps if self.begun else 0.0

    @property
    def frame_is_due(self) -> bool:
        """Whether more than its losses is wanted of this moment."""
        all_of_them = self.training.total_steps / self.training.frame_every
        return not self.follows or self.measured % max(1, round(all_of_them / FRAMES_BEHIND)) == 0


class Scheduler:
    """Holds the models of all runs and advances those that train."""

    def __init__(self, emit: Callable[[Event], None], slice_seconds: float = SLICE_SECONDS) -> None:
        self._emit = emit
        self._slice = slice_seconds
        self._jobs: dict[str, _Job] = {}
        self._turns: Turns[_Job] = Turns()
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
        return len(self._turns) > 0

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
        """Give the run whose turn it is its slice; then it waits behind all others."""
        job = self._turns.take()
        ends = time.monotonic() + self._slice
        try:
            self._begin(job)
            going = True
            while going and time.monotonic() < ends:
                going = self._advance_once(job)
        except DivergenceError as error:
            if job.training.has_news:
                self._frame(job, job.training.frame())
            self._state(job, "diverged", error.sentence)
        except LstmVizError as error:
            self._state(job, "failed", error.sentence)
        except Exception as error:  # noqa: BLE001 - likewise
            words = N_("The run ended with an unexpected error: {error}.")
            self._state(job, "failed", Sentence(words, {"error": repr(error)}))
        else:
            if going:
                self._turns.enter(job)
            if time.monotonic() - job.reported_at > PROGRESS_SECONDS:
                self._progress(job)

    def _advance_once(self, job: _Job) -> bool:
        """One optimizer update; False when the run has reached where it should halt."""
        training = job.training
        due = training.advance()
        halt = training.finished or training.step_number >= job.stop_at
        if due or halt:
            job.measured += 1
            if halt or job.frame_is_due:
                self._frame(job, training.frame())
            else:
                self._emit({"event": "scalars", "run": job.run_id, "scalars": training.scalars()})
        if halt:
            self._state(job, "finished" if training.finished else "paused", training.stopped_early)
        return not halt

    def _submit(self, request: Request) -> None:
        """A further seed of a run trains on that run's data, and is built when its turn comes."""
        followed = request["follows"]
        job = _Job(
            request["run"],
            request["settings"],
            self._job(followed).dataset if followed else request["dataset"],
            request["race"],
            followed,
            1 + sum(other.follows == followed for other in self._jobs.values()) if followed else 0,
        )
        self._jobs[job.run_id] = job
        if not followed:
            self._begin(job)
            self._emit({"event": "measured", "run": job.run_id, "memory": step_bytes(job.training)})
        if request["hold"]:
            self._state(job, "paused")
        else:
            self._enter(job)

    def _begin(self, job: _Job) -> None:
        """Build the model of a run, once; say what it is, and what it does untrained."""
        if job.begun:
            return
        training = job.training
        job.begun = True
        self._emit(
            {
                "event": "started",
                "run": job.run_id,
                "probe": training.probe,
                "device": training.device.type,
                "parameters": training.parameters,
                "steps_per_epoch": training.steps_per_epoch,
                "total_steps": training.total_steps,
            }
        )
        self._frame(job, training.frame())
        if job.follows:
            self._state(job, "training")

    def _pause(self, request: Request) -> None:
        self._halt(request["run"], "paused")

    def _stop(self, request: Request) -> None:
        self._halt(request["run"], "stopped")

    def _halt(self, run_id: str, state: str) -> None:
        job = self._job(run_id)
        if run_id in self._turns:
            self._turns.leave(run_id)
            if job.begun and job.training.has_news:
                self._frame(job, job.training.frame())
        self._state(job, state)

    def _step(self, request: Request) -> None:
        job = self._begun(request["run"])
        if job.training.finished:
            job.training.extend(1)
        per_epoch = job.training.steps_per_epoch
        job.stop_at = (job.training.step_number // per_epoch + 1) * per_epoch
        self._enter(job)

    def _resume(self, request: Request) -> None:
        job = self._job(request["run"])
        job.stop_at = math.inf
        if not (job.begun and job.training.finished):
            self._enter(job)

    def _extend(self, request: Request) -> None:
        job = self._begun(request["run"])
        job.training.extend(request["epochs"])
        job.stop_at = math.inf
        self._enter(job)

    def _drop(self, request: Request) -> None:
        self._turns.leave(request["run"])
        self._jobs.pop(request["run"], None)

    def _ask(self, request: Request) -> None:
        question, about = request["question"], dict(request["about"])
        if question in ABOUT_MODEL:
            value = ABOUT_MODEL[question](self._begun(about.pop("run")).training, **about)
        else:
            value = ABOUT_SETTINGS[question](**about)
        self._emit({"event": "answer", "id": request["id"], "value": value})

    def _enter(self, job: _Job) -> None:
        """Let a run wait for its turn; one whose turn has not come yet is about to start."""
        self._turns.enter(job)
        job.reported_at, job.reported_step = time.monotonic(), job.step_number
        self._state(job, "training" if job.begun else "waiting")

    def _job(self, run_id: str) -> _Job:
        if run_id not in self._jobs:
            raise TrainerError(N_("The trainer no longer holds this run's model. Train it anew."))
        return self._jobs[run_id]

    def _begun(self, run_id: str) -> _Job:
        """The same, with its model."""
        job = self._job(run_id)
        self._begin(job)
        return job

    def _frame(self, job: _Job, frame: Frame) -> None:
        self._emit({"event": "frame", "run": job.run_id, "frame": frame})

    def _progress(self, job: _Job) -> None:
        now, step = time.monotonic(), job.step_number
        job.rate = (step - job.reported_step) / (now - job.reported_at)
        job.reported_at, job.reported_step = now, step
        self._emit(
            {
                "event": "progress",
                "run": job.run_id,
                "step": step,
                "rate": job.rate,
                "seconds": job.training.seconds,
            }
        )

    def _state(self, job: _Job, state: str, message: Sentence | None = None) -> None:
        reached: Event = {}
        if job.begun:
            reached = {
                "step": job.step_number,
                "total_steps": job.training.total_steps,
                "seconds": job.training.seconds,
            }
        event = {"event": "state", "run": job.run_id, "state": state, "message": message}
        self._emit({**event, **reached})

    def _refuse(self, request: Request, message: Sentence) -> None:
        if request["do"] == "ask":
            self._emit({"event": "answer", "id": request["id"], "error": message})
        elif request["do"] == "submit":
            self._emit(
                {"event": "state", "run": request["run"], "state": "failed", "message": message}
            )
        else:
            self._emit({"event": "refused", "run": request["run"], "message": message})
