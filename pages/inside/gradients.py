"""Gradients through time: how much of one step's gradient arrives, and the total one."""

from collections.abc import Sequence

import streamlit as st

from lstm_viz.figures.clock import place_of
from lstm_viz.figures.flow_chart import FlowLine, flow_chart
from lstm_viz.figures.gradients import (
    enters_once,
    flow_row,
    ghost,
    gradient_maps,
    gradient_row,
    gradients_trained,
)
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.rows import Row
from lstm_viz.measures.gradient_flow import (
    NO_SHARE,
    said_before,
    said_flow,
    said_trained,
    said_truncated,
)
from lstm_viz.measures.gradient_return import said_return
from lstm_viz.models.cells import CELLS
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui import clipping, components, knob, player, stage
from lstm_viz.ui.connection import is_followed
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.laboratory import helping, sections
from lstm_viz.ui.live import still
from lstm_viz.ui.names import cell_name
from lstm_viz.ui.selection import recorded_beside, select
from lstm_viz.ui.service import trainer
from lstm_viz.ui.session import remembered, setting
from lstm_viz.words import _

TO_FLOOR = "gradients.to_floor"
"""Whether the axis of the norms begins at 1e-50."""


def draw(run: Run, frame: Frame) -> None:
    film = player.layer_film(run, frame)
    _through_time(run, frame, film)
    still([run], place_of(frame))
    beside = recorded_beside(run)
    if beside:
        _networks([run, *beside], frame, film)
    else:
        _network(run, frame, film)
    helping.show(run, film.layer, film.of(frame), film.sample)
    if not run.watched:
        clipping.show(run)
    sections.show(run, frame, film.layer, film.sample)
    knob.show()


def _network(run: Run, frame: Frame, film: LayerFilm) -> None:
    """What arrives in one network, in its first frame and in the one shown."""
    first = run.film.frames[0]
    before, now = (film.of(each).flow(film.sample) for each in (first, frame))
    name = place_of(first) if run.watched else _("untrained")
    lines = [FlowLine(before, name, untrained=True)]
    sentences = [said_flow(now)]
    if frame is not first:
        moment = _("epoch {epoch:.1f}").format(epoch=frame.epoch)
        lines.append(FlowLine(now, place_of(frame) if run.watched else moment))
        sentences += [] if run.watched else [said_before(before)]
    _arrives(lines, " ".join(sentences), film.of(frame))


def _networks(runs: Sequence[Run], frame: Frame, film: LayerFilm) -> None:
    """The same of networks that learn the same, in the order of the cells' table."""
    lines, sentences = [], []
    order = [*CELLS]
    in_order = sorted(runs, key=lambda each: order.index(each.settings.cell.kind))
    for place, run in enumerate(in_order):
        name = cell_name(run.settings.cell.kind)
        shown = frame if run is film.run else run.film.at(frame.step) or frame
        untrained, now = (
            _layer(run, each, film).flow(film.sample) for each in (run.film.frames[0], shown)
        )
        when = _("{network}, epoch {epoch:.1f}").format(network=name, epoch=shown.epoch)
        lines += [
            FlowLine(
                untrained, _("{network}, untrained").format(network=name), place, untrained=True
            ),
            *([FlowLine(now, when, place)] if shown.step else []),
        ]
        sentences.append(said_trained(name, untrained, now))
    _arrives(lines, "\n".join(f"- {sentence}" for sentence in sentences), film.of(frame))


def _layer(_run: Run, frame: Frame, film: LayerFilm) -> LayerFrame:
    return frame.layers.get(film.layer, frame.top_layer)


def _arrives(lines: Sequence[FlowLine], sentences: str, layer: LayerFrame) -> None:
    if any(line.flow.verdict not in NO_SHARE for line in lines):
        components.chart(
            flow_chart(lines, picks=True),
            key="gradients.flow",
            picked=lambda steps: select(t=steps[0]),
        )
    state = {"hidden": "h_t", "cell": "c_t", "inner_cell": "\\tilde c_t"}[layer.flow(0).state]
    st.markdown(
        sentences,
        help=_(
            "Gradient flow: what the loss sends in at step s (the last at which it does), alone, "
            "back through the layer's own recurrence: $\\|\\partial L_s/\\partial {state}\\|_2$ "
            "over "
            "the units, relative to step s. Total gradient: $\\|dL/d{state}\\|_2$. Float64; in "
            "float32 a norm is 0 below about 4·10⁻²³."
        ).format(state=state),
    )


def _through_time(run: Run, frame: Frame, film: LayerFilm) -> None:
    """The total gradient over the training, and in the frame shown: of one step alone, by unit."""
    layer, sample = film.of(frame), film.sample
    to_floor = setting(TO_FLOOR, False)
    once = enters_once(layer, sample)
    ghosts = [ghost(_layer(*each, film), sample, _named(*each)) for each in _recorded(run, frame)]
    rows: list[Row] = [
        gradients_trained(layer)[-1],
        flow_row(layer, sample, to_floor=to_floor, ghosts=ghosts),
        *([] if once else [gradient_row(layer, to_floor=to_floor)]),
        gradient_maps(layer)[-1],
        *film.input_rows(frame, asked=False),
    ]
    stage.show(film, rows, frame, key="film.gradients")
    if not (run.watched or is_followed(run)) and (said := _return(run, film)):
        st.markdown(
            said,
            help=_(
                "Back: a thousandth or more arrives where the layer began. Left: the validation "
                "loss is a tenth or more below the best constant answer's. Both from then on."
            ),
        )
    if cut := said_truncated(run.settings.optimiser.truncate):
        st.caption(cut)
    st.toggle(
        _("Axis from 10⁻⁵⁰"),
        key=remembered(TO_FLOOR, False),
        persist_state="session",
        help=_("Off, the axis fits the curves."),
    )


def _return(run: Run, film: LayerFilm) -> str:
    """Whether the gradient came back before this network's loss left that of a constant."""
    frames = run.film.frames
    flows = [film.of(frame).flow(film.sample) for frame in frames]
    return said_return(
        [frame.epoch for frame in frames],
        [flow.ratio for flow in flows],
        [frame.validation_loss for frame in frames],
        run.chance.loss,
    )


def _recorded(run: Run, frame: Frame) -> list[tuple[Run, Frame]]:
    """Recorded runs that learn the same with another cell, each in its frame of that step."""
    kind = run.settings.cell.kind
    alike = [each for each in trainer().runs.recorded if each.data == run.data]
    others = [each for each in alike if each.settings.cell.kind != kind]
    return [(each, each.film.at(frame.step) or each.film.frames[-1]) for each in others]


def _named(run: Run, frame: Frame) -> str:
    return _("recorded {network}, epoch {epoch:.1f}").format(
        network=cell_name(run.settings.cell.kind), epoch=frame.epoch
    )


look_inside(
    _("Gradients"),
    _("A network hardly learns from steps whose gradient has vanished."),
    draw,
)
