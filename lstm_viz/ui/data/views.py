"""The pictures of the Data page for a series: four sides of it, and the windows cut from it."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.figures import structure
from lstm_viz.figures.timeline import Timeline
from lstm_viz.figures.windows import windows
from lstm_viz.measures.periods import autocorrelation, season_length, spectrum, white_noise_band
from lstm_viz.ui import components
from lstm_viz.ui.say import look_for, plain
from lstm_viz.ui.segments import one_of
from lstm_viz.words import N_, _, ngettext

VIEWS = {
    "series": N_("Series"),
    "scaled": N_("Scaled against raw"),
    "autocorrelation": N_("Autocorrelation"),
    "spectrum": N_("Spectrum"),
}
LAGS = 4
"""Windows that the autocorrelation reaches back."""
SHOWN_COLUMNS = 4


def facts(dataset: Dataset) -> None:
    """How many examples there are, in one line."""
    counts = [dataset.count(part) for part in ("training", "validation", "test")]
    said = [
        plain(_(dataset.name)),
        _("Examples: {training:,} training, {validation:,} validation, {test:,} test").format(
            training=counts[0], validation=counts[1], test=counts[2]
        ),
        (
            _("Characters in each: {steps}")
            if dataset.is_text
            else _("Time steps in each: {steps}")
        ).format(steps=dataset.window),
    ]
    if dataset.entities:
        count = len(dataset.entities)
        said.insert(1, ngettext("1 series", "{count:,} series", count).format(count=count))
    st.caption(" · ".join(said))


def show_series(dataset: Dataset) -> None:
    """A series from the side that the reader chooses, and the windows cut from it."""
    view = one_of(
        _("View"),
        VIEWS,
        "data.view",
        "series",
        label_visibility="visible",
    )
    draw = {
        "series": _series,
        "scaled": _scaled,
        "autocorrelation": _autocorrelation,
        "spectrum": _spectrum,
    }
    draw[view or "series"](dataset)
    st.subheader(_("Windows"), anchor=False)
    name = _name(dataset, 0)
    spec = windows(dataset.raw[:, 0], window=dataset.window, horizon=dataset.horizon, y_title=name)
    components.chart(spec, key="view.windows")
    look_for(_("It reads the window and forecasts the horizon."))


def _name(dataset: Dataset, column: int) -> str:
    """What a column of the series holds, in the reader's language."""
    name = _(dataset.input_names[column])
    if column >= len(dataset.target_names) or not dataset.differences:
        return name
    if any(each.kind == "log" for each in dataset.differences):
        return _("{name}: differences of logarithms").format(name=name)
    return _("{name}: differences").format(name=name)


def _first(dataset: Dataset) -> str:
    """The column that autocorrelation and spectrum are of."""
    return plain(f"'{_name(dataset, 0)}'")


def _series(dataset: Dataset) -> None:
    raw = dataset.raw
    for k in range(len(dataset.input_names[:SHOWN_COLUMNS])):
        spec = structure.parts(
            raw[:, k], dataset.split, dataset.test_split, _name(dataset, k), Timeline.of(dataset)
        )
        components.chart(spec, key=f"view.series.{k}")
    if len(dataset.input_names) > SHOWN_COLUMNS:
        st.caption(
            _("Drawn: {shown} of {count} columns.").format(
                shown=SHOWN_COLUMNS, count=len(dataset.input_names)
            )
        )
    look_for(_("Training, validation and test set, in time order."))


def _scaled(dataset: Dataset) -> None:
    names = [_name(dataset, k) for k in range(len(dataset.input_names))]
    title = names[0] if len(names) == 1 else _("value")
    components.chart(
        structure.scaled_against_raw(
            dataset.raw, dataset.values, title, names, Timeline.of(dataset)
        ),
        key="view.scaled",
    )
    look_for(_("Below: as the network reads it, scaled by the training set."))


def _autocorrelation(dataset: Dataset) -> None:
    values = dataset.raw[: dataset.split, 0]
    lags = min(len(values) - 1, max(LAGS * dataset.window, 50))
    components.chart(
        structure.autocorrelation(
            autocorrelation(values, lags), dataset.window, white_noise_band(len(values))
        ),
        key="view.autocorrelation",
    )
    look_for(
        _("{name} and its own past, training set. Shaded: 95% band for independent values.").format(
            name=_first(dataset)
        ),
        _("$r_k = \\sum_t (x_t - \\bar x)(x_{t+k} - \\bar x) / \\sum_t (x_t - \\bar x)^2$"),
    )


def _spectrum(dataset: Dataset) -> None:
    values = dataset.raw[: dataset.split, 0]
    periods, power = spectrum(values)
    season = season_length(values)
    components.chart(structure.spectrum(periods, power, season), key="view.spectrum")
    look_for(
        _("Strongest period of {name}, training set: about {season} rows.").format(
            name=_first(dataset), season=season
        )
        if season
        else _("No period of {name} that occurs at least three times stands out.").format(
            name=_first(dataset)
        )
    )


def nothing_brought(name: str) -> None:
    """What to do while there is no file; `name` is the one that a link or a run asks for."""
    words = (
        _("The link names **{name}** but does not hold it. Upload it on the left.")
        if name
        else _("Upload a file or paste, on the left.")
    )
    st.info(words.format(name=plain(name)), icon=":material/upload_file:")
