"""What in a text a unit follows: the capital letters, the quotes, its place in the line.

After the units that Karpathy, Johnson & Fei-Fei 2015 found by eye ("Visualizing and understanding
recurrent networks"); here each is measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.measures.spelling import percent
from lstm_viz.words import N_, _

Numbers = npt.NDArray[np.floating]
Feature = npt.NDArray[np.float64]

FEWEST = 12
"""Characters of a kind, and of others, from which on they can be told apart."""
CLEARLY = 0.8
"""Strength from which on a unit is said to follow something: an AUC of 0.9, or a correlation of
0.8. The best of 128 units that follow nothing stays below it (see the test).
"""
OPENING, CLOSING = "([{", ")]}"


def _kind(belongs: Callable[[str], bool]) -> Callable[[str], Feature]:
    return lambda text: np.array([belongs(sign) for sign in text], np.float64)


def _quoted(text: str) -> Feature:
    signs = np.array([sign in '"“”' for sign in text])
    return (np.cumsum(signs) % 2).astype(np.float64)


def _bracketed(text: str) -> Feature:
    depth, found = 0, []
    for sign in text:
        depth = max(0, depth + (sign in OPENING) - (sign in CLOSING))
        found.append(float(depth > 0))
    return np.array(found)


def _since(ends: Callable[[str], bool]) -> Callable[[str], Feature]:
    def count(text: str) -> Feature:
        found, since = [], 0
        for sign in text:
            since = 0 if ends(sign) else since + 1
            found.append(float(since))
        return np.array(found)

    return count


KINDS: Mapping[str, Callable[[str], Feature]] = {
    N_("capital letters"): _kind(str.isupper),
    N_("letters"): _kind(str.isalpha),
    N_("digits"): _kind(str.isdigit),
    N_("spaces"): _kind(lambda sign: sign == " "),
    N_("line ends"): _kind(lambda sign: sign == "\n"),
    N_("punctuation"): _kind(lambda sign: not (sign.isalnum() or sign.isspace())),
    N_("text in quotes"): _quoted,
    N_("text in brackets"): _bracketed,
}
"""Name of a kind of characters -> (T,) 1 where a text's character is of it, else 0."""

PLACES: Mapping[str, Callable[[str], Feature]] = {
    N_("the place in the line"): _since(lambda sign: sign == "\n"),
    N_("the place in the word"): _since(lambda sign: not sign.isalnum()),
}
"""Name of a count -> (T,) characters since it last began."""


@dataclass(frozen=True)
class Following:
    """What one unit follows most closely."""

    unit: int
    """Its place among those given."""
    what: str
    """A name in `KINDS` or `PLACES`."""
    measure: float
    """Of a kind, the AUC: how often the unit is higher at a character of it than at another one,
    counting ties as half. Of a place, the correlation (Pearson's r).
    """

    @property
    def strength(self) -> float:
        """0: not at all. 1: exactly, upwards or downwards."""
        return abs(self.measure if self.what in PLACES else 2 * self.measure - 1)

    @property
    def clear(self) -> bool:
        return self.strength >= CLEARLY


def followed(text: str, values: Numbers) -> list[Following]:
    """Of each unit what it follows most closely, the closest first; `values` (T, U) of a text of T.

    Kinds of which the text has too few characters, and counts that do not vary, are left out; of a
    unit that does not move, or where nothing is left, there is none.
    """
    moving = np.flatnonzero(np.isfinite(values).all(axis=0) & (np.ptp(values, axis=0) > 0))
    if not moving.size:
        return []
    shown = np.asarray(values[:, moving], np.float64)
    measured = {**_aucs(text, shown), **_correlations(text, shown)}
    if not measured:
        return []
    every = [
        max(
            (Following(int(unit), what, float(each[k])) for what, each in measured.items()),
            key=lambda found: found.strength,
        )
        for k, unit in enumerate(moving)
    ]
    return sorted(every, key=lambda found: -found.strength)


def clearest(found: Sequence[Following], of_each: int) -> list[Following]:
    """Those that follow something clearly, the closest first; so many `of_each` thing."""
    kept: list[Following] = []
    for each in found:
        alike = sum(other.what == each.what for other in kept)
        if each.clear and alike < of_each:
            kept.append(each)
    return kept


def _aucs(text: str, values: Numbers) -> dict[str, npt.NDArray[np.float64]]:
    """(U,) for each kind: the Mann-Whitney statistic over the number of pairs."""
    ranks, found = pd.DataFrame(values).rank().to_numpy(), {}
    for what, feature in KINDS.items():
        of_it = feature(text) > 0
        count, others = int(of_it.sum()), int((~of_it).sum())
        if min(count, others) >= FEWEST:
            above = ranks[of_it].sum(axis=0) - count * (count + 1) / 2
            found[what] = np.asarray(above / (count * others))
    return found


def _correlations(text: str, values: Numbers) -> dict[str, npt.NDArray[np.float64]]:
    centred = values - values.mean(axis=0)
    found = {}
    for what, feature in PLACES.items():
        place = feature(text)
        place = place - place.mean()
        if len(text) >= 2 * FEWEST and np.ptp(place) > 0:
            sizes = np.linalg.norm(centred, axis=0) * np.linalg.norm(place)
            found[what] = np.asarray(place @ centred / sizes)
    return found


def said_followed(found: Sequence[Following], unit: int, name: int, shown: str) -> str:
    """What the unit at one place, called `name`, follows in this text; `shown` is its signal."""
    one = next((each for each in found if each.unit == unit), None)
    if one is None or not one.clear:
        return _("In this text unit {unit} follows nothing measured here.").format(unit=name)
    what = _(one.what)
    if one.what in PLACES:
        words = _("Unit {unit}: its {signal} follows {what}, correlation {r}.")
        return words.format(
            unit=name, signal=shown, what=what, r=f"{one.measure:.2f}".replace("-", "−")
        )
    words = (
        _("Unit {unit} follows {what}: its {signal} is higher in {share} of all pairs.")
        if one.measure > 0.5
        else _("Unit {unit} follows {what}: its {signal} is lower in {share} of all pairs.")
    )
    share = percent(max(one.measure, 1 - one.measure))
    return words.format(unit=name, what=what, signal=shown, share=share)
