"""Where the rows of a film go, and what their axes say, in whatever room there is."""

from playwright.sync_api import Page

TICKS = """
async ([row, height]) =>
  (await import("/film/axes.js")).ticksOf(row, height).map(({ text }) => text)
"""
HEIGHT = """
async ([rows, room]) => {
  const { fit } = await import("/film/layout.js");
  const looks = new Proxy({}, { get: () => ({ name: "a line" }) });
  const films = [{ rows, units: [3], held: new Map(), calm: [] }];
  const header = { films, courses: [], letters: null, steps: 60, fits: true, looks, words: {} };
  return fit(header, [3], 640, { font: "serif" }, (text) => 7 * text.length, room).height;
}
"""
HEAT = {"kind": "heat", "title": "forget gate f", "height": 120, "ends": [0, 1], "labels": [3]}
LINES = {"kind": "lines", "title": "answer", "height": 84, "ends": [0, 1], "lines": []}
PINNED = {"kind": "pinned", "height": 84, "signals": ["cell"], "newest": True}


def test_an_axis_says_what_it_has_room_for_and_never_a_single_number(nowhere: Page) -> None:
    classes = {"names": ["XX", "XY", "YX", "YY"]}
    assert nowhere.evaluate(TICKS, [classes, 30]) == ["XX", "YY"]
    assert nowhere.evaluate(TICKS, [classes, 80]) == ["XX", "XY", "YX", "YY"]
    for row in ({"ends": [0, 0.017]}, {"ends": [-3.2, -0.4], "scale": "log"}):
        for height in (30, 84):
            assert len(nowhere.evaluate(TICKS, [row, height])) > 1, (row, height)


def test_the_rows_of_an_attention_network_fit_a_projector_and_fewer_stand_freely(
    nowhere: Page,
) -> None:
    attention = [LINES, LINES, LINES, *[HEAT] * 4, PINNED, LINES]
    room = 720 - 204  # beside the page's line, both clocks, what can be typed and a sentence
    assert nowhere.evaluate(HEIGHT, [attention, room]) <= room
    assert nowhere.evaluate(HEIGHT, [attention[:4], room]) <= room
