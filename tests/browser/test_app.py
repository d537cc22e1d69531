"""What a visitor does with the app, in a real browser."""

import math
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lstm_viz.ui.choices import GROUP_LABELS
from tests.browser.waiting import idle

PATIENCE = 30_000
ADDRESSES = {
    "": "See inside a network while it learns",
    "data": "Data",
    "train": "Train",
    "gates": "Gates",
    "cell-state": "Cell state",
    "gradients": "Gradients",
}


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, level=1, exact=True)


def go(page: Page, name: str) -> None:
    page.get_by_test_id("stTopNav").get_by_role("link", name=name, exact=True).click()
    expect(heading(page, name)).to_be_visible(timeout=PATIENCE)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).first.click()


def frame_shown(page: Page) -> Locator:
    """What the bar above the figure says: the frame that is shown."""
    return page.locator(".film .training .label")


def status(page: Page, state: str) -> Locator:
    """How the run stands, below the selectors of a page that looks inside."""
    return page.locator(".words .said").filter(has_text=re.compile(f"^{state} · "))


@pytest.fixture
def own_csv(tmp_path: Path) -> Path:
    """A file as a German spreadsheet writes it, with a name that is no markup."""
    rows = [f"2020-{1 + k // 28:02};{20 + 5 * math.sin(k / 4):.3f};ok" for k in range(240)]
    text = "\n".join(["day;<b>temp</b>;note", *(row.replace(".", ",") for row in rows)])
    path = tmp_path / "weather.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    return path


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_an_address_of_its_own(page: Page, app_url: str, address: str) -> None:
    page.goto(f"{app_url}/{address}")
    expect(heading(page, ADDRESSES[address])).to_be_visible(timeout=PATIENCE)
    drawn = page.locator(".film canvas, .cell svg")
    expect(drawn.first).to_be_visible(timeout=PATIENCE)
    idle(page)


