"""One meaning, one colour: legible, apart for colour-blind readers, the same as the theme's."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from lstm_viz.figures.colour import contrast, linear, luminance, mix, oklab, to_hex
from lstm_viz.figures.palette import (
    BACKGROUND,
    CATEGORIES,
    DASHES,
    LOOKS,
    MUTED,
    NEGATIVE,
    RAMP_STOPS,
    TEXT,
    THEMES,
    Signal,
    Theme,
    ramp,
)

ROOT = Path(__file__).parents[2]

# Machado, Oliveira & Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency", severity 1.0, on linear light
VISION = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
TOGETHER: list[tuple[Signal, ...]] = [
    ("input", "forget", "output", "candidate", "cell", "hidden"),
    ("reset", "update", "candidate", "hidden"),
    ("grad_hidden", "grad_cell"),
    ("prediction", "truth", "series"),
    ("train_loss", "validation_loss", "test"),
    (
        *("input", "forget", "output", "candidate"),
        *("inner_input", "inner_forget", "inner_output", "inner_candidate"),
    ),
    ("cell", "hidden", "inner_cell"),
    ("truth", "prediction", "naive", "seasonal_naive"),
    ("series", "prediction", "naive", "seasonal_naive"),
    ("residual", "anomaly"),
    ("series", "attention", "hidden"),
]
APART = 0.10
"""In OKLab, where 0.02 is just noticeable."""


def seen(colour: str, vision: str) -> np.ndarray:
    return oklab(np.clip(VISION[vision] @ linear(colour), 0, 1))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("signal", LOOKS)
def test_every_signal_stands_out_from_the_page(signal: Signal, theme: Theme) -> None:
    assert contrast(LOOKS[signal][theme], BACKGROUND[theme]) >= 3


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("together", TOGETHER)
def test_signals_drawn_together_stay_apart_for_every_eye(
    together: tuple[Signal, ...], theme: Theme, vision: str
) -> None:
    for one, other in itertools.combinations(together, 2):
        gap = seen(LOOKS[one][theme], vision) - seen(LOOKS[other][theme], vision)
        assert np.linalg.norm(gap) >= APART, (one, other)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_categories_stay_apart_for_every_eye(theme: Theme, vision: str) -> None:
    assert len(set(DASHES)) == len(CATEGORIES[theme])
    for one, other in itertools.combinations(CATEGORIES[theme], 2):
        assert np.linalg.norm(seen(one, vision) - seen(other, vision)) >= APART, (one, other)
    assert all(contrast(colour, BACKGROUND[theme]) >= 3 for colour in CATEGORIES[theme])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("signal", [name for name, look in LOOKS.items() if look.signed])
def test_the_two_signs_stay_apart_for_every_eye(signal: Signal, theme: Theme, vision: str) -> None:
    gap = seen(LOOKS[signal][theme], vision) - seen(NEGATIVE[theme], vision)
    assert np.linalg.norm(gap) >= APART


def test_no_two_signals_share_a_colour() -> None:
    for theme in THEMES:
        assert len({look[theme] for look in LOOKS.values()}) == len(LOOKS)


@pytest.mark.parametrize("theme", THEMES)
def test_the_theme_file_has_the_palettes_page_and_text(theme: Theme) -> None:
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][theme]
    assert settings["backgroundColor"] == BACKGROUND[theme]
    assert settings["textColor"] == TEXT[theme]
    # It is read on the page (a slider's value) and under a button's words, which page.css makes
    # white on a light page and dark on a dark one.
    assert contrast(settings["primaryColor"], BACKGROUND[theme]) >= 4.5
    words = "#ffffff" if theme == "light" else BACKGROUND[theme]
    assert contrast(settings["primaryColor"], words) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_chart_text_is_legible_and_survives_a_switch_of_the_theme(theme: Theme) -> None:
    other: Theme = "dark" if theme == "light" else "light"
    assert contrast(MUTED[theme], BACKGROUND[theme]) >= 4.5
    assert contrast(MUTED[theme], BACKGROUND[other]) >= 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("signal", LOOKS)
def test_a_ramp_runs_from_the_page_to_the_signals_colour_in_even_steps_of_light(
    signal: Signal, theme: Theme
) -> None:
    stops = ramp(signal, theme)
    assert len(stops) == RAMP_STOPS
    assert stops[-1] == LOOKS[signal][theme]
    zero = RAMP_STOPS // 2 if LOOKS[signal].signed else 0
    assert stops[zero] == BACKGROUND[theme]
    away = np.array([luminance(stop) for stop in stops[zero:]])
    back = np.array([luminance(stop) for stop in stops[zero::-1]])
    for arm in (away, back):
        assert (np.diff(arm) * (1 if theme == "dark" else -1) > 0).all()


def test_mixing_starts_and_ends_where_it_says_and_white_is_the_lightest() -> None:
    assert to_hex(linear("#1b2733")) == "#1b2733"
    assert mix("#ffffff", "#000000", 0.0) == "#ffffff"
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
