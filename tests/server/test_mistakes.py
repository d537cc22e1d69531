"""A mistake of ours shows visitors no paths and no source."""

from pathlib import Path

from tests.server.visitor import visit
from tests.serving import ROOT, serve


def test_what_goes_wrong_is_told_to_the_log_alone(tmp_path: Path) -> None:
    with serve(tmp_path, "tests/server/raising_app.py") as app:
        with visit(app.url) as visitor:
            visitor.open()
        (shown,) = visitor.exceptions
        assert not shown.stack_trace and not shown.type
        assert "not for visitors" not in shown.message and str(ROOT) not in shown.message
        assert "not for visitors" in app.log.read_text()
        app.log.write_text("")  # of all other apps it is a failure
