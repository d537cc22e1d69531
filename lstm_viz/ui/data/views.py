"""The pictures of the Data page for a series: four sides of it, and the windows cut from it."""

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.figures import structure
from lstm_viz.figures import windows as pictures
from lstm_viz.figures.timeline import Timeline
from lstm_viz.measures.periods import autocorrelation, season_length, spectrum, white_noise_band
from lstm_viz.ui import choices, components
from lstm_viz.ui.say import look_for, plain
from lstm_viz.ui.session import remembered
from lstm_viz.words import N_, _

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
    counts = [len(dataset.part(part)[0]) for part in ("training", "validation", "test")]
    said = [
        plain(_(dataset.name)),
        _("{training:,} training, {validation:,} validation and {test:,} test examples").format(
            training=counts[0], validation=counts[1], test=counts[2]
        ),
        (_("{steps} characters each") if dataset.is_text else _("{steps} time steps each")).format(
            steps=dataset.window
        ),
    ]
    st.caption(" · ".join(said))


def show_series(dataset: Dataset) -> None:
    """A series from the side that the reader chooses, and the windows cut from it."""
    view = st.segmented_control(
        _("View"),
        list(VIEWS),
        format_func=lambda each: _(VIEWS[each]),
        key=remembered("data.view", "series"),
        required=True,
        persist_state="session",
        help=_("As it is, as the network reads it, and what repeats in it."),
    )
    draw = {
        "series": _series,
        "scaled": _scaled,
        "autocorrelation": _autocorrelation,
        "spectrum": _spectrum,
    }
    draw[view or "series"](dataset)
    st.subheader(_("The windows that will be cut"), anchor=False)
    name = _(dataset.target_names[0])
    windows = pictures.windows(
        _raw(dataset)[:, 0], window=dataset.window, horizon=dataset.horizon, y_title=name
    )
    st.plotly_chart(windows, key="view.windows", theme=None)
    look_for(
        _("The network reads a window and is asked for what follows. Does a window hold enough?")
    )


def _raw(dataset: Dataset) -> np.ndarray:
    """(N, D) in raw units."""
    return dataset.scaler.invert(dataset.values.astype(np.float64))


def _first(dataset: Dataset) -> str:
    """The column that autocorrelation and spectrum are of."""
    return plain(f"'{_(dataset.target_names[0])}'")


def _series(dataset: Dataset) -> None:
    raw = _raw(dataset)
    for k, name in enumerate(dataset.input_names[:SHOWN_COLUMNS]):
        spec = structure.parts(
            raw[:, k], dataset.split, dataset.test_split, _(name), Timeline.of(dataset)
        )
        components.chart(spec, key=f"view.series.{k}")
    if len(dataset.input_names) > SHOWN_COLUMNS:
        st.caption(
            _("The first {shown} of {count} chosen columns are drawn.").format(
                shown=SHOWN_COLUMNS, count=len(dataset.input_names)
            )
        )
    look_for(
        _(
            "Could you continue the line beyond the training part from a window of what comes "
            "before? The last part, the test, is for the final judgement alone."
        )
    )


def _scaled(dataset: Dataset) -> None:
    names = [_(name) for name in dataset.input_names]
    title = names[0] if len(names) == 1 else _("value")
    components.chart(
        structure.scaled_against_raw(_raw(dataset), dataset.values, title, names),
        key="view.scaled",
    )
    look_for(
        _(
            "The network reads the lower picture. Scaling is measured on the training part alone, "
            "so later values may lie outside its range."
        )
    )


def _autocorrelation(dataset: Dataset) -> None:
    values = _raw(dataset)[:, 0]
    lags = min(len(values) - 1, max(LAGS * dataset.window, 50))
    components.chart(
        structure.autocorrelation(
            autocorrelation(values, lags), dataset.window, white_noise_band(len(values))
        ),
        key="view.autocorrelation",
    )
    look_for(
        _(
            "How much a value of {name} resembles the one so many rows before. Does the window "
            "cover the lags that stand out of the shaded band of chance?"
        ).format(name=_first(dataset)),
        _("$r_k = \\sum_t (x_t - \\bar x)(x_{t+k} - \\bar x) / \\sum_t (x_t - \\bar x)^2$"),
    )


def _spectrum(dataset: Dataset) -> None:
    values = _raw(dataset)[:, 0]
    periods, power = spectrum(values)
    season = season_length(values[: dataset.split])
    components.chart(structure.spectrum(periods, power, season), key="view.spectrum")
    look_for(
        _("{name} repeats every {season} rows. A window should hold at least one cycle.").format(
            name=_first(dataset), season=season
        )
        if season
        else _("No period of {name} stands out: there is no cycle to hold in a window.").format(
            name=_first(dataset)
        )
    )


def nothing_brought() -> None:
    """What to do while there is no file."""
    st.info(
        _(
            "Upload a file or paste numbers or text on the left. Until then, {name} stays chosen."
        ).format(name=plain(choices.label_of(choices.chosen()))),
        icon=":material/upload_file:",
    )
