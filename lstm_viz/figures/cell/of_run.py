"""The cell of a run on one of its examples, for the place beside its film."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.marks import marks_of
from lstm_viz.figures.cell.view import cell_view
from lstm_viz.figures.drawn_frames import Thinning, units_of
from lstm_viz.figures.layer_rows import letters
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.runs.run import Run
from lstm_viz.words import _, ngettext


def run_cell(
    run: Run, anatomy: Anatomy, layer: str, sample: int, *, doubts: Sequence[str] = (), **how: Any
) -> bytes:
    """Pack a layer's cell; `doubts` stand below it, and `how` is as in `cell_view`."""
    return cell_view(
        anatomy,
        inputs=_signs(run, layer, sample, anatomy),
        marks=_marked(run, sample, anatomy),
        subject=run.id,
        notes=[*notes(anatomy, _drawn(run, layer)), *doubts],
        on_stage=True,
        **how,
    )


def _marked(run: Run, sample: int, anatomy: Anatomy) -> npt.NDArray[np.bool_]:
    """(T,): at which of its steps, in the order in which the layer ran, the task points."""
    return np.isin(_times(anatomy), marks_of(run.dataset, run.examples.inputs[sample]))


def _signs(run: Run, layer: str, sample: int, anatomy: Anatomy) -> Sequence[str] | None:
    """How what the first layer reads is written, where it reads no numbers."""
    first = layer.removesuffix("_reverse").endswith("l0")
    signs = letters(run.dataset, run.examples.inputs[sample]) if first else None
    return [signs[t] for t in _times(anatomy)] if signs else None


def _times(anatomy: Anatomy) -> npt.NDArray[np.int_]:
    """The t of each of its steps, in the order in which the layer ran."""
    count = len(anatomy.input)
    return np.arange(count)[::-1] if anatomy.reverse else anatomy.first + np.arange(count)


def _drawn(run: Run, layer: str) -> int | None:
    """Of how many of the layer's units the film beside the cell is drawn, which says so itself."""
    newest = run.film.at(None)
    found = newest.layers.get(layer) if newest else None
    return len(units_of(found, Thinning.of(found))) if found else None


def notes(anatomy: Anatomy, drawn: int | None = None) -> list[str]:
    """What the reader should know about where the numbers are from; the film beside them is
    `drawn` of so many units.
    """
    found = []
    if anatomy.first:
        count = len(anatomy.input)
        shown = (
            ngettext(
                "Shown: the first time step.",
                "Shown: the first {count} time steps.",
                count,
            )
            if anatomy.reverse
            else ngettext(
                "Shown: the last time step.",
                "Shown: the last {count} time steps.",
                count,
            )
        )
        found.append(shown.format(count=count))
    if anatomy.reverse:
        found.append(_("This layer reads backward: t comes after t + 1."))
    if len(anatomy.units) < anatomy.hidden_size and len(anatomy.units) != drawn:
        found.append(
            _("Drawn: {shown} of {size} units, evenly spaced.").format(
                shown=len(anatomy.units), size=anatomy.hidden_size
            )
        )
    return found
