"""Several runs beside each other: what each costs, what it reaches, how far its gradient goes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_viz.figures import training
from lstm_viz.figures.measures import reach
from lstm_viz.training.presets import PRESETS
from lstm_viz.training.runs import Run
from lstm_viz.ui import components, presets
from lstm_viz.ui.answers import loss_title
from lstm_viz.ui.live import live_together
from lstm_viz.ui.say import heading, look_for, show_problem
from lstm_viz.ui.selection import name_of, own_runs, state_of
from lstm_viz.words import _

MOST = 8
"""Runs that can be told apart in one figure."""
CAROUSEL = "carousel"


def page() -> None:
    heading(
        _("Compare"),
        _("Runs beside each other: same data, same seed, different cells or settings."),
    )
    show_problem()
    runs = own_runs()
    if not runs:
        _nothing_yet()
        return
    presets.what_to_see(runs[0])
    chosen = _choose(runs)
    if chosen:
        live_together(chosen, _draw)
    else:
        st.info(_("Choose at least one run above."))


def _nothing_yet() -> None:
    st.info(
        _(
            "No runs to compare yet. Start this one: six cells on the same task, from the carousel "
            "of 1997 to the GRU. Or train twice with different settings and come back."
        )
    )
    if st.button(_(PRESETS[CAROUSEL].label), icon=":material/play_arrow:", type="primary"):
        presets.start(CAROUSEL)
        st.rerun()


def _choose(runs: list[Run]) -> list[Run]:
    """The runs to compare; those started together, unless the reader chooses others."""
    by_id = {run.id: run for run in runs}
    together = [run.id for run in runs if run.dataset is runs[0].dataset][:MOST]
    names = {run.id: name_of(run) for run in runs}
    picked = st.multiselect(
        _("Runs"),
        list(by_id),
        default=list(reversed(together)),
        format_func=names.__getitem__,
        max_selections=MOST,
        key=f"compare.{runs[0].id}",
        help=_("Your runs. At first: those that learn from the same data as the newest."),
    )
    return [by_id[each] for each in picked]


def _draw(runs: list[Run]) -> None:
    names = [f"{number} {_name(run)}" for number, run in enumerate(runs, 1)]
    shown = {name: run for name, run in zip(names, runs, strict=True) if run.film.frames}
    if not shown:
        st.info(_("The first frames are on their way."), icon=":material/hourglass_top:")
        return
    _table(shown)
    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        st.subheader(_("Validation loss"), anchor=False)
        first = next(iter(shown.values()))
        components.chart(
            training.runs_loss(
                {name: run.film.history for name, run in shown.items()},
                chance=first.dataset.chance,
                y_title=loss_title(first),
            ),
            key="compare.loss",
        )
        look_for(_("Who gets below the dashed line of guessing, and how soon?"))
    with right:
        _gradients(shown)


def _name(run: Run) -> str:
    return _(run.label) if run.label else name_of(run).partition(": ")[2]


def _gradients(runs: Mapping[str, Run]) -> None:
    st.subheader(_("Gradient through time"), anchor=False)
    untrained = _("Before training")
    when = st.segmented_control(
        _("Moment"),
        [untrained, _("Now")],
        default=untrained,
        required=True,
        label_visibility="collapsed",
        key="compare.when",
    )
    place = 0 if when == untrained else -1
    norms = {name: _norms(run, place) for name, run in runs.items()}
    components.chart(training.runs_gradient(norms, relative=True), key="compare.gradient")
    look_for(
        _(
            "Read it from right to left: how much of the error at the end is left at each earlier "
            "step. A level line is the constant error carousel."
        ),
        _(
            "$\\|dL/dc_t\\|_2$ of the top layer, $\\|dL/dh_t\\|_2$ where there is no cell state; "
            "geometric mean over the examples, relative to the last step."
        ),
    )


def _norms(run: Run, place: int) -> np.ndarray:
    """(T,) ‖dL/dc_t‖, or ‖dL/dh_t‖ without a cell state: the top layer's, a mean over samples."""
    layer = list(run.film.frames[place].layers.values())[-1]
    norms = layer.grad_hidden_norm if layer.grad_cell_norm is None else layer.grad_cell_norm
    norms = np.maximum(norms, np.finfo(np.float64).tiny)
    return np.asarray(np.exp(np.log(norms).mean(axis=0)))


def _table(runs: Mapping[str, Run]) -> None:
    rows = [_row(name, run) for name, run in runs.items()]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="compare.table",
        column_config={
            _("time per epoch"): st.column_config.NumberColumn(format="%.2f s"),
            _("best loss"): st.column_config.NumberColumn(
                format="%.3g", help=_("The lowest validation loss so far.")
            ),
            _("best accuracy"): st.column_config.NumberColumn(format="percent"),
            _("gradient at step 0"): st.column_config.NumberColumn(
                format="%.2g",
                help=_("Before training: what is left at the first step of the last step's."),
            ),
        },
    )
    equal = {(run.config.epochs, run.config.seed) for run in runs.values()}
    same = len({id(run.dataset) for run in runs.values()}) == 1 and len(equal) == 1
    words = _(
        "Held equal: the data, the seed and the epochs. The time counts each network's own steps, "
        "not those of the others that trained beside it."
    )
    look_for(
        words if same else _("These runs differ in their data, seed or length: compare with care.")
    )


def _row(name: str, run: Run) -> dict[str, Any]:
    history, initial = run.film.history, _norms(run, 0)
    back = reach(initial)
    row: dict[str, Any] = {
        _("run"): name,
        _("parameters"): run.parameters,
        _("time per epoch"): run.seconds_per_epoch,
        _("best loss"): float(np.nanmin(history["validation_loss"])),
    }
    if run.dataset.problem != "regression":
        row[_("best accuracy")] = float(np.nanmax(history["validation_accuracy"]))
    row[_("gradient at step 0")] = float(initial[0] / initial[-1])
    row[_("falls to 1/1000 after")] = (
        _("{steps} steps").format(steps=back) if back is not None else _("never")
    )
    row[_("state")] = state_of(run)
    return row


page()
