"""Many runs, advanced in turn: first come first served, a slice of about 30 ms each.

It knows no process, no thread and no session: requests come in as plain data, events go out
as plain data. The worker process and the in-process trainer both wrap this one class.
"""

import math
import time
from collections.abc import Callable
from typing import Any

from lstm_viz.errors import DivergenceError, TrainerError
from lstm_viz.runs.frames import Frame
from lstm_viz.training.devices import devices
from lstm_viz.training.job import Job
from lstm_viz.training.mishaps import is_out_of_memory, logged, sentence_of
from lstm_viz.training.questions import ABOUT_MODEL, ABOUT_SETTINGS
from lstm_viz.training.step_memory import step_bytes
from lstm_viz.training.turns import Turns
from lstm_viz.words import N_, Sentence

Event = dict[str, Any]
Request = dict[str, Any]

SLICE_SECONDS = 0.03
PROGRESS_SECONDS = 0.25


class Scheduler:
    """Holds the models of all runs and advances those that train."""

    def __init__(self, emit: Callable[[Event], None], slice_seconds: float = SLICE_SECONDS) -> None:
        self._emit = emit
        self._slice = slice_seconds
        self._jobs: dict[str, Job] = {}
        self._turns: Turns[Job] = Turns()
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
        except Exception as error:  # noqa: BLE001 - one run must not end the others
            with logged("a refusal"):
                self._refuse(request, sentence_of(error))

    def advance(self) -> None:
        """Give the run whose turn it is its slice; then it waits behind all others."""
        job = self._turns.take()
        try:
            self._turn(job)
        except Exception as error:  # noqa: BLE001 - one run must not end the others
            self._end(job, error)

    def _turn(self, job: Job) -> None:
        ends = time.monotonic() + self._slice
        self._begin(job)
        going = True
        while going and time.monotonic() < ends:
            going = self._advance_once(job)
        if going:
            self._turns.enter(job)
        if time.monotonic() - job.reported_at > PROGRESS_SECONDS:
            self._progress(job)

    def _end(self, job: Job, error: Exception) -> None:
        """A run's turn went wrong: it waits no longer, and says why."""
        with logged("a run's place among those that wait"):
            self._turns.leave(job.run_id)
        diverged = isinstance(error, DivergenceError)
        if diverged:
            with logged("the frame of a divergence"):
                if job.training.has_news:
                    self._frame(job, job.training.frame())
        with logged("the end of a run"):
            self._state(job, "diverged" if diverged else "failed", sentence_of(error))
        if is_out_of_memory(error):
            self._jobs.pop(job.run_id, None)
            job.release()

    def _advance_once(self, job: Job) -> bool:
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
        job = Job(
            request["run"],
            request["settings"],
            self._job(followed).dataset if followed else request["dataset"],
            request["race"],
            followed,
            1 + sum(other.follows == followed for other in self._jobs.values()) if followed else 0,
        )
        if not followed:
            self._begin(job)
            self._emit({"event": "measured", "run": job.run_id, "memory": step_bytes(job.training)})
        self._jobs[job.run_id] = job
        if request["hold"]:
            self._state(job, "paused")
        else:
            self._enter(job)

    def _begin(self, job: Job) -> None:
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

    def _enter(self, job: Job) -> None:
        """Let a run wait for its turn; one whose turn has not come yet is about to start."""
        self._turns.enter(job)
        job.reported_at, job.reported_step = time.monotonic(), job.step_number
        self._state(job, "training" if job.begun else "waiting")

    def _job(self, run_id: str) -> Job:
        if run_id not in self._jobs:
            raise TrainerError(N_("The trainer no longer holds this run's model. Train it anew."))
        return self._jobs[run_id]

    def _begun(self, run_id: str) -> Job:
        """The same, with its model."""
        job = self._job(run_id)
        self._begin(job)
        return job

    def _frame(self, job: Job, frame: Frame) -> None:
        self._emit({"event": "frame", "run": job.run_id, "frame": frame})

    def _progress(self, job: Job) -> None:
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

    def _state(self, job: Job, state: str, message: Sentence | None = None) -> None:
        reached: Event = {}
        with logged("how far a run is"):  # the state is said whatever else goes wrong
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
