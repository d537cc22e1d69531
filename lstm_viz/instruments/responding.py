"""Which units respond to a stretch of time in one sample, and where else they do."""

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.choosing import check_sample, known_name
from lstm_viz.instruments.retraced import Seen, traces_of
from lstm_viz.measures import responding as measure
from lstm_viz.words import N_


@dataclass(frozen=True, eq=False)
class Responding:
    """The units that are on in a stretch of time, and off just outside of it."""

    units: npt.NDArray[np.int64]
    """(N,): their numbers."""
    sides: npt.NDArray[np.int8]
    """(N,): 1 of a unit that is on above 0, -1 of one that is below."""
    together: npt.NDArray[np.int64]
    """(B, T): how many of them are on, each on its side, at each step of each sample."""
    windows: tuple[measure.Window, ...]
    """Where in other samples most of them are on together, the best first: `example`, its row in
    the batch, `first` and `last` step, and how many `units`."""


def responding(
    model: Seen,
    x: Any = None,
    *,
    stretch: tuple[int, int],
    threshold: float = 0.5,
    sample: int = 0,
    layer: str | None = None,
    before: bool = True,
    after: bool = True,
    most: int = 8,
) -> Responding:
    """The units of a layer that respond to a `stretch` of a sample, and where others have them too.

    A unit is on where what it holds, tanh c_t or h_t without a cell state, is at least `threshold`,
    or at most -`threshold`; it responds where it is on, on one side, from the first to the last
    step of the stretch, and not at the step `before` and the one `after` it. A set of units is a
    hypothesis about what they say; the `windows`, at most so many, test it (Strobelt, Gehrmann,
    Pfister & Rush 2018, "LSTMVis", section 4).

    `model`, `x`: as for `trace`, or a trace in the place of both; `layer`: a name in it, the last
    forward one if not said.
    Raises ConfigError for a stretch that does not lie in the sequence, a threshold that is not
    above 0, or an unknown layer or sample.

    >>> import torch
    >>> from torch import nn
    >>> rnn = nn.RNN(1, 1, batch_first=True)
    >>> with torch.no_grad():
    ...     _ = rnn.weight_ih_l0.fill_(5.0), rnn.weight_hh_l0.fill_(0.0), rnn.bias_ih_l0.fill_(0.0)
    ...     _ = rnn.bias_hh_l0.fill_(0.0)
    >>> x = torch.tensor([[0, 1, 1, 0, 0], [0, 0, 0, 1, 1.0]])[..., None]
    >>> found = responding(rnn, x, stretch=(1, 2))
    >>> found.units, found.windows
    (array([0]), (Window(example=1, first=3, last=4, units=1),))
    """
    traces = traces_of(model, x)
    seen = traces[known_name(layer, traces)]
    states = measure.held(seen.hidden, seen.cell)
    samples, T, _units = states.shape
    of = check_sample(sample, samples)
    steps = _checked(stretch, T)
    if not 0 < threshold < np.inf:
        raise ConfigError(N_("The 'threshold' must be above 0, got {got!r}."), got=threshold)
    on = measure.sides(states[of], threshold)
    wanted = measure.responding(on, steps, before=before, after=after)
    counts = measure.together(states, wanted, threshold)
    others = np.delete(np.arange(samples), of)
    best = measure.windows(counts[others], steps[1] - steps[0] + 1, most=most)
    windows = [
        measure.Window(int(others[each.example]), each.first, each.last, each.units)
        for each in best
    ]
    units = np.flatnonzero(wanted)
    return Responding(units, wanted[units], counts, tuple(windows))


def _checked(stretch: object, steps: int) -> tuple[int, int]:
    match stretch:
        case (Integral(), Integral()) if 0 <= int(stretch[0]) <= int(stretch[1]) < steps:
            return int(stretch[0]), int(stretch[1])
    raise ConfigError(
        N_("The 'stretch' must be the first and the last step, from 0 to {last}, got {got!r}."),
        last=steps - 1,
        got=stretch,
    )
