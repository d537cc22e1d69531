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
GAPS = """
async () => {
  const { Painter } = await import("/film/paint.js");
  const { legend } = await import("/film/layout.js");
  const context = document.createElement("canvas").getContext("2d");
  const filled = [];
  context.fillRect = (...place) => filled.push(place);
  const row = { kind: "trained", signal: "grad_hidden", source: "norm", ends: [-3, 0] };
  const course = (...values) => ({ norm: { values: new Float32Array(values) } });
  const held = new Map([[0, course(-2, -1, 0, -Infinity)], [7, course(NaN, Infinity, -1, NaN)]]);
  const film = { steps: [0, 7], held };
  const painter = new Painter({ context, ramp: () => new Uint32Array(256) }, { steps: 4 }, "black");
  painter.trained(row, film, { x: 0, y: 0, width: 40, height: 20 });
  return [filled, legend(row, { words: {} }, film).map(({ kind }) => kind)];
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


def test_a_norm_over_the_training_that_is_not_a_number_is_hatched(nowhere: Page) -> None:
    filled, kinds = nowhere.evaluate(GAPS)
    assert filled == [[0, 10, 20, 10], [30, 10, 10, 10]], "the second frame's; a norm of 0 is one"
    assert kinds == ["bar", "missing"]
