"""The front door: `streamlit run app.py`.

Streamlit finds `app` below and serves it; for each visitor it then runs this file again as the
script `__main__`, which shows a page.
"""

import streamlit as st

from lstm_viz.ui import feed_route, server

PAGES = [
    "pages/welcome/start.py",
    "pages/lab/experiments.py",
    "pages/lab/data.py",
    "pages/lab/train.py",
    "pages/lab/forecast.py",
    "pages/lab/compare.py",
    "pages/inside/cell.py",
    "pages/inside/gates.py",
    "pages/inside/cell_state.py",
    "pages/inside/gradients.py",
    "pages/inside/intervene.py",
]

if __name__ == "__main__":
    from lstm_viz.ui import shell  # half a second of imports, which the server begins by itself

    shell.show(PAGES)
else:
    app = st.App(
        __file__,
        lifespan=server.lifespan,
        routes=feed_route.routes(),
        middleware=server.MIDDLEWARE,
    )
