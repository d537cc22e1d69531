"""The constant error carousel of the network shown, proven on one example."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.figures.carousel import both_ways
from lstm_viz.measures.carousel import Ways, said_carousel
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.names import cell_name
from lstm_viz.ui.say import look_for
from lstm_viz.words import _


def there_is(layer: LayerFrame) -> bool:
    """Whether this layer's cell keeps a share of its old state; a sentence says so of one that does
    not.
    """
    if cell_of(layer.kind).kept(layer.gates, layer.options) is not None:
        return True
    st.info(
        _(
            "This cell ({cell}) has no carousel: no gate keeps its state. Choose 'Jacobians and "
            "Lyapunov exponents'."
        ).format(cell=cell_name(layer.kind))
    )
    return False


def draw(_run: Run, _frame: Frame, _layer: str, found: Mapping[str, Any], _sample: int) -> None:
    """The gradient as measured and by the gates alone, and what that says."""
    ways = Ways(*(found[name] for name in Ways._fields))
    entered = found["entered"]
    finite = np.isfinite(ways.total).all() and np.isfinite(ways.alone).all()
    drawn = finite and len(ways.total) > 1 and ways.total[0] > 0
    if drawn:
        charts = [*both_ways(ways, entered, found["state"])]
        components.charts(charts, columns=2, key="laboratory.carousel")
    st.markdown(said_carousel(ways, entered, found["end"]))
    if not drawn:
        return
    look_for(
        _("Left: the gradient and its two ways back. Right: what rides the state."),
        _(
            "$\\partial L_s/\\partial c_t = a_{t+1}\\,\\partial L_s/\\partial c_{t+1} + $ what "
            "comes round through $h_t$; by the gates alone $a_{t+1} \\cdots a_s\\,\\partial "
            "L_s/\\partial c_s$ (Hochreiter & Schmidhuber 1997). $a$, the share of the old "
            "state kept: LSTM $f$, GRU $z$, minGRU $1-z$, minLSTM $f/(f+i)$, with $h$ in "
            "the place of $c$. Parts are along the gradient and sum to 1; lines beyond "
            "150% or -50% end in an arrow. Peepholes count as weights of h."
        ),
    )
