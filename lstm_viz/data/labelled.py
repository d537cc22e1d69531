"""Labelled sequences of a file as a classification."""

import numpy as np

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.data.reading.tables import Labelled
from lstm_viz.data.tasks.task import MAX_STEPS
from lstm_viz.data.windows import WindowSpec, splits
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MAX_CLASSES = 60


def labelled_dataset(
    found: Labelled, validation_share: float = 0.2, test_share: float = 0.1, seed: int = 0
) -> Dataset:
    """After each sequence, which class is it of?

    The sequences are shuffled, since files are often sorted by class, and each signal is scaled
    by mean and deviation of the training part. Raises DataError for too many classes or steps.

    >>> values, labels = np.arange(40.0).reshape(20, 2, 1), np.arange(20) % 2
    >>> data = labelled_dataset(Labelled("two", values, labels))
    >>> data.part("training")[0].shape, data.classes
    ((14, 2, 1), ('0', '1'))
    """
    count, length, signals = found.values.shape
    unlike, codes = np.unique(found.labels, return_inverse=True)
    if len(unlike) > MAX_CLASSES:
        raise DataError(
            N_("'{file}' has {got:,} classes and at most {most} can be told apart."),
            file=found.name,
            got=len(unlike),
            most=MAX_CLASSES,
        )
    if count * length > MAX_STEPS:
        raise DataError(
            N_(
                "'{file}' has {count:,} sequences of {length:,} steps, more than the {most:,} "
                "steps that fit. Keep fewer of them."
            ),
            file=found.name,
            count=count,
            length=length,
            most=MAX_STEPS,
        )
    order = np.random.default_rng(seed).permutation(count)
    values, codes = found.values[order], codes[order]
    shares = WindowSpec(validation_share=validation_share, test_share=test_share)
    split, test_split = splits(count, shares)
    training = values[:split].reshape(-1, signals)
    deviation = training.std(axis=0)
    scaled = (values - training.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    binary = len(unlike) == 2
    return Dataset(
        name=found.name,
        values=scaled.astype(np.float32),
        answers=codes[:, None].astype(np.float32 if binary else np.int16),
        window=length,
        horizon=1,
        split=split,
        test_split=test_split,
        scaler=Scaler(),
        input_names=tuple(f"signal {place + 1}" for place in range(signals)),
        target_names=(N_("class"),),
        problem="binary" if binary else "classes",
        classes=tuple(map(str, unlike)),
    )
