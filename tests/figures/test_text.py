"""A text coloured by one unit: what travels to the browser."""

from typing import Any, get_args

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.figures.colour import contrast
from lstm_viz.figures.packing import LEVELS
from lstm_viz.figures.palette import THEMES, Signal, Theme, ramp
from lstm_viz.figures.text import LEGIBLE, LIKELIEST, shades, text_view
from tests.figures.message import restore, unpack

GATE: dict[str, Any] = {"signal": "forget", "low": 0.0, "high": 1.0, "title": "forget gate f"}


def page() -> None:
    import numpy as np
    import streamlit as st

    from lstm_viz.figures.film_view import DrawnFilm, film_view
    from lstm_viz.figures.rows import Heat
    from lstm_viz.figures.text import text_view
    from lstm_viz.ui import components

    data = text_view("ab", np.zeros(2), signal="cell", low=-1, high=1, title="c")
    components.text(data, key="text")
    st.write(f"picked {components.picked('text').t}")
    components.film(film_view([DrawnFilm([Heat("forget", np.ones((2, 3)))])]), key="gates")


def test_a_text_and_a_film_mount_on_one_page() -> None:
    for _ in range(2):  # each test app has a server of its own
        app = AppTest.from_function(page).run()
        assert not app.exception
        assert app.markdown[0].value == "picked None"
        text, film = (e.proto for e in app.main if e.type == "bidi_component")
        assert (text.js_source_path, text.css_source_path) == ("text.js", "text.css")
        assert film.js_source_path == "film.js"
        assert unpack(text.bytes)[0]["characters"] == ["a", "b"]


def test_values_travel_as_they_are_and_as_colours() -> None:
    values = np.random.default_rng(0).random(50)
    header, (codes, sent) = unpack(text_view("x" * 50, values, cursor=3, **GATE))
    np.testing.assert_array_equal(sent, values.astype(np.float32))
    assert np.abs(restore(codes, 0, 1) - values).max() <= 1 / LEVELS / 2 + 1e-9
    assert (header["cursor"], header["title"], header["expects"]) == (3, "forget gate f", False)
    assert header["clipped"] == [False, False]
    assert not header["missing"]


def test_a_missing_value_has_no_colour_and_one_beyond_the_scale_is_told() -> None:
    header, (codes, values) = unpack(text_view("abc", np.array([np.nan, 0.5, 2.0]), **GATE))
    assert codes.tolist() == [0, 128, 255]
    assert np.isnan(values[0])
    assert header["missing"]
    assert header["clipped"] == [False, True]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("signal", get_args(Signal))
def test_ink_is_legible_on_every_colour_of_every_ramp(signal: Signal, theme: Theme) -> None:
    pairs = shades(signal, theme)
    assert len(pairs) == LEVELS
    assert min(contrast(paper, ink) for paper, ink in pairs) >= LEGIBLE
    stops = ramp(signal, theme)
    assert (pairs[0][0], pairs[-1][0]) == (stops[0], stops[-1])
    assert pairs[LEVELS // 2][0] == stops[len(stops) // 2]


def test_the_likeliest_next_characters_come_first() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(8), 20)
    codes = np.tile(np.arange(8), (20, 1))
    data = text_view(
        "x" * 20, rng.random(20), top=(codes, probabilities), symbols="abcdefgh", **GATE
    )
    header, (_codes, _values, sent, shares) = unpack(data)
    assert header["symbols"] == list("abcdefgh")
    np.testing.assert_allclose(
        shares, np.sort(probabilities, axis=1)[:, : -LIKELIEST - 1 : -1], rtol=1e-6
    )
    np.testing.assert_array_equal(sent[:, 0], probabilities.argmax(axis=1))
    np.testing.assert_allclose(
        np.take_along_axis(probabilities, sent.astype(int), 1), shares, rtol=1e-6
    )


def test_what_cannot_be_seen_has_a_sign_and_a_name() -> None:
    header, _arrays = unpack(text_view("a \n\t\u200b<b>", np.zeros(8), **GATE))
    assert header["characters"] == list("a \n\t\u200b<b>")
    assert header["signs"] == {" ": "␣", "\n": "⏎", "\t": "⇥", "\u200b": "▯"}
    assert header["names"] == {
        " ": "space", "\n": "line break", "\t": "tab", "\u200b": "U+200B",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"values": np.zeros(3)}, r"2 characters cannot have values \(3,\)"),
        ({"low": 1.0, "high": 0.0}, "cannot run from 1.0 to 0.0"),
        ({"top": (np.zeros((2, 3)), np.zeros((2, 4)))}, r"\(2, 3\), \(2, 4\)"),
        ({"top": (np.zeros((3, 3)), np.zeros((3, 3)))}, "2 characters cannot have next ones"),
    ],
)
def test_what_does_not_belong_together_is_refused(change: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        text_view("ab", **{"values": np.zeros(2), **GATE, **change})
