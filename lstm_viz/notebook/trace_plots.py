"""The charts of a trace and of a training, for a notebook: those of the app, and some over time."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lstm_viz.errors import ConfigError
from lstm_viz.figures import gate_charts
from lstm_viz.figures.heard import pointed
from lstm_viz.figures.layer_rows import gates_of, states_of
from lstm_viz.figures.loss_chart import losses
from lstm_viz.figures.palette import Signal
from lstm_viz.figures.trace_charts import over_time
from lstm_viz.figures.vega import Spec
from lstm_viz.instruments.choosing import check_sample, known_name
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.measures.gates import time_constants
from lstm_viz.measures.packed import measured_steps
from lstm_viz.measures.summary import kept_share
from lstm_viz.words import N_

Chart = alt.LayerChart | alt.VConcatChart
Traced = Mapping[str, LayerTrace]
WIDTH = 640
"""Pixels."""


def plot(traces: Traced, layer: str | None, sample: int) -> Chart:
    """Gates, states and gradients of a layer over time."""
    of = _layer(traces, layer)
    signals = [*gates_of(of), *states_of(of)]
    return _chart(over_time(_maps(of, signals, sample), _norms(of, sample)))


def plot_gates(traces: Traced, layer: str | None, sample: int) -> Chart:
    """Its gates alone."""
    of = _gated(traces, layer)
    return _chart(over_time(_maps(of, gates_of(of), sample), {}))


def plot_cell(traces: Traced, layer: str | None, sample: int) -> Chart:
    """Its states alone."""
    of = _layer(traces, layer)
    return _chart(over_time(_maps(of, states_of(of), sample), {}, height=220))


def plot_gradients(traces: Traced, layer: str | None, sample: int) -> Chart:
    """The norms of its total derivatives."""
    of = _layer(traces, layer)
    of.grad_norm("hidden")  # which says why there are none
    return _chart(over_time({}, _norms(of, sample)))


def plot_saturation(traces: Traced, layer: str | None) -> Chart:
    """How decided its gates are, over all samples and steps."""
    of = _gated(traces, layer)
    steps = measured_steps(of)
    return _chart(gate_charts.saturation({name: of.gates[name][steps] for name in gates_of(of)}))


def plot_time_constants(traces: Traced, layer: str | None) -> Chart:
    """How long its units keep, over all samples and steps."""
    of = _layer(traces, layer)
    kept, steps = kept_share(of), measured_steps(of)
    if kept is None:
        raise ConfigError(
            N_("A layer of kind {kind} has no time constants: no gate is the share that a unit "
               "keeps."),
            kind=of.kind,
        )  # fmt: skip
    return _chart(gate_charts.time_constants(time_constants(kept[steps]), of.hidden.shape[1]))


def plot_losses(history: pd.DataFrame) -> Chart:
    """Both losses of a training over its steps."""
    columns = (history[name].to_numpy() for name in ("step", "train_loss", "validation_loss"))
    return _chart(losses(*columns))


def _layer(traces: Traced, layer: str | None) -> LayerTrace:
    if not traces:
        raise ConfigError(N_("These traces hold no layer: there is nothing to draw."))
    return traces[known_name(layer, traces)]


def _gated(traces: Traced, layer: str | None) -> LayerTrace:
    of = _layer(traces, layer)
    if not of.gates:
        raise ConfigError(
            N_("A layer of kind {kind} has no gates. 'plot_cell' draws its states."), kind=of.kind
        )
    return of


def _maps(of: LayerTrace, signals: list[Signal], sample: int) -> dict[Signal, Array]:
    states = {"hidden": of.hidden, "cell": of.cell, "inner_cell": of.inner_cell}
    known: Any = {**of.gates, **states}
    place = check_sample(sample, len(of.hidden))
    return {signal: known[signal][place] for signal in signals}


def _norms(of: LayerTrace, sample: int) -> dict[Signal, Array]:
    place = check_sample(sample, len(of.hidden))
    found: dict[Signal, Array] = {}
    if of.grad_hidden is not None:
        found["grad_hidden"] = of.grad_norm("hidden")[place]
    if of.grad_cell is not None:
        found["grad_cell"] = of.grad_norm("cell")[place]
    return found


def _chart(spec: Spec) -> Chart:
    """What the app feeds and fits to its page as a chart that stands by itself."""
    whole = {key: part for key, part in pointed(spec).items() if key != "autosize"}
    if "vconcat" in whole:
        whole["vconcat"] = [{**view, "width": WIDTH} for view in whole["vconcat"]]
    else:
        whole["width"] = WIDTH
    tables = {name: _rows(table) for name, table in spec["datasets"].items()}
    kind = alt.VConcatChart if "vconcat" in whole else alt.LayerChart
    chart: Chart = kind.from_dict({**whole, "datasets": tables})
    return chart


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    """As JSON has it, which knows neither NaN nor infinity."""
    return None if isinstance(value, float) and not np.isfinite(value) else value
