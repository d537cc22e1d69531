"""A film as a widget of a notebook: the app's own JavaScript, fed by the loop that trains."""

from uuid import uuid4

import anywidget
from traitlets import Bytes, List, Unicode

from lstm_viz.errors import ConfigError
from lstm_viz.figures.modules import bundle, style_sheet
from lstm_viz.figures.saved_film import state_topic
from lstm_viz.figures.themes import host_themes
from lstm_viz.notebook.film import Film, Source
from lstm_viz.words import _


def browser_half() -> str:
    """assets/components/widget.js and all that it loads, as one module."""
    styles = {name: style_sheet(f"{name}.css") for name in ("widget", "film", "cell")}
    return bundle("widget.js", {**styles, "widget": host_themes() + styles["widget"]})


class FilmWidget(Film, anywidget.AnyWidget):
    """A film in a notebook, live while its loop trains.

    Its traits are messages as the app's components get them: of all moments up to the one at which
    it is shown. Each later one travels once, as a message of its own. Nothing does before it is
    shown.
    """

    _esm = browser_half()
    title = Unicode().tag(sync=True)
    said = Unicode().tag(sync=True)
    empty = Unicode().tag(sync=True)
    """What stands in the place of a film that there is not yet."""
    film = Bytes().tag(sync=True)
    cell = Bytes().tag(sync=True)
    waiting = Bytes().tag(sync=True)
    weights = List(Bytes()).tag(sync=True)

    def __init__(self, source: Source) -> None:
        Film.__init__(self, source)
        self._name = ""
        self._shape: object = None
        self._is_shown = self._is_filled = False
        anywidget.AnyWidget.__init__(self, empty=_(source.missing))

    def __repr__(self) -> str:
        return Film.__repr__(self)

    @property
    def model_id(self) -> str:
        """Its name in the notebook, which asks for it to show it."""
        self._is_shown = True
        self.open()
        return str(super().model_id)

    def open(self) -> None:
        """Once it is to be shown: fill it, and listen. Marimo gives every widget its comm
        when it is made, and shows it from then on.
        """
        if not self._is_shown or (self._is_filled and self.comm is not None):
            return
        self._update()
        super().open()
        if self._source.feeding is not None and not self._is_filled:
            self._source.feeding.hear(self._update)
        self._is_filled = True

    def _update(self) -> None:
        """Bring what came. A loop that trains does not end for want of a picture of it."""
        try:
            if self._source.steps:
                self._bring()
            else:
                self.empty = _(self._source.missing)
        except ConfigError as error:
            self.said = self.empty = str(error)

    def _bring(self) -> None:
        source = self._source
        if not (source.live and self.film and source.shape == self._shape):
            self._fill()
            return
        self.said, messages = source.news(self._name)
        runs = {self._name: {"steps": source.steps, "active": True}}
        state = {"topic": state_topic(self._name), "runs": runs}
        self.send({"state": state}, buffers=messages)

    def _fill(self) -> None:
        source = self._source
        if source.shape != self._shape or not self._name:
            self._shape, self._name = source.shape, f"film-{uuid4().hex[:12]}"
        saved = source.saved(self._name, live=source.live)
        with self.hold_sync():
            self.title, self.said, self.film = saved.title, saved.said, saved.film
            self.cell, self.waiting = saved.cell or b"", saved.waiting or b""
            self.weights = [*saved.weights.values()]
