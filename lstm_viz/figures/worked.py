"""An example worked out in numbers: what it asks for, and what the network says."""

import math
from typing import Any

import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Scaler, Values
from lstm_viz.data.marks import marks_of
from lstm_viz.words import _

ANSWER = "{answer}"
"""Where the network's answer at the moment shown stands, for the browser to fill in."""


def worked(dataset: Dataset, inputs: Values, target: npt.NDArray[Any]) -> str:
    """An example (T, D) with its target (P,) in a line, with a place for the answer.

    Empty where it asks for more than one number, or for one on another scale than is drawn.
    """
    if dataset.problem != "regression" or len(target) != 1 or dataset.scaler != Scaler():
        return ""
    asked = float(target[0])
    addends = _addends(dataset, inputs)
    if not is_sum(dataset, inputs, target):
        return _("The target is {target}, the network says {answer}").format(
            target=_decimals(asked), answer=ANSWER
        )
    rounded = sum(round(each, 2) for each in addends)
    return _("{sum} {equals} {target}, the network says {answer}").format(
        sum=" + ".join(map(_decimals, addends)),
        equals="=" if _decimals(rounded) == _decimals(asked) else "≈",
        target=_decimals(asked),
        answer=ANSWER,
    )


def is_sum(dataset: Dataset, inputs: Values, target: npt.NDArray[Any]) -> bool:
    """Whether an example (T, D) asks for the sum of its marked numbers."""
    addends = _addends(dataset, inputs)
    asked = dataset.problem == "regression" and len(addends) > 1 and len(target) == 1
    return asked and math.isclose(sum(addends), float(target[0]), abs_tol=1e-5)


def _addends(dataset: Dataset, inputs: Values) -> list[float]:
    return [float(inputs[t, 0]) for t in marks_of(dataset, inputs)]


def _decimals(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
