"""Record the trainings that the Start and Gradients pages play: `python -m scripts.make_recording`.

They really train (about ten seconds each) and keep the frames, of two of the probe's examples.
"""

from dataclasses import fields, replace
from typing import Any

import numpy as np

from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import Settings
from lstm_viz.files import RECORDINGS
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.recordings import SUFFIX, save
from lstm_viz.training.inprocess import InProcessTrainer

EXPERIMENT = PRESETS["adding"]
DATA = replace(EXPERIMENT.data, seed=280)
"""Its first example has marks apart from both ends, and the LSTM's unit that stores them goes up at
each of the two."""
RUNS = {
    "adding": EXPERIMENT.run.changed(device="cpu"),
    "adding_rnn": EXPERIMENT.run.changed(cell="rnn_tanh", device="cpu"),
}
"""Name of the file -> settings; the first is what the Start page plays."""
KEPT = [0, 2]


def main() -> None:
    """Train, keep, and say what came out."""
    RECORDINGS.mkdir(parents=True, exist_ok=True)
    for name, settings in RUNS.items():
        record(name, settings)


def record(name: str, settings: Settings) -> None:
    """One of them."""
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(settings, dataset_of(DATA), data=DATA))
    trainer.advance()
    probe = replace(run.probe, inputs=run.probe.inputs[KEPT], targets=run.probe.targets[KEPT])
    film = Film()
    for frame in run.film.frames:
        film.append(_fewer_samples(frame))
    path = RECORDINGS / f"{name}{SUFFIX}"
    save(replace(run, probe=probe, film=film), path)
    losses = run.film.history["validation_loss"]
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(film.frames)} frames,")
    print(f"validation loss {losses[0]:.4f} -> {losses[-1]:.5f}")


def _fewer_samples(frame: Frame) -> Frame:
    layers = {name: _cut(layer) for name, layer in frame.layers.items()}
    return replace(frame, layers=layers, answer=frame.answer[KEPT])


def _cut(layer: LayerFrame) -> LayerFrame:
    kept = {
        field.name: _of_kept(value)
        for field in fields(layer)
        if field.name != "units" and not isinstance(value := getattr(layer, field.name), str | int)
    }
    return replace(layer, **kept)


def _of_kept(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value[KEPT]
    return None if value is None else {name: array[KEPT] for name, array in value.items()}


if __name__ == "__main__":
    main()