def test_an_own_csv_is_trained_on_watched_scrubbed_and_stopped(
    page: Page, app_url: str, own_csv: Path
) -> None:
    page.goto(f"{app_url}/data")
    page.get_by_test_id("stButtonGroup").get_by_text(GROUP_LABELS["upload"]).click()
    page.locator("input[type=file]").set_input_files(own_csv)
    expect(page.get_by_text("decimal comma")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("weather.csv · ")).to_be_visible()
    idle(page)

    page.get_by_role("link", name="Train on this").click()
    expect(page.get_by_text("Not trained yet")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("spinbutton", name="Epochs").fill("5000")
    page.get_by_role("spinbutton", name="Epochs").press("Enter")
    press(page, "Train")
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    seen = frame_shown(page).inner_text()
    expect(frame_shown(page)).not_to_have_text(seen, timeout=PATIENCE)

    page.locator(".film .training .slider").press("Home")
    expect(frame_shown(page)).to_have_text("epoch 0.0, update 0", timeout=PATIENCE)
    expect(page.get_by_text("Shown: epoch 0.0, update 0.")).to_be_visible(timeout=PATIENCE)
    for name in ("Gates", "Cell state", "Gradients"):
        go(page, name)
        expect(frame_shown(page)).to_have_text("epoch 0.0, update 0", timeout=PATIENCE)
        expect(status(page, "training")).to_be_visible()
    page.get_by_role("button", name="Live").click()
    expect(frame_shown(page)).not_to_have_text("epoch 0.0, update 0", timeout=PATIENCE)

    go(page, "Train")
    press(page, "Stop")
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible(
        timeout=PATIENCE
    )
    idle(page)


def test_a_reload_and_a_copied_link_show_the_same_view(page: Page, app_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_url}/train?task=adding&length=20&count=200&cell=gru&units=9&epochs=5000")
    press(page, "Train")
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    expect(frame_shown(page)).not_to_have_text("epoch 0.0, update 0", timeout=PATIENCE)
    page.locator(".film .training .slider").press("Home")
    expect(page.get_by_text("Shown: epoch 0.0, update 0.")).to_be_visible(timeout=PATIENCE)
    page.wait_for_url("**step=0*")
    steps_back = page.evaluate("history.length")
    page.reload()
    expect(page.get_by_text("Shown: epoch 0.0, update 0.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("spinbutton", name="Hidden units")).to_have_value("9")
    expect(page.get_by_text("These figures belong to")).to_have_count(0)
    assert page.evaluate("history.length") == steps_back, "Back leads to the page before"

    page.get_by_role("button", name="Copy link").press("Enter")
    expect(page.get_by_text("Link copied.", exact=True)).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    with page.context.new_page() as other:
        other.goto(link)
        expect(other.get_by_text("Shown: epoch 0.0, update 0.")).to_be_visible(timeout=PATIENCE)
        expect(other.get_by_text("updates per second")).to_be_visible(timeout=PATIENCE)
    press(page, "Stop")
    expect(page.get_by_role("button", name=re.compile("^Train further"))).to_be_visible(
        timeout=PATIENCE
    )


def test_the_address_holds_the_experiment_on_the_way_from_page_to_page(
    page: Page, app_url: str
) -> None:
    page.goto(f"{app_url}/train?task=parity&cell=gru&units=6")
    expect(heading(page, "Train")).to_be_visible(timeout=PATIENCE)
    for name in ("Data", "Experiments", "Data", "Data"):
        go(page, name)
        page.wait_for_url(re.compile(r"/(data|experiments)\?task=parity&cell=gru&units=6"))


def test_where_there_is_no_clipboard_the_link_stands_selected(page: Page, app_url: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{app_url}/experiments?upload=energy.csv&cell=gru")
    button = page.get_by_role("button", name="Copy link")
    expect(button).to_be_visible(timeout=PATIENCE)
    page.wait_for_url("**upload=energy.csv*")
    button.click()
    field = page.get_by_label("Press Ctrl+C to copy it. The file is not in the link.")
    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    assert field.evaluate("it => it.selectionEnd - it.selectionStart") == len(page.url)
    page.keyboard.press("Tab")
    expect(field).to_be_hidden()


def test_a_file_that_is_read_wrong_at_first_is_mended_by_two_clicks(
    page: Page, app_url: str, own_csv: Path, tmp_path: Path
) -> None:
    """Months were meant, as both orders fit; and the logger writes -200 for nothing.

    The panel opens for what is doubtful, though it was shut for a file before that left no doubt.
    """
    rows = [f"{1 + k // 4:02}/02/2022 {k % 4 * 6:02}:00,{10 + k / 4}" for k in range(48)]
    rows[7], rows[20] = "02/02/2022 18:00,-200", "06/02/2022 00:00,-200"
    path = tmp_path / "logger.csv"
    path.write_text("\n".join(["date,level", *rows]))
    page.goto(f"{app_url}/data")
    page.get_by_test_id("stButtonGroup").get_by_text(GROUP_LABELS["upload"]).click()
    page.locator("input[type=file]").set_input_files(own_csv)
    expect(page.get_by_text("weather.csv · ")).to_be_visible(timeout=PATIENCE)
    idle(page)
    expect(page.locator("input[type=file]")).to_have_count(1)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("can be read in two ways, and both fit")).to_be_visible()
    expect(page.get_by_role("cell", name="date,level")).to_be_visible()

    press(page, "Read the month first")
    expect(page.get_by_text("6 h to 30 d 6 h apart")).to_be_visible()
    press(page, "-200 stands for a missing value")
    expect(page.get_by_text("2 of the 48 values of 'level' were missing")).to_be_visible()
    idle(page)
    press(page, "Find everything anew")
    expect(page.get_by_text("can be read in two ways, and both fit")).to_be_visible()
    idle(page)


def test_a_file_that_is_no_table_is_one_sentence_and_the_choice_before_stays(
    page: Page, app_url: str, own_csv: Path, tmp_path: Path
) -> None:
    page.goto(f"{app_url}/data")
    page.get_by_test_id("stButtonGroup").get_by_text(GROUP_LABELS["upload"]).click()
    page.locator("input[type=file]").set_input_files(own_csv)
    expect(page.get_by_text("weather.csv · ")).to_be_visible(timeout=PATIENCE)
    picture = tmp_path / "holiday.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    idle(page)
    expect(page.locator("input[type=file]")).to_have_count(1)  # the one that took the file is gone
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_role("alert").get_by_text("holiday.csv")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("weather.csv · ")).to_be_visible()
    idle(page)


def test_a_series_is_prepared_by_clicks_and_a_reload_finds_it(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/data?real=co2")
    page.get_by_text("Preparing: nothing").click()
    press(page, "Resample")
    expect(page.get_by_text("Rows: 2,284 → 526. Gaps: 3")).to_be_visible()
    press(page, "Differences")
    expect(page.get_by_text("Rows: 526 → 525.")).to_be_visible()
    page.wait_for_url(re.compile("prepare=resample,month&prepare=diff"))
    idle(page)
    page.reload()
    expect(page.get_by_text("Preparing: 2 steps")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Differences", exact=True).first.click()  # its switch
    expect(page.get_by_text("Preparing: 1 step", exact=True)).to_be_visible()
    idle(page)
