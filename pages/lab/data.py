"""Choose what to learn from, see it, and say how it is cut into examples."""

import streamlit as st

from lstm_viz.ui import choices
from lstm_viz.ui.data.before_training import say_findings
from lstm_viz.ui.data.controls import choose_settings, choose_source
from lstm_viz.ui.data.importing import how_it_was_read
from lstm_viz.ui.data.preparing import choose_preparation
from lstm_viz.ui.data.sequences import show_task, show_text
from lstm_viz.ui.data.upload import still_chosen
from lstm_viz.ui.data.views import facts, nothing_brought, show_series
from lstm_viz.ui.entities import choose_entity
from lstm_viz.ui.say import heading, mistakes_in_words, plain, show_problem
from lstm_viz.words import _


def page() -> None:
    heading(
        _("Data"),
        _("Choose or upload data."),
    )
    if show_problem() and choices.uploaded() is not None:
        still_chosen()
    with st.sidebar:
        choose_source()
        choose_settings()
    with mistakes_in_words():
        _show()
    st.page_link("pages/lab/train.py", label=_("Train on this"), icon=":material/model_training:")


def _show() -> None:
    data = choices.chosen()
    if data.missing:
        nothing_brought(data.asked.name)
        return
    if data.upload is not None:
        how_it_was_read()
    for fact in data.table.facts if data.table and data.upload is None else ():
        st.caption(plain(str(fact)))
    if data.is_series:
        choose_preparation(data)
    facts(data.dataset)
    if data.left_out is not None:
        st.warning(plain(str(data.left_out)), icon=":material/filter_alt:")
    entity, dataset = choose_entity(data.dataset)
    say_findings(data, entity)
    if dataset.is_text:
        show_text(dataset)
    elif dataset.is_series:
        if data.table is not None and data.series.note is not None:
            st.caption(plain(str(data.series.note)))
        show_series(dataset)
    else:
        show_task(dataset)


page()
