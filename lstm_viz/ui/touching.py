"""What a reader may change in a run's film, and what answers."""

from lstm_viz.figures.touch import Touch
from lstm_viz.figures.weights import runs_in_browser
from lstm_viz.runs.topics import WEIGHTS, Topic
from lstm_viz.ui.connection import is_fed
from lstm_viz.ui.layer_film import LayerFilm


def touch_of(film: LayerFilm) -> Touch | None:
    """The example of a film that the reader may change; None where nothing answers."""
    run, newest = film.run, film.run.film.frames[-1]
    if not is_fed(run) or newest.weights is None or not runs_in_browser(run.settings, run.dataset):
        return None
    return Touch(
        key=f"{run.id}/{film.sample}",
        topic=Topic(WEIGHTS, (run.id,)).text,
        layer=film.layer,
        swapped=film.swapped,
        settings=run.settings,
        dataset=run.dataset,
        inputs=run.examples.inputs[film.sample],
        target=run.examples.targets[film.sample],
    )
