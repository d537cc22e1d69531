"""What the five scenes of the Start page say of the runs on their stage, in one sentence each."""

from collections.abc import Sequence

import numpy as np

from lstm_viz.measures.chance import BETTER, found_out
from lstm_viz.measures.gradient_flow import NO_SHARE, GradientFlow
from lstm_viz.measures.selectivity import CLEARLY, Marks, Numbers, contrast
from lstm_viz.measures.spelling import share
from lstm_viz.words import _


def said_untrained(gate: Numbers, marked: Marks) -> str:
    """Whether the input gates (T, H) of a network tell marked steps (T,) from others."""
    most = float(np.abs(contrast(gate, marked)).max())
    words = (
        _(
            "Add two marked numbers. Untrained, the LSTM's input gates differ by at most "
            "{most:.2f} between marked and other steps."
        )
        if most < CLEARLY
        else _(
            "Add two marked numbers. Untrained, one of the LSTM's input gates differs by "
            "{most:.2f} between marked and other steps."
        )
    )
    return words.format(most=most)


def said_found_out(losses: Sequence[float], epochs: Sequence[float], constant: float) -> str:
    """When the loss left that of the best constant answer, for good."""
    found = found_out(losses, constant)
    if found is None and losses[-1] <= BETTER * constant:
        return _("Adding two marked numbers, the LSTM beats the best constant answer throughout.")
    if found is None:
        return _(
            "Adding two marked numbers, the LSTM does not beat the best constant answer for good."
        )
    return _(
        "Adding two marked numbers, the LSTM beats the best constant answer from epoch "
        "{epoch:.1f} on."
    ).format(epoch=epochs[found])


def said_two_flows(names: tuple[str, str], flows: tuple[GradientFlow, GradientFlow], t: int) -> str:
    """What the gradient that enters two trained networks at one step is multiplied by up to t."""
    if any(flow.verdict in NO_SHARE for flow in flows):
        return _("In one network no gradient enters.")
    arrived = [share(float(flow.shares[abs(flow.entered - t)])) for flow in flows]
    return _(
        "From t = {s} to {t}, the gradient is multiplied by {first} in the {one}, by {second} "
        "in the {other}."
    ).format(
        s=flows[0].entered, t=t, first=arrived[0], second=arrived[1], one=names[0], other=names[1]
    )
