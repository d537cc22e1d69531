"""Choose what to learn from, see it, and say how it is cut into examples."""

import contextlib

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators import GENERATORS
from lstm_viz.data.reading import MAX_BYTES, SUFFIXES, Table, read_table
from lstm_viz.data.series import Series
from lstm_viz.data.tasks import TASKS
from lstm_viz.data.windows import SCALINGS, bounds
from lstm_viz.errors import LstmVizError
from lstm_viz.figures import series as pictures
from lstm_viz.figures.layers import input_row
from lstm_viz.figures.strips import strips
from lstm_viz.ui import choices, components
from lstm_viz.ui.say import heading, look_for, mistakes_in_words, mistakes_kept, plain, show_problem
from lstm_viz.ui.service import Upload, service, viewer
from lstm_viz.ui.settings import remembered, setting
from lstm_viz.words import N_, _

SCALING_NAMES = {
    "standard": N_("Standard (mean 0, deviation 1)"),
    "minmax": N_("From 0 to 1"),
    "none": N_("As it is"),
}
DELIMITER_NAMES = {
    ",": N_("commas"),
    ";": N_("semicolons"),
    "\t": N_("tabs"),
    "|": N_("bars"),
}
MEGABYTE = 2**20


def page() -> None:
    heading(
        _("Data"),
        _("Choose a series or bring your own. The network will read windows of it, one by one."),
    )
    show_problem()
    with st.sidebar:
        _choose_source()
        with contextlib.suppress(LstmVizError):  # what is wrong is said once, beside the figure
            _choose_settings()
    with mistakes_in_words():
        _show()
    st.page_link("pages/lab/train.py", label=_("Train on this"), icon=":material/model_training:")


def _choose_source() -> None:
    names = list(choices.LABELS)
    st.selectbox(
        _("Series or task"),
        names,
        format_func=lambda name: _(choices.LABELS[name]),
        key=remembered("data.source"),
        persist_state="session",
        help=_("Generated series, tasks that need a memory, real series, or your own file."),
    )
    if setting("data.source") == choices.UPLOAD:
        st.file_uploader(
            _("File"),
            type=[suffix[1:] for suffix in SUFFIXES],
            key="data.file",
            on_change=_take_in,
            max_upload_size=MAX_BYTES // MEGABYTE,
            help=_(
                "Rows in time order, at least one column of numbers. Commas, semicolons or tabs, "
                "decimal points or commas: what is found is shown. It stays on this server for as "
                "long as your browser tab is open."
            ),
        )


def _take_in() -> None:
    """Read an upload; one that cannot be read leaves the former one in place."""
    file = st.session_state["data.file"]
    if file is None:
        return
    with mistakes_kept():
        table = read_table(file.getvalue(), file.name)
        service().uploads[viewer()] = Upload(table)
        st.session_state["data.column"] = table.columns[0].name


def _choose_settings() -> None:
    name = choices.source()
    for key, parameter in choices.parameters_of(name).items():
        st.slider(
            _(parameter.label),
            parameter.low,
            parameter.high,
            step=parameter.step,
            key=remembered(f"data.{name}.{key}", parameter.default),
            persist_state="session",
            help=_(parameter.help),
        )
    table = choices.uploaded()
    if name == choices.UPLOAD and table is not None:
        st.selectbox(
            _("Column"),
            [column.name for column in table.columns],
            key=remembered("data.column"),
            persist_state="session",
            help=_("The column to forecast."),
        )
    if name not in TASKS:
        _choose_windows(len(choices.chosen_series()[0].values))
    st.slider(
        _("Validation share"),
        0.05,
        0.5,
        step=0.05,
        format="percent",
        key=remembered("data.validation"),
        persist_state="session",
        help=_("The last part, which the training never sees and on which the model is judged."),
    )
    if name in TASKS or name in GENERATORS:
        st.number_input(
            _("Data seed"),
            0,
            2**31 - 1,
            key=remembered("data.seed"),
            persist_state="session",
            help=_("Same seed, same random numbers."),
        )


