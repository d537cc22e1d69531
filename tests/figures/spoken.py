"""What a diagram says, and whether its numbers are what they are said to be."""

import re
from collections.abc import Mapping

import numpy as np

from lstm_viz.figures.cell.view import derived, written_into
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.models.diagram import Case, Words, cases

Signals = Mapping[str, np.ndarray]


def signals_of(anatomy: Anatomy) -> dict[str, np.ndarray]:
    return {**anatomy.forward, **anatomy.backward, **derived(anatomy)}


def named(text: str) -> list[str]:
    """The signals in a sentence or in an equation's numbers."""
    found = re.findall(r"\{([^}]+)\}", text)
    parts = [part for each in found for part in re.split(r" [+=] ", each)]
    return [part.strip("%").removeprefix("-") for part in parts]


def texts(words: Words) -> list[str]:
    """Every text that may be said."""
    return [written_into(case.words, case) for case in cases(words)]


def spoken(words: Words, signals: Signals, t: int, unit: int) -> str:
    """What is said of a step; numbers with three digits."""

    def fits(case: Case) -> bool:
        if not case.signal:
            return True
        value = signals[case.signal][t, unit]
        above = case.low is None or value >= case.low
        return above and (case.below is None or value < case.below)

    case = next(filter(fits, cases(words)), None)
    if case is None:
        return ""

    def number(found: re.Match[str]) -> str:
        name = found[1].strip("%").removeprefix("-")
        value = signals[name][t, unit]
        if found[1].endswith("%"):
            return f"{100 * value:.0f}%"
        return f"{-value if found[1].startswith('-') else value:.3g}"

    return re.sub(r"\{([^}]+)\}", number, written_into(case.words, case))


def check_equations(numbers: str, signals: Signals) -> int:
    """Assert that every equation in an operation's numbers holds; returns how many there are."""
    count = 0
    for part in numbers.split(",  "):
        text = re.sub(r"\{([^}=]+) = ([^}]+)\}", r"{\1} = {\2}", part)
        text = re.sub(r"\{([^}]+)\}", lambda m: f"({' + '.join(map(value_of, named(m[0])))})", text)
        for sign, python in (("·", "*"), ("−", "-"), ("σ", "sigmoid")):
            text = text.replace(sign, python)
        left, equal, right = text.partition(" = ")
        if not equal:
            continue
        known = {"S": signals, "sigmoid": sigmoid, "tanh": np.tanh, "relu": relu}
        np.testing.assert_allclose(
            eval(left, known),
            eval(right, known),
            rtol=1e-9,
            atol=1e-12,
            err_msg=part,
        )
        count += 1
    return count


def value_of(signal: str) -> str:
    return f"S['{signal}']"


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def relu(a: np.ndarray) -> np.ndarray:
    return np.maximum(a, 0)
