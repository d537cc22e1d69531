"""What the user looks at, shared by all pages: run, frame, layer, sample, time step, units.

Kept in plain session state, so that switching pages keeps it. The frame is kept as the training
step it was taken at: thinning a film moves its frames' positions, never their steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from lstm_viz.data.dataset import Part
from lstm_viz.figures.film_view import MOST_PINNED, Sort
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui.names import cell_name, units_in_words
from lstm_viz.ui.service import trainer
from lstm_viz.words import N_, _

KEY = "selection"
OPENED = "opened"
"""In the session: the run that its visitor opened from a file."""
SHOW = "show"
"""Parameter of a link within the app: a run to look at. In the session: the last one."""

STATE_NAMES = {
    "waiting": N_("about to start"),
    "training": N_("training"),
    "paused": N_("paused"),
    "finished": N_("finished"),
    "stopped": N_("stopped"),
    "diverged": N_("diverged"),
    "failed": N_("failed"),
    "lost": N_("lost"),
    "recorded": N_("recorded"),
}


@dataclass(frozen=True)
class Selection:
    """Where the user's eyes are."""

    run: str | None = None
    step: int | None = None
    """Training step of the frame shown; None follows the newest."""
    layer: str | None = None
    sample: int = 0
    t: int | None = None
    units: tuple[int, ...] | None = None
    """The pinned units, by their numbers in the layer, the newest last; None before any choice."""
    sort: Sort | None = None
    """The order in which units are drawn; None before any choice."""
    example: tuple[Part, int] | None = None
    """Another example than those of the frames: a part of the data, and a place in it."""

    @property
    def unit(self) -> int | None:
        """The unit pinned last."""
        return self.units[-1] if self.units else None


def selected() -> Selection:
    """Where the user's eyes are now."""
    selection: Selection = st.session_state.setdefault(KEY, Selection())
    return selection


def select(**changes: Any) -> None:
    """Move the user's eyes."""
    st.session_state[KEY] = replace(selected(), **changes)


def pin(units: Sequence[int]) -> None:
    """Pin these units alone."""
    select(units=tuple(units[:MOST_PINNED]))


def own_runs() -> list[Run]:
    """The runs that this session started or follows by a link, the newest first."""
    runs = trainer().runs
    known = [runs.get(run) for run in reversed(st.session_state.get("runs", [])) if run in runs]
    return [run for run in known if not run.file]


def opened_runs() -> list[Run]:
    """The run that this session opened from a file; none where it is gone."""
    named, runs = st.session_state.get(OPENED, ""), trainer().runs
    return [runs.get(named)] if named in runs else []


def adopt(run: str) -> None:
    """Keep a run among those of this session and look at its newest frame."""
    st.session_state.setdefault("runs", []).append(run)
    select(run=run, step=None)


def opened_run() -> Run | None:
    """The run from a file, where that is looked at."""
    run = selected_run()
    return run if run is not None and run.file else None


def follow_link() -> None:
    """Look at the run that a link within the app names, once: from there on the reader chooses.

    The browser goes on naming it until the reader goes to another page.
    """
    named, runs = st.query_params.get(SHOW), trainer().runs
    if named == st.session_state.get(SHOW):
        return
    st.session_state[SHOW] = named
    if named is None or named not in runs:
        return
    if named in [run.id for run in (*runs.recorded, *own_runs(), *opened_runs())]:
        select(run=named, step=None, layer=None)
    else:
        adopt(named)  # in a tab of its own


def selected_run() -> Run | None:
    """The run looked at: the chosen one, else the newest own one, else None."""
    runs = trainer().runs
    chosen = selected().run
    if chosen is not None and chosen in runs:
        return runs.get(chosen)
    own = own_runs()
    return own[0] if own else None


def run_shown() -> Run | None:
    """What the pages that look inside show: the run looked at, or else the recorded one."""
    return selected_run() or next(iter(trainer().runs.recorded), None)


def recorded_beside(run: Run) -> list[Run]:
    """The other recorded runs that learn what a recorded run learns; none beside a live one."""
    recorded = trainer().runs.recorded
    alike = [each for each in recorded if each.data == run.data and each.id != run.id]
    return alike if run.state == "recorded" else []


def name_of(run: Run) -> str:
    """A run in a list, under a name that stays while it trains."""
    names, own = st.session_state.get("runs", []), run.follows or run.id
    words = {
        "number": names.index(own) + 1 if own in names else 0,
        "cell": cell_name(run.settings.cell.kind),
        "units": units_in_words(run.settings.network.hidden_size),
        "data": _(run.dataset.name),
    }
    if run.watched:
        return _("Opened: watched loop, {file}").format(file=run.file)
    if run.file:
        words["label"] = run.label or _("{cell}, {units}").format(**words)
        return _("Opened: {label}, {data}").format(**words)
    if run.label:
        return _("Run {number}: {label}, {data}").format(label=_(run.label), **words)
    if run.state == "recorded":
        return _("Recorded: {cell}, {units}, {data}").format(**words)
    return _("Run {number}: {cell}, {units}, {data}").format(**words)


def choose_run(run: Run) -> Run:
    """The run a page shows, picked among the session's own."""
    runs = {each.id: each for each in own_runs()}
    names = {each: name_of(record) for each, record in runs.items()}
    own = run.follows or run.id
    picked = st.selectbox(
        _("Run"), list(runs), index=list(runs).index(own), format_func=names.__getitem__
    )
    if picked != own:
        select(run=picked, step=None)
        st.rerun()
    return run


def state_of(run: Run) -> str:
    """How a run stands, in a word; of one from a file also how it had ended, if before its end."""
    if run.ended:
        return f"{_(STATE_NAMES[run.state])} · {_(STATE_NAMES[run.ended])}"
    return _(STATE_NAMES[run.state])


def layer_name(layer: str) -> str:
    """`recurrent.l0` as people say it; a layer of a module by its own name."""
    if not layer.startswith("recurrent.l"):
        return layer
    level, _dot, backward = layer.rpartition(".l")[2].partition("_")
    words = _("Layer {number}, backward") if backward else _("Layer {number}")
    return words.format(number=int(level) + 1)


def layer_of(frame: Frame) -> LayerFrame:
    """The selected layer of a frame; the top one that runs forward where that name is unknown."""
    return frame.layers.get(selected().layer or "", frame.top_layer)