def _choose_windows(rows: int) -> None:
    fits = bounds(rows, choices.window_spec())
    for key, label, tip in (
        ("window", _("Window"), _("How many values the network reads before it forecasts.")),
        ("horizon", _("Horizon"), _("How many values ahead it forecasts.")),
    ):
        low, high = fits[key]
        name = remembered(f"data.{key}")
        st.session_state[name] = min(max(st.session_state[name], low), high)
        st.number_input(label, low, high, key=name, persist_state="session", help=tip)
    st.selectbox(
        _("Scaling"),
        SCALINGS,
        format_func=lambda scaling: _(SCALING_NAMES[scaling]),
        key=remembered("data.scaling"),
        persist_state="session",
        help=_("Measured on the training part only, and undone for what is shown."),
    )


def _show() -> None:
    name = setting("data.source")
    if name == choices.UPLOAD and choices.uploaded() is None:
        st.info(
            _("Upload a CSV file on the left. Until then, {name} stays chosen.").format(
                name=_(choices.LABELS[choices.source()])
            ),
            icon=":material/upload_file:",
        )
    dataset = choices.chosen_dataset()
    if dataset.answers is None:
        _show_series(dataset, *choices.chosen_series())
    else:
        _show_task(dataset)


def _show_series(dataset: Dataset, series: Series, column: str) -> None:
    if series.note:
        st.caption(plain(str(series.note)))
    table = choices.uploaded()
    if choices.source() == choices.UPLOAD and table is not None:
        _how_it_was_read(table)
    _facts(dataset)
    figure = pictures.series(
        series.column(column),
        split=dataset.split,
        window=dataset.window,
        horizon=dataset.horizon,
        y_title=_(column),
    )
    st.plotly_chart(figure, key="data.series", theme=None)
    look_for(
        _(
            "The shaded end is kept from the training: could you continue the line there from a "
            "window of what comes before? Drag to zoom, double-click to go back."
        )
    )
    st.subheader(_("The windows that will be cut"), anchor=False)
    windows = pictures.windows(
        series.column(column), window=dataset.window, horizon=dataset.horizon, y_title=_(column)
    )
    st.plotly_chart(windows, key="data.windows", theme=None)
    look_for(
        _("The network reads a window and is asked for what follows. Does a window hold enough?")
    )


def _how_it_was_read(table: Table) -> None:
    facts = []
    if table.dialect is not None:
        separator = DELIMITER_NAMES.get(table.dialect.delimiter, N_("none"))
        facts += [
            _("Read as {encoding}").format(encoding=table.encoding),
            _("columns separated by {separator}").format(separator=_(separator)),
            _("decimal comma") if table.dialect.decimal == "," else _("decimal point"),
        ]
    facts += [
        _("{rows:,} rows").format(rows=table.rows),
        _("{count} columns of numbers").format(count=len(table.columns)),
    ]
    if table.index_name:
        facts.append(_("rows labelled by {name}").format(name=plain(table.index_name)))
    left_out = [name for name in table.other_columns if name != table.index_name]
    if left_out:
        names = ", ".join(plain(name) for name in left_out[:5])
        facts.append(_("left out, not numbers: {names}").format(names=names))
    st.caption(" · ".join(facts))


def _show_task(dataset: Dataset) -> None:
    _facts(dataset)
    inputs, answers = dataset.part("training")
    number = st.number_input(
        _("Sequence"),
        1,
        len(inputs),
        width=200,
        help=_("Which of the training sequences is drawn."),
    )
    row = input_row(inputs[number - 1], dataset.input_names, height=220)
    components.strips(strips([row]), key="data.task")
    look_for(
        _(
            "Two values are marked. The answer is their sum, here {answer:.3f}: the network must "
            "hold the first one for the rest of the sequence. Always guessing the mean costs "
            "{chance:.3f}."
        ).format(answer=float(answers[number - 1, 0]), chance=dataset.chance)
    )


def _facts(dataset: Dataset) -> None:
    training, validation = (len(dataset.part(part)[0]) for part in ("training", "validation"))
    facts = [
        plain(_(dataset.name)),
        _("{count:,} training examples").format(count=training),
        _("{count:,} validation examples").format(count=validation),
        _("{steps} time steps each").format(steps=dataset.window),
    ]
    st.caption(" · ".join(facts))


page()
