"""What a film shows of traces: of a watched loop of one's own, or of a single pass."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lstm_viz.errors import ConfigError
from lstm_viz.figures.saved_film import SavedFilm
from lstm_viz.figures.trace_film import TracedMoment, trace_film
from lstm_viz.instruments.choosing import check_sample, known_name
from lstm_viz.instruments.gradient_flow import Flow
from lstm_viz.instruments.layer_trace import Array, LayerTrace
from lstm_viz.instruments.traces import Traces
from lstm_viz.measures.packed import is_reverse
from lstm_viz.training.framing import reduced
from lstm_viz.words import N_, _


def film_of_traces(
    kept: Sequence[Traces], layer: object, sample: object, title: str | None
) -> SavedFilm:
    """The film of one layer in each of these that has it, on one sample of the batch at hand.

    Shorter batches are padded with what is no number. Raises ConfigError where nothing has it.
    """
    whole = [traces for traces in kept if traces]
    if not whole:
        raise ConfigError(N_("There is no layer in these traces, so there is no film of them."))
    name = known_name(layer, whole[-1])
    width = whole[-1][name].hidden.shape[-1]
    found = [t for t in whole if name in t and t[name].hidden.shape[-1] == width]
    T = max(traces[name].hidden.shape[1] for traces in found)
    place = check_sample(sample, min(len(traces[name].hidden) for traces in found))
    gradients = any(traces[name].grad_hidden is not None for traces in found)
    moments = [_moment(traces.step or 0, traces[name], name, T) for traces in found]
    kind = whole[-1][name].kind
    said, called = _("{layer} ({kind}), sample {number} of the batch."), _("A trace")
    if len(moments) > 1:
        said = _("{layer} ({kind}), sample {number} of each batch. The last moment: update {step}.")
        called = _("A watched training")
    said = said.format(layer=name, kind=kind, number=place + 1, step=moments[-1].step)
    return trace_film(moments, place, title or called, said, gradients=gradients)


def _moment(step: int, trace: LayerTrace, name: str, steps: int) -> TracedMoment:
    whole = _padded(trace, steps)
    last = np.full(len(whole.hidden), 0 if is_reverse(name) else steps - 1)
    frame = reduced(whole, Flow(last, {}), reverse=is_reverse(name))
    return TracedMoment(step, frame, whole.input)


def _padded(trace: LayerTrace, steps: int) -> LayerTrace:
    """With NaN up to so many steps, and for gradients that were not traced."""

    def pad(values: Array) -> Array:
        missing = steps - values.shape[1]
        return np.pad(values, ((0, 0), (0, missing), (0, 0)), constant_values=np.nan)

    def or_nothing(values: Array | None, like: Array) -> Array:
        return pad(np.full_like(like, np.nan) if values is None else values)

    cell = trace.cell
    return replace(
        trace,
        input=pad(trace.input),
        hidden=pad(trace.hidden),
        cell=None if cell is None else pad(cell),
        gates={gate: pad(values) for gate, values in trace.gates.items()},
        grad_hidden=or_nothing(trace.grad_hidden, trace.hidden),
        grad_cell=None if cell is None else or_nothing(trace.grad_cell, cell),
        inner_cell=None if trace.inner_cell is None else pad(trace.inner_cell),
    )
