"""In which order a film draws its units, so that those alike stand together."""

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.film_view import Sort
from lstm_viz.figures.layer_rows import memory
from lstm_viz.runs.frames import LayerFrame

Order = npt.NDArray[np.intp]


def sorts_of(layer: LayerFrame) -> list[Sort]:
    """The orders that say something about this layer."""
    known: list[Sort] = ["original", "memory", "peak", "similar"]
    return [sort for sort in known if sort != "memory" or memory(layer) is not None]


def ordered(layer: LayerFrame, sample: int, sort: Sort) -> list[int] | None:
    """The layer's units by number, from top to bottom; None for the original order.

    - memory: the longest time constant first (`memory`, a mean over the examples).
    - peak: by the t at which the state's magnitude is largest on this example.
    - similar: hierarchical clustering of the states on all examples.
    """
    if sort == "original":
        return None
    states = layer.hidden if layer.cell is None else layer.cell
    if sort == "memory":
        constants = memory(layer)
        if constants is None:
            return None
        places: Order = np.argsort(-constants, kind="stable")
    elif sort == "peak":
        places = np.argsort(_known(np.abs(states[sample])).argmax(axis=0), kind="stable")
    else:
        places = similar(np.concatenate(states, axis=0).T)
    return [int(layer.units[place]) for place in places]


def similar(courses: npt.NDArray[np.floating]) -> Order:
    """The order of (U, N) courses in which neighbours are alike: leaves of their clustering.

    Average linkage of 1 - |correlation| (a unit and its mirror image do the same), leaves ordered
    after Bar-Joseph et al. 2001 as `scipy.cluster.hierarchy` does it.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(courses) < 3:
        return np.arange(len(courses))
    centred = _known(courses - courses.mean(axis=1, keepdims=True))
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    distance = np.clip(1 - np.abs(unit @ unit.T), 0.0, 1.0)
    np.fill_diagonal(distance, 0.0)
    links = linkage(squareform((distance + distance.T) / 2), "average", optimal_ordering=True)
    return np.asarray(leaves_list(links), dtype=np.intp)


def _known(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Without what is no number, as far as an order is concerned."""
    return np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
