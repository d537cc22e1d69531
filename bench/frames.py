"""What frames cost a run: their share of its time, how many there are, and what one is made of.

    python -m bench.frames

A worker's scheduler without its process, one run alone, everything packed as for the pipe.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.runs import wire
from lstm_viz.runs.messages import Event, FrameTaken, Load, Scored, Submit
from lstm_viz.training import predicting
from lstm_viz.training.governor import SHARE
from lstm_viz.training.loop import Training
from lstm_viz.training.scheduler import Scheduler

(EXPERIMENT,) = PRESETS["adding"].experiments
"""What the app shows first."""
RUNS = 3
FRAMES, STEPS_BETWEEN = 40, 3
EPOCHS = (12, 50)


def run(epochs: int, share: float | None) -> tuple[float, int]:
    """The share of a run's processor time that frames take, and how many there are."""
    settings, dataset = EXPERIMENT.settings, dataset_of(EXPERIMENT.data)
    spent, frames = [0.0], [0]

    def timed(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*about: Any) -> Any:
            began = time.process_time()
            try:
                return method(*about)
            finally:
                spent[0] += time.process_time() - began

        return call

    def emit(event: Event) -> None:
        frames[0] += isinstance(event, FrameTaken)
        pack = timed(wire.pack) if isinstance(event, FrameTaken | Scored) else wire.pack
        pack(event)

    scheduler = Scheduler(emit, frame_share=share)
    scheduler.handle(Load("data", dataset))
    frame = Training.frame
    Training.frame = timed(frame)  # type: ignore[method-assign]
    try:
        began = time.process_time()
        scheduler.handle(Submit("run", settings.changed(epochs=epochs), "data"))
        while scheduler.patience == 0:
            scheduler.advance()
        return spent[0] / (time.process_time() - began), frames[0]
    finally:
        Training.frame = frame  # type: ignore[method-assign]


def parts() -> dict[str, float]:
    """Median milliseconds of an update, a frame, and its two largest parts."""
    training = Training(EXPERIMENT.settings, dataset_of(EXPERIMENT.data))
    probe = training.probe
    measured: dict[str, Callable[[], object]] = {
        "an update": training.advance,
        "a frame": training.frame,
        "the validation examples' answers": lambda: predicting.outputs(
            training.model, training._asked_x
        ),
        "the probe's trace": lambda: training.seen(probe.inputs, probe.targets),
    }
    found: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(FRAMES):
        for _ in range(STEPS_BETWEEN):
            training.advance()
        for name, call in measured.items():
            began = time.process_time()
            call()
            found[name].append(1e3 * (time.process_time() - began))
    return {name: statistics.median(each) for name, each in found.items()}


def main() -> None:
    torch.set_num_threads(1)
    print(", ".join(f"{name} {each:.1f} ms" for name, each in parts().items()))
    print(f"frames' share of a run's processor time, the app's first experiment, median of {RUNS}")
    for epochs in EPOCHS:
        for name, share in (("all that are due", None), (f"at most {SHARE:.0%}", SHARE)):
            found = [run(epochs, share) for _ in range(RUNS)]
            median = statistics.median(each for each, _ in found)
            print(f"  {epochs} epochs, {name}: {median:.1%}, {found[0][1]} frames")


if __name__ == "__main__":
    main()
