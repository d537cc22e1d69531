"""How much of a gradient rides the gates alone, from state to state, and how much comes round."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.gradient_flow import VANISHED, said_size
from lstm_viz.measures.spelling import percent
from lstm_viz.words import _

Array = npt.NDArray[np.float64]

EXACT = 1e-9
"""What is left of a gradient beside the product of its gates, below which that is all of it."""
NEARLY, HARDLY = 0.9, 0.1
"""Parts of the gradient from which on it rides nearly all the way, and below which hardly."""


class Ways(NamedTuple):
    """The norms of one gradient over the steps back from where it entered, (K,) each, and parts.

    A part of a vector g is ⟨way, g⟩ / ⟨g, g⟩: the parts of all ways sum to 1. One is above 1, or
    below 0, where ways cancel each other.
    """

    total: Array
    alone: Array
    """What came all the way by the gates alone."""
    rest: Array
    """What came round through h and its weights at least once."""
    part_alone: Array
    """Of the total; NaN where that is 0."""
    part_once: Array
    """The part that came from the step after it by the gates alone."""


def ways_of(total: Array, once: Array, alone: Array) -> Ways:
    """From the vectors (K, H), that of the step at which it entered first.

    >>> total, alone = np.array([[1.0, 1.0], [0.5, 1.0]]), np.array([[1.0, 1.0], [0.5, 0.5]])
    >>> ways_of(total, alone, alone).part_alone.round(6).tolist()
    [1.0, 0.6]
    """
    arrives, straight, rest = (_norm(each) for each in (total, alone, total - alone))
    return Ways(arrives, straight, rest, _part(alone, total), _part(once, total))


def _norm(vectors: Array) -> Array:
    """Without the underflow of squares below 1e-162."""
    scale = np.abs(vectors).max(axis=-1, keepdims=True, initial=0.0)
    scale = np.where((scale > 0) & np.isfinite(scale), scale, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(scale[..., 0] * np.linalg.norm(vectors / scale, axis=-1))


def _part(way: Array, total: Array) -> Array:
    """⟨way, total⟩ / ⟨total, total⟩ of each row."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        unit = total / _norm(total)[:, None]
        along: Array = (way / _norm(total)[:, None] * unit).sum(axis=-1)
    return np.where(np.isfinite(along), along, np.nan)


def said_carousel(ways: Ways, entered: int, end: int) -> str:
    """What arrives at step `end`, where the layer began, of the gradient that entered at step
    `entered`, and which way it came.
    """
    if not all(np.isfinite(norms).all() for norms in (ways.total, ways.alone)):
        return _("The gradient is not a number: the network has diverged.")
    if len(ways.total) < 2:
        return _("The gradient enters at this layer's first step: no way back.")
    if ways.total[0] == 0:
        return _("At step {s} no gradient enters the state.").format(s=entered)
    arrives, alone = ways.total[-1] / ways.total[0], ways.alone[-1] / ways.total[0]
    words = {"s": entered, "end": end, "arrives": said_size(arrives), "alone": said_size(alone)}
    if (ways.rest <= EXACT * ways.total).all():
        return _(
            "The gradient from step {s} is exactly the product of the gates: at step {end}, "
            "{arrives}."
        ).format(**words)
    both = _(
        "The gradient from step {s} is {arrives} at step {end}; by the gates alone, {alone}."
    ).format(**words)
    return f"{both} {_which_way(ways, arrives)}".strip()


def _which_way(ways: Ways, arrives: float) -> str:
    total, alone, rest, part, _once = (float(each[-1]) for each in ways)
    if total == 0:
        return ""
    if rest <= (1 - NEARLY) * total:
        return _("Constant error carousel: over nine tenths rides the state.")
    if alone <= HARDLY * total:
        return _("Hardly any rode the state all the way: it came round through h.")
    if not 0 <= part <= 1:
        return _("The two ways partly cancel.")
    template = (
        _("Of the little that arrives, {part} rode the state; {rest} came round through h.")
        if arrives < VANISHED
        else _("Of what arrives, {part} rode the state; {rest} came round through h.")
    )
    return template.format(part=percent(part), rest=percent(1 - part))
