"""What is wrong in the moment of the training that the film shows, also while it plays."""

from playwright.sync_api import Page, expect

from lstm_viz.figures.clock import place_of
from lstm_viz.measures.alarms import alarms
from lstm_viz.runs.recordings import load_recordings
from tests.browser.test_app import press
from tests.browser.waiting import idle

NOTED = """(film) => {
  const alarm = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map(({ shadowRoot }) => shadowRoot.querySelector(".alarm .said")).find(Boolean);
  const label = film.querySelector(".training .label");
  film.noted = [];
  const note = () => film.noted.push([label.textContent, alarm.textContent]);
  for (const each of [alarm, label]) new MutationObserver(note).observe(each, { childList: true });
}"""
"""Note each moment that a film shows with what is then said to be wrong."""


def test_an_alarm_is_that_of_the_moment_shown_and_nothing_covers_it(
    page: Page, app_url: str
) -> None:
    (run,) = [each for each in load_recordings() if each.id == "adding_rnn"]
    frames = run.film.frames
    wrong = {place_of(each) for k, each in enumerate(frames) if alarms(frames[: k + 1])}
    assert 0 < len(wrong) < len(frames)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/cell?show={run.id}")
    film, said = page.locator(".film"), page.locator(".alarm .said")
    expect(page.locator('.film[data-missing="0"]')).to_be_visible()
    idle(page)
    plot, moment = film.locator(".plot"), film.locator(".training .label")
    plot.press("Shift+Home")
    expect(said).to_contain_text(f"Alarm at {place_of(frames[0])}. ")
    last = max(k for k, each in enumerate(frames) if place_of(each) in wrong)
    for place in map(place_of, frames[1 : last + 1]):  # until the feed has said all that is wrong
        plot.press("Shift+ArrowRight")
        expect(moment).to_have_text(place)
        if place in wrong:
            expect(said).to_contain_text(f"Alarm at {place}. ")

    film.evaluate(NOTED)
    film.locator(".training .speed").evaluate("speed => (speed.value = '8')")
    film.locator(".training .loop").click()
    film.locator(".training .play").click()
    expect(moment).to_have_text(place_of(frames[-1]))
    expect(film.locator(".training .play")).to_have_attribute("aria-label", "Training: Play")
    noted = film.evaluate("film => film.noted")
    assert len({place for place, _ in noted}) > 1, "it played"
    for place, text in noted:
        assert text.startswith(f"Alarm at {place}. ") if place in wrong else text == "", place

    plot.press("Shift+Home")
    plot.press("Home")
    plot.press("PageUp")
    box = film.locator(".whatif")
    expect(box).to_be_visible()
    page.wait_for_function(
        """([a, b]) => {
            const [one, other] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
            const fits = one.height > 20 && other.bottom <= innerHeight;
            return fits && (one.bottom <= other.top || other.bottom <= one.top);
        }""",
        arg=[said.element_handle(), box.element_handle()],
    )
    plot.press("Escape")


def test_a_diverged_run_says_why_and_what_is_wrong_in_the_window_of_a_projector(
    page: Page, app_url: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_url}/train?task=adding&cell=rnn_relu&units=8&lr=10&clip=0&epochs=1")
    press(page, "Train")
    expect(page.get_by_text("Training diverged at update")).to_be_visible()
    expect(page.get_by_role("button", name="Train with learning rate 1")).to_be_visible()
    said = page.locator(".alarm .said")
    expect(said).to_contain_text("not finite")
    idle(page)
    expect(said).to_be_in_viewport(ratio=1)
