"""No foreign page speaks to the server as its own: names that lead here, and origins."""

import pytest
from streamlit import config
from websockets.exceptions import InvalidStatus

from lstm_viz.ui.hosts import is_known
from tests.server.visitor import STREAM, ask, visit
from tests.serving import App


@pytest.mark.parametrize("path", [STREAM, "/feed", "/any/base/feed"])
@pytest.mark.parametrize("host", ["evil.example:8501", "127.0.0.1.evil.example", "evil.example."])
def test_a_foreign_name_that_leads_here_is_refused(app: App, host: str, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused, visit(app.url, host=host, path=path):
        pass
    assert refused.value.response.status_code == 403
    said = ask(app.url, Host=host)
    assert said.status == 403
    assert "server.allowedHosts" in said.text


@pytest.mark.parametrize("path", [STREAM, "/feed"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "file://"])
def test_the_origin_of_another_page_is_refused(app: App, origin: str, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused, visit(app.url, origin=origin, path=path):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "192.168.1.7:8501", "lab-pc", "own.streamlit.app"])
def test_names_that_nobody_else_can_have_are_let_in(app: App, host: str) -> None:
    with visit(app.url, host=host) as visitor:
        assert visitor.open().session


def test_whoever_runs_a_proxy_says_which_names_lead_here(app: App) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    with visit(app.url, host="lstm.example", **forwarded) as visitor:
        assert visitor.open().session


def test_hosts_that_are_set_are_all_that_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    real, listed = config.get_option, ["lstm.example", "*.lab.example"]
    monkeypatch.setattr(
        config, "get_option", lambda key: listed if key == "server.allowedHosts" else real(key)
    )
    assert is_known("lstm.example:80", socket=True) and is_known("a.lab.example", socket=True)
    assert not is_known("localhost", socket=True)
    assert not is_known("evil.example", proxied=True)
    assert is_known("127.0.0.1:8501"), "who asks for the server's health has no name for it"


@pytest.mark.parametrize(
    "host", ["[::1", "a b.c", "user@evil.example", "evil.example:x", "[::1]:99999"]
)
def test_what_is_no_host_ends_in_no_traceback(host: str) -> None:
    assert is_known(host) is host.startswith("[::1]")


def test_no_picture_comes_from_elsewhere(app: App) -> None:
    headers = ask(app.url).headers
    assert headers["content-security-policy"].startswith("img-src 'self' data: blob:;")
    assert headers["x-content-type-options"] == "nosniff"
