"""What a test waits for in the browser."""

from playwright.sync_api import Page

IDLE = (
    '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
    '[data-test-script-state="notRunning"]'
)


def idle(page: Page) -> None:
    """Wait until the page is drawn and no script runs; a traceback on it is a failure.

    Just after a click the rerun may not have begun: wait for what it should show instead. So
    too while a run trains: its timer keeps the script running.
    """
    page.wait_for_selector(IDLE, state="attached")
    broken = page.get_by_test_id("stException")
    assert broken.count() == 0, broken.first.inner_text()
