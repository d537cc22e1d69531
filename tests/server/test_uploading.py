"""What is uploaded is kept within bounds, asked for or not."""

from tests.server.visitor import ask, visit
from tests.serving import App

MEGABYTE = 2**20


def put(app: App, session: str, file: str, size: int) -> int:
    """Upload as a browser does, to a place that no widget asked for; the status."""
    cookies = ask(app.url, "/_stcore/health").headers.get_all("set-cookie") or []
    cookie = next((each.partition(";")[0] for each in cookies if "_xsrf" in each), "")
    begins = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.csv"\r\n\r\n'
    said = ask(
        app.url,
        f"/_stcore/upload_file/{session}/{file}",
        "PUT",
        begins + bytes(size) + b"\r\n--b--\r\n",
        Content_Type="multipart/form-data; boundary=b",
        Cookie=cookie,
        X_Xsrftoken=cookie.partition("=")[2],
    )
    return said.status


def held(app: App) -> int:
    """Bytes of uploads that Streamlit says it keeps."""
    said = ask(app.url, "/_stcore/metrics").text.splitlines()
    lines = [line for line in said if "UploadedFileManager" in line]
    return int(float(lines[0].split()[-1])) if lines else 0


def test_a_sessions_older_files_give_way_to_newer_ones(app: App) -> None:
    with visit(app.url) as visitor:
        visitor.open()
        statuses = [put(app, visitor.session, f"f{n}", 8 * MEGABYTE) for n in range(5)]
        assert statuses == [204] * 5
        assert held(app) == 16 * MEGABYTE


def test_all_files_that_wait_to_be_read_have_a_limit(app: App) -> None:
    with visit(app.url) as one, visit(app.url) as two, visit(app.url) as three:
        sessions = [each.open().session for each in (one, two, three)]
        said = [put(app, each, f"f{n}", 60 * MEGABYTE) for each in sessions for n in (1, 2)]
        assert said[:3] == [204, 204, 204]
        assert 503 in said
        assert held(app) <= 256 * MEGABYTE
