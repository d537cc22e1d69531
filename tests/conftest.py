import os

# Steps this small gain nothing from a second thread, and wait for it on a busy machine. PyTorch and
# NumPy read this when they are imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterator

import pytest
from hypothesis import settings

from lstm_viz import words

# A slow machine is no failure; and CI, unlike a desk, looks at the same examples every time.
settings.register_profile("desk", deadline=None, max_examples=30)
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(autouse=True)
def source_language() -> Iterator[None]:
    """A test that speaks another language does not teach it to the next one."""
    yield
    words.ask_language(lambda: words.SOURCE_LANGUAGE)
