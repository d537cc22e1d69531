"""A visitor reads a few words and sees the figures: each page is held to a number of words."""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.app.conftest import PAGES, go, texts

MOST = {
    "start": 29,
    "experiments": 385,
    "data": 34,
    "train": 50,
    "forecast": 8,
    "compare": 40,
    "cell": 10,
    "gates": 34,
    "cell_state": 60,
    "gradients": 71,
    "intervene": 27,
}
"""What a page says around its figures, with a line to spare: who adds one takes one away."""


def test_pages_with_a_recorded_run_say_few_words(app: AppTest) -> None:
    said = {}
    for script in PAGES:
        go(app, script)
        words = f"{texts(app)} {' '.join(each.value for each in app.subheader)}"
        said[Path(script).stem] = len(re.findall(r"[^\W\d_]{2,}", words))
    assert {page: count for page, count in said.items() if count > MOST[page]} == {}, said
