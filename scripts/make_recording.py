"""Record the training that the Start page plays: `python -m scripts.make_recording`.

It really trains (about ten seconds) and keeps the frames, of two of the probe's examples.
"""

from dataclasses import fields, replace

import numpy as np

from lstm_viz.data.choice import dataset_of
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.files import RECORDINGS
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.recordings import SUFFIX, save
from lstm_viz.training.inprocess import InProcessTrainer

EXPERIMENT = PRESETS["adding"]
KEPT = [3, 1]  # whose marks lie apart from the ends


def main() -> None:
    """Train, keep, and say what came out."""
    trainer = InProcessTrainer()
    settings = EXPERIMENT.run.changed(device="cpu")
    run = trainer.run(trainer.submit(settings, dataset_of(EXPERIMENT.data), data=EXPERIMENT.data))
    trainer.advance()
    probe = replace(run.probe, inputs=run.probe.inputs[KEPT], targets=run.probe.targets[KEPT])
    film = Film()
    for frame in run.film.frames:
        film.append(_fewer_samples(frame))
    path = RECORDINGS / f"adding{SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    save(replace(run, probe=probe, film=film), path)
    losses = run.film.history["validation_loss"]
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(film.frames)} frames,")
    print(f"validation loss {losses[0]:.4f} -> {losses[-1]:.5f}")


def _fewer_samples(frame: Frame) -> Frame:
    layers = {name: _cut(layer) for name, layer in frame.layers.items()}
    return replace(frame, layers=layers, answer=frame.answer[KEPT])


def _cut(layer: LayerFrame) -> LayerFrame:
    kept = {
        field.name: value[KEPT]
        for field in fields(layer)
        if isinstance(value := getattr(layer, field.name), np.ndarray) and field.name != "units"
    }
    return replace(layer, **kept, gates={name: gate[KEPT] for name, gate in layer.gates.items()})


if __name__ == "__main__":
    main()
