"""What one pass of a model left in all of its recurrent layers."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from lstm_viz.instruments.layer_trace import LayerTrace, package_for, pandas_for
from lstm_viz.instruments.traces_file import TRACES, packed, reading, unpacked, write
from lstm_viz.measures.summary import layer_scalars, layer_summary
from lstm_viz.numerals import numeral

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

    Chart = alt.LayerChart | alt.VConcatChart

SHOWN = 4
"""Layers that are named in one printed line each."""
HEADINGS = {
    "layer": "layer", "kind": "kind", "T": "T", "H": "H", "saturation": "saturation",
    "time_constant_median": "τ median", "time_constant_longest": "τ longest",
    "gradient_first_over_last": "‖dL/dh‖ first / last", "dead_units": "dead units",
}  # fmt: skip


class Traces(Mapping[str, LayerTrace]):
    """Name of each layer, as PyTorch has it -> its LayerTrace, in the order in which they ran.

    >>> import numpy as np
    >>> traces = Traces({"l0": LayerTrace("rnn_tanh", np.ones((1, 3, 1)), np.ones((1, 3, 2)),
    ...                                   None, {})}, {"head": "It is no recurrent layer."})
    >>> traces
    Traces of 1 layer
      l0: rnn_tanh, B=1, T=3, D=1, H=2, without derivatives
      left out: 'head'
    >>> traces.scalars()
    {'l0/dead_units': 2.0}
    """

    def __init__(
        self, layers: Mapping[str, LayerTrace], left_out: Mapping[str, str] | None = None
    ) -> None:
        self._layers = dict(layers)
        self.left_out: dict[str, str] = dict(left_out or {})
        """What ran and is not in it, by its name -> why not."""
        self.step: int | None = None
        """Of the training, counted from 1; None of what no watcher kept."""

    def __getitem__(self, name: str) -> LayerTrace:
        return self._layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def __repr__(self) -> str:
        count = len(self)
        lines = [f"Traces of {count} layer{'' if count == 1 else 's'}"]
        for name, layer in list(self._layers.items())[:SHOWN]:
            lines.append(f"  {name[-24:]}: {layer.described()}")
        lines += [f"  and {count - SHOWN} more"] if count > SHOWN else []
        if self.left_out:
            names = ", ".join(map(repr, self.left_out))
            lines.append(f"  left out: {names if len(names) < 40 else len(self.left_out)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The summary as a table, for notebooks."""
        head = "".join(f"<th>{escape(HEADINGS[key])}</th>" for key in HEADINGS)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(_written(row[key]))}</td>" for key in HEADINGS) + "</tr>"
            for row in self._rows()
        )
        left_out = "".join(
            f"<li><code>{escape(name)}</code>: {escape(why)}</li>"
            for name, why in self.left_out.items()
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return table + (f"<p>Left out:</p><ul>{left_out}</ul>" if left_out else "")

    def _rows(self) -> list[dict[str, Any]]:
        return [layer_summary(name, layer) for name, layer in self._layers.items()]

    def summary(self) -> "pd.DataFrame":
        """One row a layer: its kind, T and H, and what `measures.summary.layer_summary` says.

        Saturation, time constants, the gradient at the first step over that at the last one, dead
        units; NaN for what a layer has not. Needs pandas, or raises MissingExtraError.
        """
        rows = self._rows()
        frame: pd.DataFrame = pandas_for("summary").DataFrame(rows, columns=list(HEADINGS))
        return frame

    def scalars(self) -> dict[str, float]:
        """The numbers of the summary that there are, and each gate's share below 0.1 and above 0.9.

        By `"<layer>/<number>"`, as loggers take them.
        """
        found = [layer_scalars(name, layer) for name, layer in self._layers.items()]
        return {key: number for of_layer in found for key, number in of_layer.items()}

    def to_frame(self) -> "pd.DataFrame":
        """Every layer's `to_frame`, with the layer's name in a first column `layer`."""
        frames = {name: layer.to_frame() for name, layer in self._layers.items()}
        named = [each.assign(layer=name) for name, each in frames.items()]
        pandas = pandas_for("to_frame")
        frame: pd.DataFrame = pandas.concat(named or [pandas.DataFrame(columns=["layer"])])
        return frame.reset_index(drop=True)[["layer", *frame.columns.drop("layer")]]

    def to_xarray(self) -> "dict[str, xr.Dataset]":
        """Every layer's `to_xarray`, by its name: layers differ in T and H.

        Raises MissingExtraError without xarray.
        """
        return {name: layer.to_xarray() for name, layer in self._layers.items()}

    def plot(self, layer: str | None = None, *, sample: int = 0) -> "Chart":
        """An Altair chart of one layer on one sample: gates and states, unit by unit over the time
        steps, and below them ‖dL/dh_t‖₂ and ‖dL/dc_t‖₂ where they were traced.

        `layer` is a name in here, the last forward one if not said. `.save("x.html")` writes a
        chart; with vl-convert-python .png and .svg, too. Of the six:

        - Raises ConfigError for a layer or sample that there is not, or that has not what is asked.
        - Raises MissingExtraError without Altair: it comes with lstm_viz[notebook].
        """
        return _plots("plot")(self, layer, sample)

    def plot_gates(self, layer: str | None = None, *, sample: int = 0) -> "Chart":
        """Its gates, unit by unit."""
        return _plots("plot_gates")(self, layer, sample)

    def plot_cell(self, layer: str | None = None, *, sample: int = 0) -> "Chart":
        """Its states, unit by unit: c_t where there is one, and h_t."""
        return _plots("plot_cell")(self, layer, sample)

    def plot_gradients(self, layer: str | None = None, *, sample: int = 0) -> "Chart":
        """‖dL/dh_t‖₂ and ‖dL/dc_t‖₂ at every step, on a log axis."""
        return _plots("plot_gradients")(self, layer, sample)

    def plot_saturation(self, layer: str | None = None) -> "Chart":
        """Each unit's share of steps with a gate below 0.1 against that above 0.9, of the batch."""
        return _plots("plot_saturation")(self, layer)

    def plot_time_constants(self, layer: str | None = None) -> "Chart":
        """τ of each unit in steps, over the batch: how long it keeps."""
        return _plots("plot_time_constants")(self, layer)

    def save(self, path: str | Path | IO[bytes]) -> None:
        """Write an .npz file: numbers and names, no pickle. `Traces.load` reads it."""
        layers, arrays = packed(self._layers)
        said = {"step": self.step, "left_out": self.left_out, "layers": layers}
        write(path, TRACES, said, arrays)

    @classmethod
    def load(cls, path: str | Path | IO[bytes]) -> Self:
        """Read what `save` wrote. Raises DataError for another file, or one of a later version."""
        with reading(path, TRACES) as (said, arrays):
            found = cls(unpacked(said["layers"], arrays), said["left_out"])
            found.step = said.get("step")
            return found


def _plots(name: str) -> Callable[..., "Chart"]:
    """A function of `notebook.trace_plots`, which lies above this package and needs Altair."""
    plot: Callable[..., Chart] = getattr(
        package_for(name, "lstm_viz.notebook.trace_plots", "notebook"), name
    )
    return plot


def _written(value: object) -> str:
    if isinstance(value, float):
        return numeral(value)
    return str(value)
