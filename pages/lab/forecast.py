"""How good the trained model is: forecasts, classes or texts, on every part of the data."""

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.runs.run import Run
from lstm_viz.ui import address, answers, controls, presets
from lstm_viz.ui.forecast.classes import evaluate_classes
from lstm_viz.ui.forecast.numbers import evaluate_numbers
from lstm_viz.ui.forecast.series import evaluate_series
from lstm_viz.ui.forecast.text import evaluate_text
from lstm_viz.ui.live import live, still
from lstm_viz.ui.say import heading, plain, say_error, show_problem
from lstm_viz.ui.selection import choose_run, name_of, opened_run, own_runs, selected_run
from lstm_viz.words import _


def page() -> None:
    heading(_("Forecast"))
    show_problem()
    opened = opened_run()
    if opened is not None:
        words = _("{name} was not trained here: no forecasts.")
        st.info(words.format(name=plain(name_of(opened))), icon=":material/folder_open:")
    run = selected_run() if own_runs() else None
    if run is None or run.state == "recorded":
        _nothing_yet(opened)
        return
    run = choose_run(run)
    address.describe_run(run)
    presets.what_to_see(run)
    controls.message(run)
    if not run.resident:
        st.info(_("This run's model is gone. Train it anew."))
        return
    live(run, _face)


def _nothing_yet(opened: Run | None) -> None:
    if opened is None:
        st.info(_("Train a network first."))
    st.page_link(
        "pages/lab/experiments.py", label=_("Choose an experiment"), icon=":material/experiment:"
    )
    st.page_link("pages/lab/train.py", label=_("Go to Train"), icon=":material/model_training:")


def _face(run: Run) -> None:
    if run.training:
        controls.progress(run, key="forecast.progress")
    frame = run.film.at(None)
    if frame is None:
        st.info(_("The first frame is on its way."), icon=":material/hourglass_top:")
        return
    if run.training:
        answers.moving(run, frame, key="forecast")
    # Each evaluation costs the trainer some work: it follows no feed.
    epoch = run.step / run.steps_per_epoch
    still([run], _("the network at about epoch {epoch:.1f}").format(epoch=epoch))
    try:
        if run.dataset.is_text:
            evaluate_text(run)
        elif run.dataset.is_series:
            evaluate_series(run)
        elif run.dataset.problem == "regression":
            evaluate_numbers(run)
        else:
            evaluate_classes(run)
    except LstmVizError as error:
        say_error(error)


page()
