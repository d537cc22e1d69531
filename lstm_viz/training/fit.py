"""A training to its end, frame by frame."""

from collections.abc import Iterator
from contextlib import suppress

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DivergenceError, LstmVizError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame
from lstm_viz.training.loop import Training


def frames_of(training: Training) -> Iterator[Frame]:
    """A frame of the untrained model, and then one whenever one is due.

    Raises DivergenceError after the last good frame: that of the update before, which the
    weights are of.
    """
    yield training.frame()
    while not training.finished:
        try:
            frame = training.step()
        except DivergenceError:
            if training.has_news:
                with suppress(LstmVizError):  # what that moment was cannot always be measured
                    yield training.frame()
            raise
        if frame is not None:
            yield frame


def frames_with(settings: Settings, dataset: Dataset) -> Iterator[Frame]:
    """The same of a training that begins now."""
    return frames_of(Training(settings, dataset))
