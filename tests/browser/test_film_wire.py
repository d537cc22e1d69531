"""What the browser reads from a film's bytes, and what it keeps of them."""

import base64
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lstm_viz.figures.drawn_frames import DrawnFrame, DrawnSignal
from lstm_viz.figures.film_view import DrawnFilm, Playback, film_view
from lstm_viz.figures.rows import Heat, Line, Lines, Trained
from lstm_viz.ui.shipping import PROJECT
from tests.figures.message import restore, unpack

FILES = f"/_stcore/bidi-components/{PROJECT}.film"


@pytest.fixture(scope="module")
def start(context: BrowserContext, app_url: str) -> Iterator[Page]:
    """A page whose server knows the component; nothing that is asked of it changes it."""
    page = context.new_page()
    page.goto(f"{app_url}/?scene=2")
    expect(page.locator(".film canvas").first).to_be_visible(timeout=20_000)
    yield page
    page.close()


def test_the_browser_reads_what_was_packed(start: Page) -> None:
    rows = [
        Heat("forget", np.linspace(0, 1, 12).reshape(3, 4)),
        Lines([Line("grad_hidden", np.array([-60.0, -np.inf, 0.0, -3.0]))], y="‖·‖", scale="log"),
    ]
    data = film_view([DrawnFilm(rows)])
    header, arrays = unpack(data)
    # Shifted by one byte: the browser is given a view into a larger buffer.
    seen = start.evaluate(
        f"""async (text) => {{
          const {{ decode }} = await import("{FILES}/wire.js");
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).subarray(1);
          const {{ header, arrays }} = decode(bytes);
          const values = arrays.map((array) => [...array.values].map(String));
          return [header.steps, header.films[0].rows[1].y, values];
        }}""",
        base64.b64encode(b"x" + data).decode(),
    )
    assert seen[:2] == [header["steps"], "‖·‖"]
    for sent, read in zip(arrays, seen[2], strict=True):
        np.testing.assert_array_equal(sent.ravel(), [float(value) for value in read])


def test_the_browser_gives_every_code_the_value_that_python_gives_it(start: Page) -> None:
    for low, high in [(-2.0, 3.0), (-50.0, 1.0)]:
        seen = start.evaluate(
            f"""async (ends) => {{
              const {{ restore }} = await import("{FILES}/wire.js");
              return Array.from({{ length: 256 }}, (_, code) => String(restore(code, ends)));
            }}""",
            [low, high],
        )
        expected = restore(np.arange(256, dtype=np.uint8), low, high)
        read = [float(value) for value in seen]
        np.testing.assert_allclose(read, expected, rtol=1e-12, atol=1e-15)


def test_a_move_before_the_second_live_message_stays(start: Page) -> None:
    clock = [(step, float(step), None) for step in range(3)]
    messages = [
        film_view(
            [DrawnFilm([Heat("forget", np.full((3, 2), 0.5))], clock=clock[:known])],
            playback=Playback("step {step}", step=-1, live=True),
        )
        for known in (2, 3)
    ]
    seen = start.evaluate(
        f"""async (messages) => {{
          const {{ FilmView }} = await import("{FILES}/film/view.js");
          const read = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const view = new FilmView(document.body.appendChild(document.createElement("div")));
          const reported = [];
          view.report = (what, value) => reported.push([what, value]);
          view.show(read(messages[0]));
          const at = [view.step];
          view.bars.training.step(-1);
          view.reporter.flush();
          view.show(read(messages[1])); // the server has not heard of the move yet
          at.push(view.step);
          view.close();
          view.host.remove();
          return [at, reported.filter(([what]) => what === "move").map(([, move]) => move.step)];
        }}""",
        [base64.b64encode(each).decode() for each in messages],
    )
    assert seen == [[1, 0], [0]]


def test_a_film_whose_moments_are_still_on_their_way_draws_what_it_has(start: Page) -> None:
    rows = [Heat("hidden"), Trained("grad_hidden", "flow_share", "over the training")]
    drawn = DrawnFilm(
        rows, id="on.its.way", clock=[(0, 0.0, None), (1, 1.0, None)], sent=[], units=[0, 1]
    )
    missing = start.evaluate(
        f"""async (text) => {{
          const {{ FilmView }} = await import("{FILES}/film/view.js");
          const view = new FilmView(document.body.appendChild(document.createElement("div")));
          view.show(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
          const missing = view.header.films[0].steps.length;
          view.close();
          view.host.remove();
          return missing;
        }}""",
        base64.b64encode(film_view([drawn], time_steps=3)).decode(),
    )
    assert missing == 0


def test_an_exploding_gradient_widens_a_fixed_axis(start: Page) -> None:
    logs = np.array([-3.0, 0.0, 7.5])
    sent = [DrawnFrame(0, {"flow_hidden": DrawnSignal(logs, -3.0, 8.0, "log")})]
    ends = []
    for widens in (False, True):
        line = Line("grad_hidden", source="flow_hidden")
        row = Lines([line], y="‖·‖", scale="log", low=-50.0, high=0.0, widens=widens)
        drawn = DrawnFilm(
            [row], id=f"widens.{widens}", clock=[(0, 0.0, None)], sent=sent, units=[0]
        )
        ends += start.evaluate(
            f"""async (text) => {{
              const {{ decode }} = await import("{FILES}/wire.js");
              const {{ prepare }} = await import("{FILES}/film/rows.js");
              const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
              const {{ header, arrays }} = decode(bytes);
              prepare(header, arrays);
              return [header.films[0].rows[0].ends];
            }}""",
            base64.b64encode(film_view([drawn], time_steps=3)).decode(),
        )
    assert ends == [[-50, 0], [-50, 8]]


def test_a_map_over_the_training_that_grows_has_all_its_rows(start: Page) -> None:
    seen = start.evaluate(
        f"""async () => {{
          const {{ Painter }} = await import("{FILES}/film/paint.js");
          const [painter, row] = [new Painter({{}}, {{}}, null), {{}}];
          return [2, 5, 3].map((high) => {{
            const canvas = painter.image(row, [high], [4, high], (words) => words.fill(0xff0000ff));
            const {{ data }} = canvas.getContext("2d").getImageData(0, 0, 4, high);
            return [canvas.height, data.every((part, k) => part === (k % 4 % 3 ? 0 : 255))];
          }});
        }}"""
    )
    assert seen == [[2, True], [5, True], [3, True]]
