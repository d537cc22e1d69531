"""A real app, and whoever speaks to it."""

from collections.abc import Iterator

import pytest

from tests.serving import App, serve


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app of all tests."""
    with serve(tmp_path_factory.mktemp("home")) as served:
        yield served
