"""Small datasets to train on, one of each kind of problem."""

from dataclasses import replace
from functools import cache

import numpy as np

from lstm_viz.data.dataset import NOT_SCORED, Dataset, Scaler
from lstm_viz.data.series import Series
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.data.text import text_dataset
from lstm_viz.data.windows import WindowSpec, cut

KINDS = ("numbers", "binary", "classes", "classes at every step", "text", "series")


def wave(rows: int = 80, window: int = 8) -> Dataset:
    values = np.sin(np.arange(rows) / 3).astype(np.float32)[:, None]
    return Dataset(
        "wave", values, None, window, 1, rows * 3 // 4, Scaler(), ("y",), ("y",), test_split=rows
    )


def waves(horizon: int = 3, targets: tuple[str, ...] = ("a", "b"), rows: int = 160) -> Dataset:
    """Forecasts of several of three columns, which are all read."""
    t = np.arange(rows)
    columns = np.stack([3 + np.sin(t / 4), np.cos(t / 5), np.sin(t / 7)], axis=1)
    spec = WindowSpec(window=9, horizon=horizon)
    return cut(Series("waves", columns, ("a", "b", "c")), targets, spec, ("a", "b", "c"))


@cache
def of_kind(kind: str) -> Dataset:
    """A small dataset of one of `KINDS`, or with answers at some steps, of some examples more."""
    match kind:
        case "numbers":
            return make_task("adding", {"count": 60, "length": 10})
        case "binary":
            return make_task("first_symbol", {"count": 60, "length": 20})
        case "classes":
            return make_task("temporal_order", {"count": 60, "length": 30})
        case "classes at every step":
            return make_task("copy_memory", {"count": 60, "items": 2, "lag": 5})
        case "classes at some steps":
            whole = make_task("copy_memory", {"count": 400, "items": 3, "lag": 4})
            assert whole.answers is not None
            answers = whole.answers.copy()
            answers[::3, -2:] = NOT_SCORED
            return replace(whole, answers=answers)
        case "text":
            return text_dataset("the cat sat on the mat. " * 30, "cats", window=12)
    return waves()
