"""One run's film as a page shows it and as the feed brings it."""

from dataclasses import dataclass

from lstm_viz.figures.drawn_frames import DrawnFrame, Thinning, drawn_frame
from lstm_viz.figures.layer_rows import drawn_readout, swapped
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import FILM, RefusedError, Topic

SWAPPED = "swapped"


@dataclass(frozen=True)
class LayerFilm:
    """One run's film as a page shows it: which layer, on which example, drawn how."""

    run: Run
    layer: str
    sample: int
    swapped: bool = False
    """Draws a GRU's update gate as 1 - z. What is derived from the layer stays with its own z."""

    @classmethod
    def of_topic(cls, topic: Topic, run: Run) -> "LayerFilm":
        """The film that a topic of the feed asks for. Raises RefusedError where there is none."""
        match topic.view:
            case (layer, sample, *more) if sample.isdecimal() and more in ([], [SWAPPED]):
                return cls(run, layer, int(sample), bool(more))
        raise RefusedError("no such film")

    @property
    def topic(self) -> Topic:
        """Its name in the feed, and in the browser's memory."""
        view = (self.layer, str(self.sample), *([SWAPPED] if self.swapped else []))
        return Topic(FILM, (self.run.id,), view)

    @property
    def id(self) -> str:
        return self.topic.text

    def of(self, frame: Frame) -> LayerFrame:
        """The layer in one frame, as it was measured."""
        return frame.layers[self.layer]

    def drawn(self, frame: Frame, thinning: Thinning) -> DrawnFrame:
        """What of one frame is drawn."""
        measured = self.of(frame)
        layer = swapped(measured) if self.swapped else measured
        gates = drawn_frame(layer, self.sample, frame.step, thinning)
        readout = drawn_readout(
            self.run.dataset, frame, self.sample, self.run.examples.scored(self.sample)
        )
        return DrawnFrame(frame.step, {**gates.signals, **readout})
