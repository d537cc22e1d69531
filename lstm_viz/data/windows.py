"""From a series to examples: split in time order, scaled on the training part, cut in windows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import get_args

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Scaler, Scaling
from lstm_viz.data.series import Rows, Series
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.words import N_

SCALINGS: tuple[Scaling, ...] = get_args(Scaling)
LIMITS: Mapping[str, tuple[float, float]] = {
    "window": (1, 1000),
    "horizon": (1, 200),
    "validation_share": (0.05, 0.5),
    "test_share": (0.0, 0.4),
}
"""Setting -> its smallest and largest value; `bounds` narrows them to a series."""
MIN_TRAINING = 8
MIN_VALIDATION = 2
MIN_TEST = 1
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
        "A share of 0.2 keeps a fifth of the rows for validation."
    ),
    "test_share": N_(
        "The 'test share' must be between {low} and {high}, got {got}. "
        "A share of 0.1 keeps the last tenth of the rows for a test that nothing was chosen by."
    ),
}


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
    """To mean 0 and deviation 1, to 0..1, by median and quartiles, or not at all."""
    validation_share: float = 0.2
    """Share of the rows on which a run is judged while it trains: early stopping looks at it."""
    test_share: float = 0.1
    """Share of the rows, the last ones, on which nothing is decided; 0 for none."""

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            given = getattr(self, name)
            if isinstance(given, bool) or not isinstance(given, Real):
                raise ConfigError(
                    N_("The '{setting}' must be a number, got {got!r}."), setting=name, got=given
                )
            got = float(given)
            if not low <= got <= high:  # also refuses NaN
                raise ConfigError(_REMEDY[name], low=low, high=high, got=given)
            if isinstance(low, int) and got % 1:
                raise ConfigError(
                    N_("The '{setting}' must be a whole number, got {got}."),
                    setting=name,
                    got=given,
                )
            object.__setattr__(self, name, int(got) if isinstance(low, int) else got)
        if self.scaling not in SCALINGS:
            raise ConfigError(
                N_("The 'scaling' must be one of {known}, got '{got}'."),
                known=", ".join(SCALINGS),
                got=self.scaling,
            )


def splits(rows: int, spec: WindowSpec) -> tuple[int, int]:
    """First row of the validation part, and first row of the test part."""
    test = rows - round(rows * spec.test_share)
    return test - round(rows * spec.validation_share), test


def bounds(rows: int, spec: WindowSpec) -> dict[str, tuple[int, int]]:
    """The windows and horizons that fit `rows`: the window beside `spec.horizon`, and conversely.

    Raises DataError when the series is too short for any.
    """
    low_window, high_window = (int(limit) for limit in LIMITS["window"])
    low_horizon, high_horizon = (int(limit) for limit in LIMITS["horizon"])
    trained, judged = _room(rows, spec)
    # The longest horizon that leaves room for some window, then the longest window beside it.
    horizon = min(high_horizon, judged, trained - low_window)
    if horizon < low_horizon:
        raise DataError(
            N_(
                "The series has {rows} rows, and at least {need} are needed with a validation "
                "share of {share:g} and a test share of {test:g}. Upload a longer series."
            ),
            rows=rows,
            need=fewest_rows(spec),
            share=spec.validation_share,
            test=spec.test_share,
        )
    window = min(high_window, trained - min(spec.horizon, horizon))
    return {"window": (low_window, window), "horizon": (low_horizon, horizon)}


def _room(rows: int, spec: WindowSpec) -> tuple[int, int]:
    """(longest window + horizon of the training part, longest horizon of the other parts)."""
    split, test = splits(rows, spec)
    judged = test - split - MIN_VALIDATION + 1
    if spec.test_share:
        judged = min(judged, rows - test - MIN_TEST + 1)
    return split - MIN_TRAINING + 1, judged


def fewest_rows(spec: WindowSpec) -> int:
    """The shortest series that can be cut at all."""
    window, horizon = int(LIMITS["window"][0]), int(LIMITS["horizon"][0])
    rows = window + horizon
    while not (_room(rows, spec)[0] >= window + horizon and _room(rows, spec)[1] >= horizon):
        rows += 1
    return rows


def cut(
    series: Series, targets: str | Sequence[str], spec: WindowSpec, features: Sequence[str] = ()
) -> Dataset:
    """The examples of a series: the split in time order, the scaling fitted before it.

    The network reads the `targets` and the further `features`, and is asked for the targets.
    Raises DataError when a column is not there, holds nothing to learn, or is too short for
    the window or horizon; the message states the range that fits.

    >>> from lstm_viz.data.generators.catalogue import generate
    >>> data = cut(generate("sine"), "value", WindowSpec(window=10))
    >>> [len(data.part(part)[0]) for part in ("training", "validation", "test")]
    [690, 200, 100]
    """
    targets = (targets,) if isinstance(targets, str) else tuple(targets)
    names = tuple(dict.fromkeys((*targets, *features)))
    raw = np.stack([_column(series, name) for name in names], axis=1)
    for name, (low, high) in bounds(len(raw), spec).items():
        got = getattr(spec, name)
        if got > high:
            raise DataError(_REMEDY[name], low=low, high=high, got=got)
    split, test_split = splits(len(raw), spec)
    values, scaler = _scaled(raw, split, spec.scaling, names)
    return Dataset(
        name=series.name,
        values=values,
        answers=None,
        window=spec.window,
        horizon=spec.horizon,
        split=split,
        test_split=test_split,
        scaler=scaler,
        input_names=names,
        target_names=targets,
        index_name=series.index_name,
        index=series.index,
        differences=series.differences,
        levels=series.levels,
    )


def _column(series: Series, name: str) -> Rows:
    if name not in series.columns:
        raise DataError(
            N_("'{series}' has no column called '{column}'. Choose another column."),
            series=series.name,
            column=name,
        )
    return series.column(name)


def _scaled(
    raw: Rows, split: int, scaling: Scaling, names: Sequence[str]
) -> tuple[npt.NDArray[np.float32], Scaler]:
    """(N, D) scaled by what the rows before the split say."""
    # NaN compares false. Squares of what passes stay far inside float64.
    usable = (np.abs(raw) <= LARGEST).all(axis=0)
    with np.errstate(over="ignore"):
        if usable.all():
            scaler = fit_scaler(raw[:split], scaling, names)
            scaled = scaler.apply(raw)
            usable = np.abs(scaled).max(axis=0) <= LARGEST
    if not usable.all():
        raise DataError(
            N_(
                "'{column}' holds missing or infinite values, or values too large to train on. "
                "Fill them in or rescale the column."
            ),
            column=names[int(np.argmin(usable))],
        )
    return scaled.astype(np.float32), scaler


def fit_scaler(training: Rows, scaling: Scaling, names: Sequence[str]) -> Scaler:
    """The scaler of a training part (N, D); DataError when all values of a column are equal.

    standard: (x - mean) / deviation; minmax: (x - min) / (max - min); robust: (x - median) /
    interquartile range; none: x.
    """
    lows, highs = training.min(axis=0), training.max(axis=0)
    for name, low, high in zip(names, lows, highs, strict=True):
        if low == high:
            raise DataError(
                N_(
                    "'{column}' is {value:g} in all {rows} rows of the training part: there is "
                    "nothing to learn. Choose another column or a smaller validation share."
                ),
                column=name,
                value=float(low),
                rows=len(training),
            )
    offsets, scales = _SCALINGS[scaling](training)
    # The deviation of values within 1e-160 of each other is 0: their squares vanish. So is the
    # interquartile range of a column that rests for most of the time.
    scales = np.where(scales > 0, scales, highs - lows)
    return Scaler(tuple(map(float, offsets)), tuple(map(float, scales)))


_SCALINGS: Mapping[Scaling, Callable[[Rows], tuple[Rows, Rows]]] = {
    "standard": lambda x: (x.mean(axis=0), x.std(axis=0)),
    "minmax": lambda x: (x.min(axis=0), np.ptp(x, axis=0)),
    "robust": lambda x: (np.median(x, axis=0), np.subtract(*np.quantile(x, (0.75, 0.25), axis=0))),
    "none": lambda x: (np.zeros(x.shape[1]), np.ones(x.shape[1])),
}


def fitting(rows: int, spec: WindowSpec) -> WindowSpec:
    """`spec` with its window and horizon shortened to what `rows` allow.

    Raises DataError when the series is too short for any.
    """
    horizon = min(spec.horizon, bounds(rows, spec)["horizon"][1])
    shorter = replace(spec, horizon=horizon)
    return replace(shorter, window=min(spec.window, bounds(rows, shorter)["window"][1]))
