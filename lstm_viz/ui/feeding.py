"""What the feed's messages hold: the same drawings that pages show, made outside of a session."""

from collections.abc import Sequence

from lstm_viz.figures.clock import moment_of
from lstm_viz.figures.drawn_frames import Thinning
from lstm_viz.figures.film_frames import frame_message
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.weights import weights_message
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import ALARMS, WEIGHTS, RefusedError, Topic


class Drawings:
    """Encodes what can be watched of runs; it knows no session."""

    def frame(self, topic: Topic, run: Run, frame: Frame) -> Message:
        """One frame of a film, as a layer is drawn on an example; its weights, or its alarms."""
        if topic.name == WEIGHTS and not topic.view:
            return weights_message(topic.text, frame)
        if topic.name == ALARMS:
            from lstm_viz.ui.pictures import alarms_of  # as below

            return alarms_of(topic, run, frame)
        film = LayerFilm.of_topic(topic, run)
        if film.layer not in frame.layers or film.sample >= len(run.examples.inputs):
            raise RefusedError("no such layer or example")
        drawn = film.drawn(frame, Thinning.of(film.of(frame)))
        _step, epoch, _loss = moment_of(frame)
        return frame_message(topic.text, drawn, epoch, frame.validation_loss)

    def picture(self, topic: Topic, runs: Sequence[Run]) -> Message:
        """What else can be watched."""
        from lstm_viz.ui.pictures import picture  # with charts, which no server waits for

        return picture(topic, runs)
