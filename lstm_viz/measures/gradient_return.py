"""Whether the gradient came back before the loss left that of a constant answer, or after."""

from collections.abc import Sequence

import numpy as np

from lstm_viz.measures.chance import BETTER
from lstm_viz.measures.gradient_flow import EXPLODED, VANISHED
from lstm_viz.words import _


def lasting_from(epochs: Sequence[float], holds: Sequence[bool]) -> float | None:
    """The first epoch from which on something holds at every checkpoint; None where it does not.

    >>> lasting_from([0.0, 1.0, 2.0, 3.0], [True, False, True, True]), lasting_from([0.0], [False])
    (2.0, None)
    """
    found = None
    for epoch, held in zip(epochs, holds, strict=True):
        found = (epoch if found is None else found) if held else None
    return found


def said_return(
    epochs: Sequence[float],
    shares: Sequence[float],
    losses: Sequence[float],
    constant: float,
) -> str:
    """At each checkpoint the share of the gradient that arrives where the layer began, and the
    validation loss, beside that of the best `constant` answer.

    Nothing where a number is missing, or where a thousandth arrived before the training, too: then
    no gradient came back. Nor of one that explodes.
    """
    values = np.array([shares, losses], np.float64)
    if len(epochs) < 2 or not np.isfinite(values).all() or shares[0] >= VANISHED:
        return ""
    if shares[-1] > EXPLODED:
        return ""
    back = lasting_from(epochs, [share >= VANISHED for share in shares])
    left = lasting_from(epochs, [loss < BETTER * constant for loss in losses])
    gradient = (
        _("At the last checkpoint under a thousandth of the gradient arrives.")
        if back is None
        else _("The gradient came back at epoch {epoch:.1f}.").format(epoch=back)
    )
    loss = (
        _("The loss has not left the best constant answer's.")
        if left is None
        else _("The loss left the best constant answer's at epoch {epoch:.1f}.").format(epoch=left)
    )
    late = left is not None and (back is None or left < back)
    return f"{loss} {gradient}" if late else f"{gradient} {loss}"
