"""From a series to examples: split in time order, scaled on the training part, cut in windows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Part, Scaler, Scaling
from lstm_viz.data.series import Rows, Series
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.words import N_

SCALINGS: tuple[Scaling, ...] = get_args(Scaling)
LIMITS: Mapping[str, tuple[float, float]] = {
    "window": (2, 1000),
    "horizon": (1, 200),
    "validation_share": (0.05, 0.5),
}
"""Setting -> its smallest and largest value; `bounds` narrows them to a series."""
MIN_TRAINING = 8
MIN_VALIDATION = 2
"""Examples without which a part says nothing."""
LARGEST = 1e38
"""What float32 can hold, with room to compute."""

_REMEDY = {
    "window": N_(
        "The 'window' must be between {low} and {high}, got {got}. "
        "Shorten the window or upload a longer series."
    ),
    "horizon": N_(
        "The 'horizon' must be between {low} and {high}, got {got}. "
        "Shorten the horizon, enlarge the validation share or upload a longer series."
    ),
    "validation_share": N_(
        "The 'validation share' must be between {low} and {high}, got {got}. "
        "A share of 0.2 keeps the last fifth of the rows for validation."
    ),
}

Starts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WindowSpec:
    """How a series becomes examples.

    Raises ConfigError when a setting is outside `LIMITS` or unknown.
    """

    window: int = 30
    """T, rows the model reads."""
    horizon: int = 1
    """P, rows it predicts."""
    scaling: Scaling = "standard"
    """To mean 0 and deviation 1, to 0..1, or not at all; measured on the training part."""
    validation_share: float = 0.2
    """Share of the rows, the last ones, that training never sees."""

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            got = getattr(self, name)
            if not low <= got <= high:  # also refuses NaN
                raise ConfigError(_REMEDY[name], low=low, high=high, got=got)
            if isinstance(low, int) and got != int(got):
                raise ConfigError(
                    N_("The '{setting}' must be a whole number, got {got}."), setting=name, got=got
                )
        if self.scaling not in SCALINGS:
            raise ConfigError(
                N_("The 'scaling' must be one of {known}, got '{got}'."),
                known=", ".join(SCALINGS),
                got=self.scaling,
            )


def split_row(rows: int, validation_share: float) -> int:
    """First row of the validation part."""
    return rows - round(rows * validation_share)


def bounds(rows: int, spec: WindowSpec) -> dict[str, tuple[int, int]]:
    """The windows and horizons that fit `rows`: the window beside `spec.horizon`, and conversely.

    Raises DataError when the series is too short for any.
    """
    split = split_row(rows, spec.validation_share)
    low_window, high_window = (int(limit) for limit in LIMITS["window"])
    low_horizon, high_horizon = (int(limit) for limit in LIMITS["horizon"])
    validated = rows - split - MIN_VALIDATION + 1
    trained = split - MIN_TRAINING + 1
    # The longest horizon that leaves room for some window, then the longest window beside it.
    horizon = min(high_horizon, validated, trained - low_window)
    if horizon < low_horizon:
        raise DataError(
            N_(
                "The series has {rows} rows, and at least {need} are needed with a validation "
                "share of {share:g}. Upload a longer series."
            ),
            rows=rows,
            need=_fewest_rows(spec.validation_share),
            share=spec.validation_share,
        )
    window = min(high_window, trained - min(spec.horizon, horizon))
    return {"window": (low_window, window), "horizon": (low_horizon, horizon)}


def _fewest_rows(share: float) -> int:
    """The shortest series that can be cut at all."""
    window, horizon = int(LIMITS["window"][0]), int(LIMITS["horizon"][0])
    rows = window + horizon
    while (
        split_row(rows, share) < window + horizon + MIN_TRAINING - 1
        or rows - split_row(rows, share) < horizon + MIN_VALIDATION - 1
    ):
        rows += 1
    return rows


def cut(series: Series, column: str, spec: WindowSpec) -> Dataset:
    """The examples of one column: the split in time order, the scaling fitted before it.

    Raises DataError when the column is not there, holds nothing to learn, or is too short for
    the window or horizon; the message states the range that fits.

    >>> from lstm_viz.data.generators import generate
    >>> data = cut(generate("sine"), "value", WindowSpec(window=10))
    >>> [part[0].shape for part in (data.part("training"), data.part("validation"))]
    [(790, 10, 1), (200, 10, 1)]
    """
    if column not in series.columns:
        raise DataError(
            N_("'{series}' has no column called '{column}'. Choose another column."),
            series=series.name,
            column=column,
        )
    raw = series.column(column)
    for name, (low, high) in bounds(len(raw), spec).items():
        got = getattr(spec, name)
        if got > high:
            raise DataError(_REMEDY[name], low=low, high=high, got=got)
    split = split_row(len(raw), spec.validation_share)
    # NaN compares false. Squares of what passes stay far inside float64.
    usable = bool((np.abs(raw) <= LARGEST).all())
    scaler = fit_scaler(raw[:split], spec.scaling, column) if usable else Scaler()
    with np.errstate(over="ignore"):
        scaled = scaler.apply(raw)
    if not usable or np.abs(scaled).max() > LARGEST:
        raise DataError(
            N_(
                "'{column}' holds missing or infinite values, or values too large to train on. "
                "Fill them in or rescale the column."
            ),
            column=column,
        )
    values = scaled.astype(np.float32)
    return Dataset(
        name=series.name,
        values=values[:, None],
        answers=None,
        window=spec.window,
        horizon=spec.horizon,
        split=split,
        scaler=scaler,
        input_names=(column,),
        target_name=column,
    )


def fit_scaler(training: Rows, scaling: Scaling, column: str) -> Scaler:
    """The scaler of a training part; DataError when all its values are equal.

    standard: (x - mean) / deviation; minmax: (x - min) / (max - min); none: x.
    """
    low, high = float(training.min()), float(training.max())
    if low == high:
        raise DataError(
            N_(
                "'{column}' is {value:g} in all {rows} rows of the training part: there is nothing "
                "to learn. Choose another column or a smaller validation share."
            ),
            column=column,
            value=low,
            rows=len(training),
        )
    if scaling == "none":
        return Scaler()
    if scaling == "minmax":
        return Scaler(low, high - low)
    # The deviation of values within 1e-160 of each other is 0: their squares vanish.
    return Scaler(float(training.mean()), float(training.std()) or high - low)


def window_spans(dataset: Dataset, part: Part = "training") -> tuple[Starts, Starts]:
    """(starts, stops) of the examples of one part, as rows of the series: [start, stop).

    An example reads its first `window` rows and is asked for its last `horizon` rows, so `stop`
    is `start + window + horizon`. Raises DataError for a task, which has no common time axis.
    """
    if dataset.answers is not None:
        raise DataError(
            N_("'{name}' is made of separate sequences: no windows are cut from it."),
            name=dataset.name,
        )
    length = dataset.window + dataset.horizon
    first, last = (
        (0, dataset.split)
        if part == "training"
        else (dataset.split - dataset.window, len(dataset.values))
    )
    starts = np.arange(first, last - length + 1, dtype=np.int64)
    return starts, starts + length


def fitting(rows: int, spec: WindowSpec) -> WindowSpec:
    """`spec` with its window and horizon shortened to what `rows` allow.

    Raises DataError when the series is too short for any.
    """
    horizon = min(spec.horizon, bounds(rows, spec)["horizon"][1])
    shorter = replace(spec, horizon=horizon)
    return replace(shorter, window=min(spec.window, bounds(rows, shorter)["window"][1]))
