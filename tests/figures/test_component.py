"""The component in a page, as far as a test without a browser reaches."""

from streamlit.testing.v1 import AppTest

from lstm_viz.figures.wire import unpack


def page() -> None:
    import numpy as np
    import streamlit as st

    from lstm_viz.figures.strips import Heat, strips
    from lstm_viz.ui import components

    picked = components.strips(strips([Heat("forget", np.ones((2, 3)), 0, 1)]), key="gates")
    st.write(f"picked {picked.unit} {picked.t} {picked.frame}, theme {components.theme()}")


def test_the_component_mounts_and_its_files_do_not_travel_with_the_data() -> None:
    for _ in range(2):  # each test app has a server of its own
        app = AppTest.from_function(page).run()
        assert not app.exception
        assert app.markdown[0].value == "picked None None None, theme light"
        (element,) = [e for e in app.main if e.type == "bidi_component"]
        assert element.proto.js_source_path == "strips.js"
        assert element.proto.css_source_path == "strips.css"
        assert not element.proto.js_content
        assert unpack(element.proto.bytes)[0]["steps"] == 3
