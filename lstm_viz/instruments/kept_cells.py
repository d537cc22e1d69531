"""What a watcher keeps of a step beside its traces, so that its file can be looked into."""

from contextlib import suppress
from dataclasses import replace

from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.choosing import Passes
from lstm_viz.instruments.dissecting import taken_apart
from lstm_viz.instruments.gradient_flow import last_flow
from lstm_viz.instruments.traces import Traces

MOST_SAMPLES = 4
"""Of which there are cells."""
MOST_BYTES = 2**24
"""Of all cells."""


def with_flows(traces: Traces, found: Passes) -> Traces:
    """The same, with each layer's gradient of one step alone, where a gradient is known by step."""
    flows = {
        name: last_flow(each)
        for _, passes in found
        for name, each in passes.items()
        if each.entering is not None and name in traces
    }
    layers = {
        name: replace(layer, flow_norms=flows[name].norms, flow_from=flows[name].entered)
        if name in flows
        else layer
        for name, layer in traces.items()
    }
    return Traces(layers, traces.left_out)


def cells_of(found: Passes) -> dict[str, Anatomy]:
    """Layer and sample, "l0/2" -> what each step was made of, as far as there is room; nothing of a
    sample that ends before its batch does, and of a cell without a diagram.
    """
    cells, room = dict[str, Anatomy](), MOST_BYTES
    for recording, passes in found:
        for name, each in passes.items():
            B, T, _ = each.trace.hidden.shape
            lengths = each.trace.lengths
            for sample in range(min(B, MOST_SAMPLES)):
                if lengths is not None and lengths[sample] < T:
                    continue
                with suppress(Exception):  # no training is lost for want of a picture
                    cell = taken_apart(recording, each, name, sample)
                    room -= cell.nbytes
                    if room < 0:
                        return cells
                    cells[f"{name}/{sample}"] = cell
    return cells
