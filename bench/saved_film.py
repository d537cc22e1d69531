"""What a film as one file costs: `python -m bench.saved_film`.

A run keeps 64 MB of frames, about half of the large ones here; all 100 are kept for this measure.
"""

import statistics
import tempfile
import time
from pathlib import Path

import torch

from lstm_viz import Settings, adding_problem, film, fit
from lstm_viz.notebook.result import Result
from lstm_viz.runs.film import Film
from lstm_viz.training.fit import frames_of
from lstm_viz.training.loop import Training

PROMISED_SECONDS, PROMISED_MB = 2, 10
MOMENTS = 100


def whole(settings: Settings, length: int) -> Result:
    """A training of which every frame is kept."""
    training, kept = Training(settings, adding_problem(64, length)), Film(200, 2**32)
    for frame in frames_of(training):
        kept.append(frame)
    return Result(training, kept)


def main(rounds: int = 7) -> None:
    torch.set_num_threads(1)
    large = whole(Settings.of(hidden_size=64, epochs=2 * (MOMENTS - 1), learning_rate=0.01), 200)
    small = fit(Settings.of(hidden_size=16, epochs=29), adding_problem(200, 50), progress=False)
    with tempfile.TemporaryDirectory() as folder:
        for result, units, steps in ((large, 64, 200), (small, 16, 50)):
            taken = []
            for _ in range(rounds):
                began = time.perf_counter()
                size = film(result).save(Path(folder) / "film.html")
                taken.append(time.perf_counter() - began)
            print(
                f"a film of {len(result.frames)} moments, {steps} steps, {units} units: "
                f"{statistics.median(taken):.2f} s (target {PROMISED_SECONDS} s), "
                f"{size / 1e6:.1f} MB (target {PROMISED_MB} MB)"
            )


if __name__ == "__main__":
    main()
