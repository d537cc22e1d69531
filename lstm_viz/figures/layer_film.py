"""One run's film as a page shows it and as the feed brings it."""

from dataclasses import dataclass

from lstm_viz.figures.drawn_frames import DrawnFrame, Thinning, drawn_frame
from lstm_viz.figures.gradients import flow_row
from lstm_viz.figures.layer_rows import (
    answer_rows,
    attention_rows,
    drawn_readout,
    gate_rows,
    input_rows,
    pinned_states,
    read_rows,
    read_signals,
    state_rows,
    swapped,
)
from lstm_viz.figures.rows import Row
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

    def reads_the_input(self, frame: Frame) -> bool:
        """Whether the layer's steps are those of the input: a module may run it on others."""
        steps: int = self.of(frame).hidden.shape[1]
        return steps == len(self.run.examples.inputs[self.sample])

    def input_rows(self, frame: Frame, height: int = 96, *, asked: bool = True) -> list[Row]:
        """What the network reads, with what it is asked for unless not `asked`; of a watched loop
        what the layer reads, which is another batch at each moment.
        """
        if frame.watched:
            return read_rows(self.of(frame), height)
        example = self.run.examples
        target = example.targets[self.sample] if asked else None
        return input_rows(self.run.dataset, example.inputs[self.sample], target, height)

    def rows(self, frame: Frame) -> list[Row]:
        """What the network reads and answers, the layer's gates or states, a pinned unit's states,
        and the gradient that enters at one step.
        """
        layer, example, dataset = self.of(frame), self.run.examples, self.run.dataset
        target = example.targets[self.sample]
        rows: list[Row] = []
        if self.reads_the_input(frame):
            rows += self.input_rows(frame)
        if self.reads_the_input(frame) and not frame.watched:
            rows += answer_rows(dataset, target, example.scored(self.sample))
            rows += attention_rows(frame)
        rows += gate_rows(layer) if layer.gates else state_rows(layer)
        rows.append(pinned_states(layer, newest=True))
        return [*rows, flow_row(layer, self.sample)] if layer.flow_norms else rows

    def drawn(self, frame: Frame, thinning: Thinning) -> DrawnFrame:
        """What of one frame is drawn."""
        measured = self.of(frame)
        layer = swapped(measured) if self.swapped else measured
        gates = drawn_frame(layer, self.sample, frame.step, thinning)
        if frame.watched:
            read = read_signals(measured, self.sample)
            return DrawnFrame(frame.step, {**gates.signals, **read})
        if not self.reads_the_input(frame):
            return gates
        readout = drawn_readout(
            self.run.dataset, frame, self.sample, self.run.examples.scored(self.sample)
        )
        return DrawnFrame(frame.step, {**gates.signals, **readout})
