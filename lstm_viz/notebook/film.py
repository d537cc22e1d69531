"""The film of a training without the app: one file that plays by itself."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from lstm_viz.errors import ConfigError
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.saved_film import SavedFilm, saved_film
from lstm_viz.instruments.traces import Traces
from lstm_viz.instruments.watch import Watcher
from lstm_viz.notebook.result import Result
from lstm_viz.notebook.traced import film_of_traces
from lstm_viz.runs.run import Run
from lstm_viz.words import N_, _

HEIGHT = 760
"""Pixels of a film in a notebook: all its rows, and the clocks."""


class Film:
    """The app's rows and its cell: one layer, on one example, at every moment that was kept."""

    def __init__(self, saved: SavedFilm) -> None:
        self._saved = saved

    def save(self, path: str | Path) -> int:
        """Write one HTML file, and say how many bytes it has.

        It plays in a browser from wherever it lies: it asks no server for anything, and holds all
        that it shows.
        """
        return Path(path).write_bytes(self._saved.html().encode())

    def _repr_html_(self) -> str:
        """The same in a notebook, in a frame of its own."""
        page = escape(self._saved.html())
        title = escape(self._saved.title)
        style = f"width:100%;height:{HEIGHT}px;border:0"
        return (
            f'<iframe srcdoc="{page}" title="{title}" style="{style}" sandbox="allow-scripts">'
            "</iframe>"
        )

    def __repr__(self) -> str:
        return f"Film of {self._saved.title}: {self._saved.said}"


def film(
    what: Result | Run | Traces | Watcher | Sequence[Traces],
    *,
    layer: str | None = None,
    sample: int = 0,
    title: str | None = None,
) -> Film:
    """Gates, states and gradients of one layer at every moment of a training, and its cell at the
    last one, as the app draws them; `.save("run.html")` writes them as one file.

    - `what`: what `fit` gave, or a run of the app; of that the film alone. Or what `watch` gave,
      with its history where it keeps one; a history; or one trace: gates, states, total gradients
      and the input, without the cell.
    - `layer`: by the name that frames give it; the last forward one if not said.
    - `sample`: which of the probe's examples, from 0; of a watched loop, of each step's own batch.
    - `title`: what stands above it; model and data if not said.

    Raises ConfigError for a layer or an example that there is not.
    """
    traces = _traced(what)
    if traces is not None:
        return Film(film_of_traces(traces, layer, sample, title))
    if not isinstance(what, Result | Run):
        raise ConfigError(
            N_("A film is made of what lstm_viz.fit, lstm_viz.watch or lstm_viz.trace gives, got "
               "{got}."),
            got=type(what).__name__,
        )  # fmt: skip
    run = what.run if isinstance(what, Result) else what
    chosen = LayerFilm(run, _layer(run, layer), _sample(run, sample))
    if not isinstance(what, Result):
        return Film(saved_film(chosen, title or _(run.dataset.name)))
    anatomy = what.anatomy(chosen.layer, chosen.sample)
    name = title or f"{what.name}, {_(run.dataset.name)}"
    return Film(saved_film(chosen, name, anatomy, own=what.own))


def _traced(what: object) -> Sequence[Traces] | None:
    """The traces to show one after the other; None where it is something else."""
    if isinstance(what, Watcher):
        return what.history if what.every else [what.traces]
    if isinstance(what, Traces):
        return [what]
    if isinstance(what, Sequence) and what and all(isinstance(each, Traces) for each in what):
        return what
    return None


def _layer(run: Run, wanted: object) -> str:
    if not run.film.frames:
        raise ConfigError(N_("Nothing was measured of this training, so there is no film of it."))
    layers = run.film.frames[-1].layers
    if wanted is None:
        return [name for name, layer in layers.items() if not layer.reverse][-1]
    if not isinstance(wanted, str) or wanted not in layers:
        raise ConfigError(
            N_("There is no layer {got!r}. Choose one of: {known}."),
            got=wanted,
            known=", ".join(layers),
        )
    return wanted


def _sample(run: Run, wanted: Any) -> int:
    count = len(run.examples.inputs)
    if not isinstance(wanted, int) or not 0 <= wanted < count:
        raise ConfigError(
            N_("The 'sample' must be between 0 and {last}, got {got!r}."),
            last=count - 1,
            got=wanted,
        )
    return wanted
