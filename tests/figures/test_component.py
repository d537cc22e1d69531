"""The component in a page, as far as a test without a browser reaches."""

from streamlit.testing.v1 import AppTest

from tests.figures.message import unpack


def page() -> None:
    import numpy as np
    import streamlit as st

    from lstm_viz.figures.film_view import DrawnFilm, film_view
    from lstm_viz.figures.rows import Heat
    from lstm_viz.ui import components

    components.film(film_view([DrawnFilm([Heat("forget", np.ones((2, 3)))])]), key="gates")
    picked = components.picked("gates")
    st.write(f"picked {picked.pinned} {picked.t} {picked.step}, theme {components.theme()}")


def test_the_component_mounts_and_its_files_do_not_travel_with_the_data() -> None:
    for _ in range(2):  # each test app has a server of its own
        app = AppTest.from_function(page).run()
        assert not app.exception
        assert app.markdown[0].value == "picked None None None, theme light"
        (element,) = [e for e in app.main if e.type == "bidi_component"]
        assert element.proto.js_source_path == "film.js"
        assert element.proto.css_source_path == "film.css"
        assert not element.proto.js_content
        assert unpack(element.proto.bytes)[0]["steps"] == 3
