"""The parameter gradient over a training, what clipping did to it, and the same without it."""

import numpy as np
import streamlit as st

from lstm_viz.experiments.settings import Settings
from lstm_viz.measures import parameter_gradients as measures
from lstm_viz.runs.phases import phase_of
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui import controls, curves
from lstm_viz.ui.connection import is_followed
from lstm_viz.ui.live import heed
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.say import look_for, mistakes_kept
from lstm_viz.ui.selection import own_runs, select, selected, state_of
from lstm_viz.ui.service import trainer
from lstm_viz.words import N_, _

LABEL = N_("without clipping")
PULSE = "pulse.without"


def show(run: Run) -> None:
    """The curve, what it says, and the way to the same training without clipping."""
    st.subheader(_("Parameter gradient over the training"), anchor=False)
    twin = twin_of(run)
    curves.show(run, "gradients", key="gradients.parameters", beside=[twin] if twin else [])
    look_for(
        _said(run) or _("The gradient of all weights together."),
        _(
            "$\\|dL/d\\theta\\|_2$ over all parameters at each update; of many, the largest of "
            "every few. Clipping shortens a longer gradient to the limit (Pascanu et al. 2013)."
        ),
    )
    if twin:
        _beside(run, twin)
    elif _acted(run) and not run.module:
        st.button(
            _("Train the same without clipping"),
            icon=":material/compare_arrows:",
            key=f"without.{run.id}",
            on_click=_train_without,
            args=(run.id,),
            disabled=run.state in ACTIVE,
            help=_("Once this training has ended.")
            if run.state in ACTIVE
            else _("Same data, seed and settings; drawn beside this one."),
        )


def unclipped(settings: Settings) -> Settings:
    """The same without clipping."""
    return settings.changed(clip_norm=0.0, clip_value=0.0)


def twin_of(run: Run) -> Run | None:
    """The session's run that learns the same without clipping; None of one that does not clip, and
    of a module of somebody's own, which its settings do not describe.
    """
    if run.module or not curves.clips(run.settings):
        return None
    wanted = unclipped(run.settings)
    alike = (each for each in own_runs() if each.settings == wanted)
    return next((each for each in alike if same_data(each.dataset, run.dataset)), None)


def _said(run: Run) -> str:
    if is_followed(run):
        return ""
    history = run.film.history
    peaks = measures.said_peaks(history["epoch"], history["grad_norm"])
    if not curves.clips(run.settings):
        return f"{peaks} {_('Nothing is clipped in this run.')}".strip()
    if not curves.is_told(run):
        means = measures.said_clipped_means(history["grad_norm"], history["clipped_grad_norm"])
        return f"{peaks} {means}".strip()
    updates = run.film.updates
    _number, before, after = updates.rows[int(np.nanargmax(updates.rows[:, 1]))].tolist()
    limit = run.settings.optimiser.clip_norm
    acted = measures.said_clipping(updates.clipped, updates.counted, before, after, limit)
    return f"{peaks} {acted}".strip()


def _acted(run: Run) -> bool:
    history = run.film.history
    means = measures.clipped_points(history["grad_norm"], history["clipped_grad_norm"])
    return bool(run.film.updates.clipped or means)


def _beside(run: Run, twin: Run) -> None:
    """What became of the other one; the page is drawn anew when that ends."""
    heed({twin.id: phase_of(twin)}, PULSE)
    if twin.state in ACTIVE or not twin.film.measured:
        words = _("The same training without clipping: {state}.")
        st.caption(words.format(state=state_of(twin)))
        return
    if is_followed(run):
        return
    losses = [
        (each.film.history["step"], each.film.history["validation_loss"]) for each in (run, twin)
    ]
    ends = [
        each.step + 1 if "diverged" in (each.state, each.ended) else None for each in (twin, run)
    ]
    said = measures.said_without(*losses, diverged=ends[0], diverged_here=ends[1])
    if said:
        st.markdown(said)


def _train_without(run_id: str) -> None:
    """Train it as a run of the session's own, and go on looking at this one."""
    with mistakes_kept():
        run, step = trainer().run(run_id), selected().step
        controls.submit([(unclipped(run.settings), LABEL)], run.dataset, run.data)
        select(run=run_id, step=step)
