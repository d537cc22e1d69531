"""The live part of a page: the run that is looked at, drawn again while it trains."""

from collections.abc import Callable, Sequence

import streamlit as st

from lstm_viz.figures.layers import longest_memory
from lstm_viz.figures.strips import Row, Transport, strips
from lstm_viz.training.frames import Frame
from lstm_viz.training.runs import Run
from lstm_viz.ui import components
from lstm_viz.ui.selection import layer_of, pin, select, selected
from lstm_viz.ui.service import trainer
from lstm_viz.words import _

SECONDS = 0.5


def live(run: Run, draw: Callable[[Run], None], seconds: float = SECONDS) -> None:
    """Draw now, and every so many seconds for as long as the run trains."""
    was_training = run.training

    def body() -> None:
        now = trainer().run(run.id)
        draw(now)
        if was_training and not now.training:
            st.rerun()  # the page's buttons change, and without training there is no timer

    st.fragment(body, run_every=seconds if was_training else None, key=f"live.{run.id}")()


def live_together(runs: Sequence[Run], draw: Callable[[list[Run]], None]) -> None:
    """The same for several runs at once."""
    were_training = any(run.training for run in runs)

    def body() -> None:
        now = [trainer().run(run.id) for run in runs]
        draw(now)
        if were_training and not any(run.training for run in now):
            st.rerun()

    st.fragment(body, run_every=SECONDS if were_training else None, key="live.together")()


def shown_frame(run: Run) -> Frame | None:
    """The frame the user looks at: the one chosen, or the newest."""
    return run.film.at(selected().step)


def moment(frame: Frame) -> str:
    """A frame's place in the training, in words."""
    return _("epoch {epoch:.1f}, step {step}").format(epoch=frame.epoch, step=frame.step)


def strips_of(
    run: Run, frame: Frame, rows: list[Row], key: str, letters: list[str] | None = None
) -> None:
    """Rows on one time axis, with the cursor, the unit and the moment that all pages share."""
    frames = run.film.frames
    steps = [kept.step for kept in frames]
    chosen = selected()
    transport = (
        None
        if len(frames) == 1 and not run.training
        else Transport(
            labels=[moment(kept) for kept in frames],
            index=-1 if chosen.step is None else steps.index(frame.step),
            mode="server",
            live=run.training,
        )
    )

    def frame_changed() -> None:
        index = components.picked(key).frame
        select(step=None if index is None or index < 0 else steps[min(index, len(steps) - 1)])

    unit = chosen.unit
    if unit is None and not run.training:
        unit = longest_memory(layer_of(frame))
    components.strips(
        strips(rows, cursor=chosen.t, unit=unit, transport=transport, letters=letters),
        key=key,
        on_frame=frame_changed,
        on_cursor=lambda: select(t=components.picked(key).t),
        on_unit=lambda: pin(components.picked(key).unit),
    )
