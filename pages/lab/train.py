"""Train a network and watch its gates, states and gradients while it learns."""

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.clock import place_of
from lstm_viz.measures.gradient_flow import said_flow, said_truncated
from lstm_viz.measures.losses import losses_of, said_against_chance, said_losses
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import answers, controls, curves, difference, examples, player, presets, stage
from lstm_viz.ui.choices import chosen, dataset_card, file_id, say_problem
from lstm_viz.ui.connection import is_followed
from lstm_viz.ui.data.before_training import say_findings
from lstm_viz.ui.inside import selector
from lstm_viz.ui.live import beside, live, shown_frame
from lstm_viz.ui.pace import choose_pace
from lstm_viz.ui.preview import untrained, untrained_of
from lstm_viz.ui.run_settings import run_settings
from lstm_viz.ui.say import head, look_for, plain, say_error, show_problem
from lstm_viz.ui.selection import name_of, own_runs, selected_run
from lstm_viz.words import _


def page() -> None:
    data = chosen()
    with st.sidebar:
        dataset_card()
        settings = run_settings(None if data.problem else data.dataset)
    looked_at = selected_run()
    run = looked_at if own_runs() else None
    if run is not None and run.state == "recorded":
        run = own_runs()[0]
    with head(_("Train")):
        controls.buttons(run, data.problem)
        choose_pace(run)
        if run is not None:
            beside(run, lambda now: controls.progress(now, key="train.progress"))
            selector(run, own_runs())
    _say_another(looked_at, run)
    controls.why_not_on(run)
    show_problem()
    if data.problem is not None:
        say_problem(data)
    if run is not None:
        found = difference.difference(run, data, settings)
        difference.whose_run(run, found, data.problem)
        with st.container(key=difference.SHOWN):
            presets.what_to_see(run)
            controls.message(run, remedies=not found)
            live(run, _while_training)
    elif data.problem is None:
        _before_training(settings)


def _say_another(looked_at: Run | None, shown: Run | None) -> None:
    """That a run from a file or a recording, which is looked at elsewhere, is not shown here."""
    if looked_at is not None and (looked_at.file or looked_at is not shown):
        words = _("{name} is not trained here; this page shows another network.")
        st.info(words.format(name=plain(name_of(looked_at))), icon=":material/visibility:")


def _before_training(settings: Settings) -> None:
    try:
        with st.spinner(_("Measuring the untrained network ...")):
            data = chosen()
            experiment = Experiment(data.choice, settings)
            run, seconds = untrained(experiment, data.dataset, file_id())
    except LstmVizError as error:
        say_error(error)
        return
    words = (
        _("**Not trained yet.** Training will take {time} here.")
        if run.message is None
        else _("**Not trained yet.**")
    )
    st.info(words.format(time=controls.about(seconds)), icon=":material/science:")
    controls.message(run)
    say_findings(data, most=1)
    _figures(run, run.film.frames[0], "train")


def _while_training(run: Run) -> None:
    if examples.just_picked():
        st.rerun()  # the page's one line names it
    frame = shown_frame(run)
    before = untrained_of(run) if frame is None else None
    if before is not None:  # nothing moves until the first frame is here
        _figures(before, before.film.frames[0], "train")
        return
    if frame is None:
        st.info(_("The first frame is on its way."), icon=":material/hourglass_top:")
        return
    _figures(run, frame, "train")


def _figures(run: Run, frame: Frame, key: str) -> None:
    seen = examples.shown(run)
    _inside(seen, shown_frame(seen) or frame, key)
    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        _losses(run, key)
    with right:
        _answers(run, frame, key)


def _inside(run: Run, frame: Frame, key: str) -> None:
    film = player.layer_film(run, frame)
    layer = film.of(frame)
    stage.show(film, film.rows(frame), frame, key=f"film.{key}")
    pattern = (
        _("Which gates change with the input?")
        if layer.gates
        else _("Which units change with the input?")
    )
    cut = said_truncated(run.settings.optimiser.truncate)
    look_for(
        pattern if is_followed(run) else f"{said_flow(layer.flow(film.sample))} {cut}".strip(),
        _(
            "Gradient: $\\|\\partial L_s/\\partial h_t\\|_2$ and $\\|\\partial L_s/\\partial "
            "c_t\\|_2$ "
            "over the units, of what enters the layer at step s alone. Log axis."
        ),
    )


def _losses(run: Run, key: str) -> None:
    st.subheader(_("Loss"), anchor=False)
    curves.show(run, "loss", key=f"{key}.curve.loss")
    look_for(
        _what_the_losses_did(run),
        _(
            "Log axis. Training loss: mean over the updates since the last checkpoint; "
            "validation loss: over {count} examples. Dashed: the best constant answer."
        ).format(count=len(run.dataset.measured)),
    )


def _answers(run: Run, frame: Frame, key: str) -> None:
    answers.draw(run, frame, key)
    if run.settings.optimiser.schedule != "constant":
        st.subheader(_("Learning rate"), anchor=False)
        curves.show(run, "rate", key=f"{key}.curve.rate")
        look_for(_("Learning rate given by the schedule."))
    if not is_followed(run):
        st.caption(_("Shown: {moment}.").format(moment=place_of(frame)))


def _what_the_losses_did(run: Run) -> str:
    if is_followed(run):
        return _("Both should fall. Validation rising while training falls: overfitting.")
    newest = run.film.frames[-1]
    restored = (newest.epoch, newest.validation_loss) if newest.restored else None
    sentences = [said_losses(losses_of(run.film.history), restored)]
    if newest.validation_losses is not None:
        constant = run.chance.losses
        now = constant.like(newest.validation_losses)
        sentences.append(said_against_chance(now, constant))
    return " ".join(sentences)


page()
