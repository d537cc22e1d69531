"""The training loop of somebody's own: frames, one by one."""

from collections.abc import Iterator

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame
from lstm_viz.training.loop import Training


def fit(settings: Settings, dataset: Dataset) -> Iterator[Frame]:
    """Train, and yield a frame of the untrained model and then one whenever one is due.

    The caller owns the loop: a progress bar, an early stop, a plot are its own lines. Leaving
    the loop ends the training. Raises DivergenceError after the last good frame.

    >>> from lstm_viz.data.tasks.catalogue import adding_problem
    >>> settings = Settings.of(cell="gru", hidden_size=4, epochs=1)
    >>> frames = list(fit(settings, adding_problem(count=64, length=8, seed=0)))
    >>> frames[0].step, frames[-1].epoch
    (0, 1.0)
    """
    training = Training(settings, dataset)
    yield training.frame()
    while not training.finished:
        frame = training.step()
        if frame is not None:
            yield frame
