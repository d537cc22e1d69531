"""Arrays, columns and tables of somebody's own as what a run learns from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset, Problem, Scaler
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.tables import content_of
from lstm_viz.data.resolved import dataset_of
from lstm_viz.data.series import Labels, Series
from lstm_viz.data.windows import MIN_TRAINING, MIN_VALIDATION, WindowSpec, cut, splits
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.words import N_

Values = npt.NDArray[Any]
MOST_SYMBOLS = 256


def dataset_from(
    data: Any,
    spec: WindowSpec | None = None,
    targets: str | Sequence[str] = (),
    features: Sequence[str] = (),
) -> Dataset:
    """The dataset that somebody's own data are.

    - `(X, y)`: X (N, T, D) numbers, (N, T) numbers, or (N, T) whole numbers from 0, the codes of
      symbols. y is (N,) or (N, P) numbers to give after the last step; (N,) classes (whole
      numbers, texts, True and False); or (N, T) whole numbers, a class at every step, -1 where
      none is asked for. Arrays are taken as they are, unscaled. Numbers keep their order, so that
      the last sequences are the test part; classes are shuffled, since files are often sorted.
    - a column: (N,) numbers, a pandas Series, or a `Series` of this package; it is scaled and cut
      into windows as `spec` says.
    - a DataFrame: the same of its `targets`, reading the `features` too; of other columns nothing
      is read, which may be texts.
    - what `lstm_viz.read` gives: the same, of what it proposes where no `targets` are named. Series
      that are stacked in it are learned together as sequences that no window crosses: each has its
      own training, validation and test part, and scaling.

    Raises DataError for what is none of these, or cannot be cut; ConfigError for `spec` beside what
    is cut already.

    >>> data = dataset_from((np.zeros((20, 5, 2)), np.arange(20) % 3))
    >>> data.problem, data.classes, [len(data.part(each)[0]) for each in ("training", "test")]
    ('classes', ('0', '1', '2'), [14, 2])
    """
    if isinstance(data, Dataset):
        if spec is not None or targets or features:
            raise ConfigError(N_("A Dataset is cut already: leave out its windows and columns."))
        return data
    if isinstance(data, Reading):
        columns = (targets,) if isinstance(targets, str) else tuple(targets)
        choice = DataChoice("upload", data.name, spec=spec or WindowSpec(), targets=columns)
        choice = replace(choice, features=tuple(features), stacked="sequences")
        return dataset_of(choice, content_of(data, stacked="sequences"))
    if isinstance(data, tuple | list) and len(data) == 2:
        return _of_sequences(_array(data[0], "X"), _array(data[1], "y"), spec or WindowSpec())
    if any(kind.__module__.startswith("torch.utils.data") for kind in type(data).__mro__):
        raise DataError(
            N_("A {got} is not read. Give arrays (X, y): a TensorDataset's 'tensors', or those "
               "of a DataLoader's 'dataset'. The 'batch_size' is a setting."),
            got=type(data).__name__,
        )  # fmt: skip
    series = _series_of(data, targets, features)
    names = targets or series.columns[:1]
    return cut(series, names, spec or WindowSpec(), features)


def _of_sequences(x: Values, y: Values, spec: WindowSpec) -> Dataset:
    codes = x.dtype.kind in "iu" and x.ndim == 2
    if codes and not (len(x) and x.min() >= 0 and x.max() < MOST_SYMBOLS):
        raise DataError(
            N_("Whole numbers in X (N, T) are codes of symbols, 0 to {most}. Give numbers as "
               "floats."),
            most=MOST_SYMBOLS - 1,
        )  # fmt: skip
    if x.ndim == 2:
        x = x[..., None]
    if x.ndim != 3 or not x.size:
        raise DataError(N_("X must be (N, T, D) or (N, T), got {shape}."), shape=str(x.shape))
    if y.ndim == 0 or len(y) != len(x):
        raise DataError(
            N_("X holds {count} sequences, y is {shape}: give an answer for each."),
            count=len(x),
            shape=str(y.shape),
        )
    answers, problem, classes, every_step = _answers(y, x.shape[1])
    values = x.astype(np.uint8) if codes else _finite(x, "X")
    if problem != "regression":
        order = np.random.default_rng(0).permutation(len(x))
        values, answers = values[order], answers[order]
    split, test_split = splits(len(x), spec)
    if split < MIN_TRAINING or test_split - split < MIN_VALIDATION:
        raise DataError(N_("{count} sequences are too few. Give more."), count=len(x))
    return Dataset(
        name="(X, y)",
        values=values,
        answers=answers,
        window=x.shape[1],
        horizon=1,
        split=split,
        test_split=test_split,
        scaler=Scaler(),
        input_names=tuple(f"x{k}" for k in range(x.shape[2])),
        target_names=("y",) if len(answers.shape) < 2 or answers.shape[1] == 1 or every_step
        else tuple(f"y{k}" for k in range(answers.shape[1])),
        problem=problem,
        every_step=every_step,
        symbols=tuple(map(str, range(int(x.max()) + 1))) if codes else (),
        classes=classes,
    )  # fmt: skip


def _answers(y: Values, steps: int) -> tuple[Values, Problem, tuple[str, ...], bool]:
    """Answers as a dataset has them, what they ask for, the classes, whether at every step."""
    if y.dtype.kind == "f":
        if y.ndim > 2:
            raise DataError(N_("Numbers in y must be (N,) or (N, P), got {shape}."),
                            shape=str(y.shape))  # fmt: skip
        return _finite(y.reshape(len(y), -1), "y"), "regression", (), False
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    every_step = y.ndim == 2
    if y.ndim > 2 or (every_step and (y.shape[1] != steps or y.dtype.kind not in "iu")):
        raise DataError(
            N_("Classes in y must be (N,), or (N, T) with T = {steps}, got {shape}. Give numbers "
               "as floats."),
            steps=steps,
            shape=str(y.shape),
        )  # fmt: skip
    if every_step:
        if y.min() < -1 or y.max() > np.iinfo(np.int16).max:
            raise DataError(N_("A class at a step is a whole number from 0, or -1 for none."))
        classes = tuple(map(str, range(int(y.max()) + 1)))
        return y.astype(np.int16), "classes", classes, True
    unlike, codes = np.unique(y, return_inverse=True)
    if len(unlike) < 2:
        raise DataError(N_("All answers in y are one class: there is nothing to learn."))
    if len(unlike) > len(y) // 2:
        raise DataError(
            N_("y holds {count} different classes in {rows} answers. Give numbers as floats."),
            count=len(unlike),
            rows=len(y),
        )
    classes = tuple(map(str, unlike.tolist()))
    if len(unlike) == 2:
        return codes.reshape(-1, 1).astype(np.float32), "binary", classes, False
    return codes.reshape(-1, 1).astype(np.int16), "classes", classes, False


def _series_of(data: Any, targets: str | Sequence[str], features: Sequence[str]) -> Series:
    if isinstance(data, Series):
        return data
    if hasattr(data, "columns") and hasattr(data, "to_numpy"):
        columns = tuple(map(str, data.columns))
        if not targets and len(columns) > 1:
            raise DataError(
                N_("Say which column to forecast: targets=\"...\", one of {known}."),
                known=", ".join(columns[:8]),
            )  # fmt: skip
        asked = [targets] if isinstance(targets, str) and targets else [*targets]
        read = [*map(str, asked), *map(str, features)] or list(columns)
        for name in read:
            if name not in columns:
                raise DataError(
                    N_("The DataFrame has no column '{name}'. It has: {known}."),
                    name=name, known=", ".join(columns[:8]),
                )  # fmt: skip
        places = [k for k, name in enumerate(columns) if name in read]
        table = np.stack([_column(data.iloc[:, k], columns[k]) for k in places], axis=1)
        return Series("DataFrame", table, tuple(columns[k] for k in places), **_index(data))
    values = _numbers(data)
    if values.ndim != 1:
        raise DataError(
            N_("Data must be (X, y), a column, a DataFrame, a Series or a Dataset, got {got}."),
            got=type(data).__name__,
        )
    named = getattr(data, "name", None)
    return Series(
        "column", values[:, None], (str(named) if named is not None else "y",), **_index(data)
    )


def _column(data: Any, name: str) -> npt.NDArray[np.float64]:
    try:
        return np.asarray(data.to_numpy(), np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(
            N_("The column '{name}' does not hold numbers. Leave it out of 'targets' and "
               "'features', or make numbers of it."),
            name=name,
        ) from error  # fmt: skip


def _index(data: Any) -> dict[str, Any]:
    """The times of a table's rows; nothing where they are only counted."""
    index = getattr(data, "index", None)
    values: Labels | None = getattr(index, "values", None)
    if values is None or values.dtype.kind not in "iufM":
        return {}
    if not bool(getattr(index, "is_monotonic_increasing", True)):
        raise DataError(N_("The rows are not in time order. Sort them first."))
    if values.dtype.kind != "M":
        values = values.astype(np.float64)
    return {"index": values, "index_name": str(getattr(index, "name", None) or "step")}


def _numbers(data: Any) -> npt.NDArray[np.float64]:
    try:
        return np.asarray(_array(data, "data"), np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(
            N_("Data must be (X, y), a column, a DataFrame, a Series or a Dataset, got {got}."),
            got=type(data).__name__,
        ) from error


def _array(given: Any, what: str) -> Values:
    """An array of what may be a tensor, a table or nested lists."""
    given = given.detach().cpu() if hasattr(given, "detach") else given
    try:
        found = np.asarray(given)
    except ValueError as error:  # lists of unlike lengths
        raise DataError(
            N_("'{what}' must be one array: pad sequences of unlike lengths."),
            what=what,
        ) from error
    return found


def _finite(values: Values, what: str) -> npt.NDArray[np.float32]:
    try:
        numbers = values.astype(np.float32)
    except (TypeError, ValueError) as error:
        raise DataError(N_("'{what}' must hold numbers."), what=what) from error
    if not np.isfinite(numbers).all():
        raise DataError(
            N_("'{what}' holds values that are not finite. Fill them or leave these rows out."),
            what=what,
        )
    return numbers
