"""What of a gradient would arrive where a layer began, had its network begun otherwise."""

from collections.abc import Mapping

import numpy as np

from lstm_viz.measures.spelling import share
from lstm_viz.words import _, listed

TIMES = 10.0
"""So many times as much must arrive before a change is said to help."""


def that_help(as_it_is: float, otherwise: Mapping[str, float]) -> list[str]:
    """The changes with which `TIMES` as much arrives, the one with most first.

    >>> that_help(1e-8, {"a": 2e-8, "b": 0.1, "c": 1e-4})
    ['b', 'c']
    """
    able = [name for name, arrives in otherwise.items() if arrives > TIMES * as_it_is]
    return sorted(able, key=lambda name: -otherwise[name])


def said_helping(as_it_is: float, otherwise: Mapping[str, float], entered: int, end: int) -> str:
    """What arrives at step `end` of what enters at step `entered`, of the untrained network as it
    is and with each change, by its words.
    """
    if not np.isfinite(as_it_is):
        return _("Before training nothing arrives to compare.")
    words = {"end": end, "entered": entered, "share": share(as_it_is)}
    began = _(
        "Before training, {share} of the gradient from step {entered} arrived at step {end}."
    ).format(**words)
    helping = that_help(as_it_is, otherwise)
    if not helping:
        return f"{began} {_('None of these changes raises it tenfold.')}"
    would = listed(
        [
            _("{share} with {change}").format(share=share(otherwise[each]), change=each)
            for each in helping
        ]
    )
    return f"{began} {_('It would be {would}.').format(would=would)}"
