"""The film of a training without the app: in a notebook, and as one file that plays by itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from lstm_viz.errors import ConfigError
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.saved_film import SavedFilm, moment_messages, said_of, saved_film
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.traces import Traces
from lstm_viz.instruments.watch import Watcher
from lstm_viz.notebook.fit import Frames
from lstm_viz.notebook.result import Result
from lstm_viz.notebook.traced import NOT_YET, TracedSource, sample_from_zero
from lstm_viz.runs.run import Run
from lstm_viz.words import N_, _

HEIGHT = 760
"""Pixels of a film in a frame of its own: all its rows, and the clocks."""


class Feeding(Protocol):
    """A loop that may bring more."""

    def hear(self, hear: Callable[[], None], /) -> None:
        """Call `hear` whenever it has, and at its end."""


class Source(Protocol):
    """What a film is made of."""

    @property
    def feeding(self) -> Feeding | None:
        """Who may have more of it later."""

    @property
    def live(self) -> bool:
        """Whether more may come by itself."""

    @property
    def steps(self) -> list[int]:
        """The training steps of its moments; none before the first one."""

    @property
    def missing(self) -> str:
        """What stands in its place before its first moment; to be translated."""

    @property
    def shape(self) -> object:
        """What all moments of one film have in common.

        Raises ConfigError for a layer or an example that there is not.
        """

    def saved(self, name: str, *, live: bool = False) -> SavedFilm:
        """All of it, under a name in the browser's memory; `live` where `news` follows."""

    def news(self, name: str) -> tuple[str, list[bytes]]:
        """What is said of such a film with the newest moment, and what it lacks of that."""


class Film:
    """The app's rows and its cell: one layer, on one example, at every moment that was kept."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def _saved(self) -> SavedFilm:
        return self._source.saved("film")

    def save(self, path: str | Path) -> int:
        """Write one HTML file, and say how many bytes it has.

        It plays in a browser from wherever it lies: it asks no server for anything, and holds all
        that it shows.
        """
        return Path(path).write_bytes(self._saved.html().encode())

    def __repr__(self) -> str:
        if not self._source.steps:
            return "Film of nothing yet"
        saved = self._saved
        return f"Film of {saved.title}: {saved.said}"


class FramedFilm(Film):
    """A film that a notebook without anywidget shows as it stands, in a frame of its own."""

    def _repr_html_(self) -> str:
        try:
            saved = self._saved if self._source.steps else None
        except ConfigError as error:  # of a loop's film, whose layers are known when it runs
            return f"<p>{escape(str(error))}</p>"
        if saved is None:
            return f"<p>{escape(_(self._source.missing))}</p>"
        page, title = escape(saved.html()), escape(saved.title)
        style = f"width:100%;height:{HEIGHT}px;border:0"
        return (
            f'<iframe srcdoc="{page}" title="{title}" style="{style}" sandbox="allow-scripts">'
            "</iframe>"
        )


def film(
    what: Result | Run | Frames | Traces | Watcher | Sequence[Traces],
    *,
    layer: str | None = None,
    sample: int = 0,
    title: str | None = None,
) -> Film:
    """Gates, states and gradients of one layer at every moment of a training, and its cell, as the
    app draws them; `.save("run.html")` writes them as one file.

    In a notebook it is a widget (with `anywidget`, which lstm_viz[notebook] brings along). Of a
    loop that trains it is live: show it before the loop, and each moment is drawn as it comes.

    - `what`: what `frames` gives, or `watch` with a history, live; what `fit` gave; or a run of the
      app, of that the film alone. Of what is watched, of a history or of one trace: gates, states,
      total gradients and the input, without the cell.
    - `layer`: by the name that frames give it; the last forward one if not said.
    - `sample`: which of the probe's examples, from 0; of a watched loop, of each step's own batch;
      steps whose batch has no such one are left out.
    - `title`: what stands above it; model and data if not said.

    Raises ConfigError for a layer or an example that there is not; of a loop that trains, the film
    says it instead.
    """
    source = _source(what, layer, sample, title)
    if source.feeding is None or source.steps:
        source.shape  # noqa: B018 - what there is not is said now
    if find_spec("anywidget") is None:
        return FramedFilm(source)
    from lstm_viz.notebook.widget import FilmWidget

    return FilmWidget(source)


def _source(what: object, layer: str | None, sample: int, title: str | None) -> Source:
    if isinstance(what, Result | Run | Frames):
        return _RunSource(what, layer, sample, title)
    if isinstance(what, Traces):
        return TracedSource([what], layer, sample, title)
    several = isinstance(what, Sequence) and what and all(isinstance(t, Traces) for t in what)
    if isinstance(what, Watcher) or several:
        return TracedSource(what, layer, sample, title)  # type: ignore[arg-type]
    raise ConfigError(
        N_("A film is made of what lstm_viz.fit, frames, watch or trace gives, got {got}."),
        got=type(what).__name__,
    )  # fmt: skip


class _RunSource:
    """A training, or a run of the app."""

    missing = NOT_YET

    def __init__(
        self, what: Result | Run | Frames, layer: object, sample: Any, title: str | None
    ) -> None:
        self.feeding = what if isinstance(what, Frames) else None
        self._result = what.result if isinstance(what, Frames) else what
        self._layer, self._sample, self._title = layer, sample, title

    @property
    def shape(self) -> object:
        run = self._run
        return _layer(run, self._layer), sample_from_zero(self._sample, len(run.examples.inputs))

    @property
    def live(self) -> bool:
        return self.feeding is not None and self.feeding.running

    @property
    def steps(self) -> list[int]:
        return [frame.step for frame in self._run.film.frames]

    def saved(self, name: str, *, live: bool = False) -> SavedFilm:
        film = self._film(name, live)
        return saved_film(film, self._called, self._anatomy(film), own=self._own, live=live)

    def news(self, name: str) -> tuple[str, list[bytes]]:
        film = self._film(name, True)
        return said_of(film), moment_messages(film, self._anatomy(film), own=self._own)

    @property
    def _run(self) -> Run:
        return self._result.run if isinstance(self._result, Result) else self._result

    @property
    def _own(self) -> bool:
        return isinstance(self._result, Result) and self._result.own

    @property
    def _called(self) -> str:
        data = _(self._run.dataset.name)
        known = f"{self._result.name}, {data}" if isinstance(self._result, Result) else data
        return self._title or known

    def _anatomy(self, film: LayerFilm) -> Anatomy | None:
        """Of the newest moment, where there is its network."""
        if not isinstance(self._result, Result):
            return None
        return self._result.anatomy(film.layer, film.sample)

    def _film(self, name: str, live: bool) -> LayerFilm:
        run = self._run
        state = "stopped" if run.training and not live else run.state
        named = replace(run, id=name, state=state)
        return LayerFilm(
            named,
            _layer(run, self._layer),
            sample_from_zero(self._sample, len(run.examples.inputs)),
        )


def _layer(run: Run, wanted: object) -> str:
    if not run.film.frames:
        raise ConfigError(N_("Nothing was measured of this training: there is no film of it."))
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
