"""A small series to train on."""

import numpy as np

from lstm_viz.data.dataset import Dataset, Scaler


def wave(rows: int = 80, window: int = 8) -> Dataset:
    values = np.sin(np.arange(rows) / 3).astype(np.float32)[:, None]
    return Dataset(
        "wave", values, None, window, 1, rows * 3 // 4, Scaler(), ("y",), ("y",), test_split=rows
    )
