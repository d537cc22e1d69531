"""The looks of charts: built once, and checked by these tests alone."""

import altair
import pandas as pd
import pytest
from altair.utils import schemapi

from lstm_viz.figures import vega
from lstm_viz.figures.palette import ask_theme, theme
from lstm_viz.figures.vega import built_once, fed, framed, marks
from lstm_viz.words import ask_language, language


def test_a_look_is_built_once_for_each_theme_and_language_and_holds_no_data() -> None:
    built = []

    @built_once
    def look(title: str) -> altair.LayerChart:
        built.append((title, theme(), language()))
        x = altair.X("t:Q", title=title)
        return framed([marks("rows").mark_line().encode(x)])

    rows = pd.DataFrame({"t": [1.0]})
    try:
        for asked in (lambda: "light", lambda: "dark", lambda: "light"):
            ask_theme(asked)  # type: ignore[arg-type]
            fed(look("a"), rows=rows)
            fed(look("a"), rows=rows.iloc[:0])
        ask_language(lambda: "xx")
        look("a")
    finally:
        ask_theme(lambda: "light")
        ask_language(lambda: "en")
    assert built == [("a", "light", "en"), ("a", "dark", "en"), ("a", "light", "xx")]
    assert "datasets" not in look("a")
    assert look("a") is look("a")


def test_a_chart_that_is_not_valid_is_found_here_and_costs_the_app_no_check() -> None:
    @built_once
    def look(bottom: int) -> altair.LayerChart:
        x = altair.X("t:Q", scale=altair.Scale(type="logarithmic", base=bottom))
        return framed([marks("rows").mark_line().encode(x)])

    with pytest.raises(schemapi.SchemaValidationError):
        look(2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vega, "checked", False)
        assert look(3)["layer"][0]["encoding"]["x"]["scale"]["type"] == "logarithmic"
    assert schemapi.DEBUG_MODE, "who draws charts of their own has them checked"
