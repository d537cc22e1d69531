"""One meaning, one colour: every signal's colour and name, on every page.

The colours were searched for in OKLab so that signals drawn together stay apart for readers
with deuteranopia and protanopia: they differ in lightness as well as in hue.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

from lstm_viz.figures.colour import mix
from lstm_viz.models.cells import gate_named
from lstm_viz.words import N_

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

Signal = Literal[
    "input",
    "forget",
    "output",
    "candidate",
    "reset",
    "update",
    "cell",
    "hidden",
    "grad_hidden",
    "grad_cell",
    "grad_parameters",
    "prediction",
    "truth",
    "series",
    "train_loss",
    "validation_loss",
    "inner_input",
    "inner_forget",
    "inner_candidate",
    "inner_output",
    "inner_cell",
    "attention",
    "naive",
    "seasonal_naive",
    "residual",
    "anomaly",
    "test",
]

BACKGROUND: dict[Theme, str] = {"light": "#ffffff", "dark": "#0f1419"}
"""The page's own, as .streamlit/config.toml sets it."""
TEXT: dict[Theme, str] = {"light": "#1b2733", "dark": "#e6ebf0"}
MUTED: dict[Theme, str] = {"light": "#55626e", "dark": "#a7b2bd"}
"""Text in charts. It stays legible on the other theme's page too, for the moment between the
reader's switch of the theme and the page's next run."""
ASIDE: dict[Theme, str] = {"light": "#98a2ac", "dark": "#66717c"}
"""What is drawn beside what counts."""
NEGATIVE: dict[Theme, str] = {"light": "#00857d", "dark": "#35d0c0"}
"""Below zero, for every signal that has a sign."""
RAMP_STOPS = 9


@dataclass(frozen=True)
class Look:
    """How a signal is named and coloured."""

    name: str
    """Marked for translation; it ends with the symbol the equations use."""
    light: str
    dark: str
    signed: bool = False
    """Drawn on a scale that diverges from zero."""

    def __getitem__(self, theme: Theme) -> str:
        return self.light if theme == "light" else self.dark


class _Looks(dict[str, Look]):
    def __missing__(self, signal: str) -> Look:
        """A gate that only its cell knows has the colours of its role, and the cell's name for it;
        one that somebody's own cell brought, by its name.
        """
        return replace(self[role_of(signal)], name=_label(signal))


LOOKS = _Looks()
LOOKS |= {
    "input": Look(N_("input gate i"), "#2a9d72", "#86e6bd"),
    "forget": Look(N_("forget gate f"), "#095bc3", "#7fb2ff"),
    "output": Look(N_("output gate o"), "#a15c00", "#f09a00"),
    "candidate": Look(N_("candidate g"), "#7d036d", "#b96aaf", signed=True),
    "reset": Look(N_("reset gate r"), "#506f26", "#a9cf51"),
    "update": Look(N_("update gate z"), "#00809f", "#01c8eb"),
    "cell": Look(N_("cell state c"), "#573a00", "#fdd62d", signed=True),
    "hidden": Look(N_("hidden state h"), "#8f6ff2", "#8c77fd", signed=True),
    "grad_hidden": Look(N_("gradient ‖dL/dh‖₂"), "#d9534f", "#ff9a94"),
    "grad_cell": Look(N_("gradient ‖dL/dc‖₂"), "#960333", "#e23f80"),
    "grad_parameters": Look(N_("parameter gradient ‖dL/dθ‖₂"), "#b0455f", "#f27a92"),
    "prediction": Look(N_("prediction"), "#d4501e", "#f0703c"),
    "truth": Look(N_("truth"), "#3d4754", "#d5dce4"),
    "series": Look(N_("input x"), "#5c6b7a", "#93a3b5"),
    "train_loss": Look(N_("training loss"), "#018796", "#00d4eb"),
    "validation_loss": Look(N_("validation loss"), "#90024b", "#f0589a"),
    "inner_input": Look(N_("inner input gate ĩ"), "#1b86f2", "#b4751e"),
    "inner_forget": Look(N_("inner forget gate f̃"), "#7e3501", "#cc948c"),
    "inner_candidate": Look(N_("inner candidate g̃"), "#62011f", "#9341bf", signed=True),
    "inner_output": Look(N_("inner output gate õ"), "#7f5b83", "#9c4b67"),
    "inner_cell": Look(N_("inner cell state c̃"), "#a58e03", "#f4dcff", signed=True),
    "attention": Look(N_("attention α"), "#589c10", "#6fae2a"),
    "naive": Look(N_("naive forecast"), "#5294d6", "#dbf233"),
    "seasonal_naive": Look(N_("seasonal naive forecast"), "#0b118d", "#6456ca"),
    "residual": Look(N_("residual"), "#787dd7", "#c880ee"),
    "anomaly": Look(N_("anomaly"), "#d0103a", "#ff5252"),
    "test": Look(N_("test part"), "#a27c00", "#d9cf1f"),
}

CATEGORIES: dict[Theme, tuple[str, ...]] = {
    "light": (
        "#0a108c", "#5a9e18", "#c178a1", "#70390a", "#8b66fb", "#4e192b", "#985860", "#614cb6",
    ),
    "dark": (
        "#0969d9", "#b9de83", "#a8640f", "#98f6fd", "#bba035", "#42a9a0", "#07c1fe", "#1d7e86",
    ),
}  # fmt: skip
"""What has no colour of its own, in the order given: runs beside each other, classes, columns."""
DASHES: tuple[tuple[int, ...], ...] = (
    (1, 0), (8, 3), (2, 3), (8, 3, 2, 3), (16, 4), (4, 2), (16, 4, 2, 4), (8, 2, 2, 2, 2, 2),
)  # fmt: skip
"""So that these can be told apart without any colour."""


def role_of(gate: str) -> str:
    """The gate of this palette in whose colours another one is drawn: mostly itself."""
    if gate in LOOKS:
        return gate
    try:
        return gate_named(gate).role
    except KeyError:  # of a registered cell
        return "candidate" if gate.endswith("candidate") else "update"


def _label(gate: str) -> str:
    try:
        return gate_named(gate).label
    except KeyError:
        return gate


def _light() -> Theme:
    return "light"


_theme_of_reader: Callable[[], Theme] = _light


def ask_theme(theme_of_reader: Callable[[], Theme]) -> None:
    """Install the function that says which theme the present reader's page has."""
    global _theme_of_reader
    _theme_of_reader = theme_of_reader


def theme() -> Theme:
    """The present reader's theme; light where nobody was installed to say."""
    return _theme_of_reader()


@cache
def ramp(signal: str, theme: Theme) -> tuple[str, ...]:
    """The heat map's colours from its lowest to its highest value, `RAMP_STOPS` evenly spaced.

    Sequential from the page's background to the signal's colour; for a signed signal diverging,
    with the background at zero in the middle.
    """
    page, full = BACKGROUND[theme], LOOKS[signal][theme]
    if not LOOKS[signal].signed:
        return tuple(mix(page, full, k / (RAMP_STOPS - 1)) for k in range(RAMP_STOPS))
    half = RAMP_STOPS // 2
    below = tuple(mix(page, NEGATIVE[theme], k / half) for k in range(half, 0, -1))
    return below + tuple(mix(page, full, k / half) for k in range(half + 1))
