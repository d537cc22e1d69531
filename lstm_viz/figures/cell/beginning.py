"""Where a cell's reader begins: at the unit that keeps longest, and at the step that tells most."""

import numpy as np
import numpy.typing as npt

from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.models.cells import cell_of


def steadiest(anatomy: Anatomy) -> int:
    """The place of the unit that keeps longest; of the one that moves most without such a gate."""
    kept = cell_of(anatomy.kind).kept(anatomy.forward, anatomy.options)
    if kept is None or (kept == 1.0).all():
        with np.errstate(over="ignore", invalid="ignore"):  # of a run that has diverged
            return int(anatomy.forward["h"].std(axis=0).argmax())
    return int(kept.mean(axis=0).argmax())


def telling_steps(anatomy: Anatomy, marks: npt.NDArray[np.bool_] | None = None) -> list[int]:
    """(U,): each unit's place of the step, of the marked ones if any, that adds most to it."""
    added = np.abs(anatomy.forward["added" if "added" in anatomy.forward else "h"])
    if marks is not None and marks.any():
        added = np.where(marks[:, None], added, -1.0)
    return [int(k) for k in np.nan_to_num(added).argmax(axis=0)]
