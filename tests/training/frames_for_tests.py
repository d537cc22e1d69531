"""Small frames, made by hand."""

import numpy as np

from lstm_viz.runs.frames import Frame, LayerFrame


def layer_frame(samples: int = 2, time_steps: int = 5, units: int = 3) -> LayerFrame:
    shape = (samples, time_steps, units)
    random = np.random.default_rng(0)
    return LayerFrame(
        kind="lstm",
        hidden_size=units,
        units=np.arange(units),
        hidden=random.random(shape, dtype=np.float32),
        cell=random.random(shape, dtype=np.float32),
        gates={"forget": random.random(shape, dtype=np.float32)},
        grad_hidden_norm=random.random(shape[:2]),
        grad_cell_norm=random.random(shape[:2]),
        log_grad_hidden=np.log10(random.random(shape, dtype=np.float32)),
        log_grad_cell=np.log10(random.random(shape, dtype=np.float32)),
        flow_norms={"hidden": random.random(shape[:2]), "cell": random.random(shape[:2])},
        flow_from=np.full(samples, time_steps - 1),
    )


def frame(step: int, **sizes: int) -> Frame:
    return Frame(
        epoch=step / 10,
        step=step,
        train_loss=1 / (step + 1),
        validation_loss=2 / (step + 1),
        grad_norm=3.0,
        clipped_grad_norm=1.0,
        layers={"recurrent.l0": layer_frame(**sizes)},
        forecast=np.arange(4, dtype=np.float32)[:, None],
        answer=np.zeros((sizes.get("samples", 2), 1), dtype=np.float32),
    )
