// What a film keeps of its messages, and on which scales its rows are drawn.
import assert from "node:assert/strict";
import { workedOut } from "../../assets/components/film/paint.js";
import { test } from "node:test";
import { standing } from "../../assets/components/film/layout.js";
import { keep, stepsOf, take } from "../../assets/components/film/store.js";
import { clockOf, endText, frameAt, heatText, prepare, reachOf } from "../../assets/components/film/rows.js";

const place = (step) => [step, step / 10, 0.5];
const brought = (topic, step) => ({ header: { topic, clock: place(step), signals: {} }, arrays: [] });

test("frames are kept, thinned ones dropped, and what is lacking is counted", () => {
  const film = { id: "x.l0.0", frames: [0, 4, 8], clock: [0, 4, 8].map(place), sent: [0, 4, 6], signals: {} };
  const first = keep(film, []);
  assert.deepEqual([[...first.frames.keys()], first.missing], [[0, 4], [8]]);
  take(brought(film.id, 8));
  assert.deepEqual(stepsOf(film.id), [0, 4, 8]);
  const later = keep({ ...film, frames: [0, 8], sent: [], clock: [] }, []);
  assert.deepEqual([[...later.frames.keys()], [...later.clock.keys()], later.missing], [[0, 8], [0, 8], []]);
});

test("a frame that came since the page was made stays", () => {
  take(brought("since", 3));
  const film = { id: "since", frames: [0], clock: [place(0)], sent: [0], signals: {} };
  assert.deepEqual([[...keep(film, []).frames.keys()].sort(), film.frames], [[0, 3], [0, 3]]);
});

test("several films stand where all have been that are still under way", () => {
  const film = (steps, active) => ({ frames: steps, active, times: new Map(steps.map((step) => [step, place(step)])) });
  const steps = (films) => clockOf(films).map(([step]) => step);
  assert.deepEqual(steps([film([0, 2, 4], true), film([0, 3, 9], true)]), [0, 2, 3, 4]);
  assert.deepEqual(steps([film([0, 2, 4], false), film([0, 3, 9], true)]), [0, 2, 3, 4, 9]);
  assert.deepEqual(steps([film([0, 2, 4], false), film([0, 3, 9], false)]), [0, 2, 3, 4, 9]);
});

/** A header with one heat map, whose values reach so far at each frame. */
function header(id, reaches, diverged) {
  const steps = reaches.map((_, k) => k);
  const ends = reaches.map((reach) => [-reach, reach]);
  const signals = { hidden: { array: 0, rows: 1, scale: "linear", ends } };
  const row = { kind: "heat", signal: "hidden", source: "hidden", ends: null };
  const film = { id, frames: steps, clock: steps.map(place), sent: steps, signals, units: [0, 1], every: 1, order: null, diverged, rows: [row] };
  return { films: [film], courses: [], steps: 3 };
}

const arrays = (count) => [
  { shape: [count, 2, 3], values: new Uint8Array(6 * count) },
  { shape: [count, 2, 2], values: new Float32Array(4 * count) },
];

test("the outbreak of a diverged run sets no scale, and that it goes beyond is said", () => {
  for (const [diverged, ends, text] of [[true, [-2, 2], "≥ 2"], [false, [-1e30, 1e30], "10³⁰"]]) {
    const made = header(`outbreak.${diverged}`, [1, 2, 1e30], diverged);
    prepare(made, arrays(3));
    const [row] = made.films[0].rows;
    assert.deepEqual([row.ends, endText(row, 1)], [ends, text]);
  }
});

test("between its frames a film shows the one before", () => {
  const made = header("between", [1, 1], false);
  prepare(made, arrays(2));
  const [film] = made.films;
  assert.deepEqual([-1, 0, 0.5, 1, 9].map((step) => frameAt(film, step).step), [0, 0, 0, 1, 1]);
});

test("what is prepared again with more frames has the scales of all of them", () => {
  const made = header("again", [1, 4], false);
  const [film] = made.films;
  film.frames = [0];
  film.sent = [0];
  prepare(made, arrays(2));
  assert.deepEqual(film.rows[0].ends, [-1, 1]);
  const signals = { hidden: { array: 0, rows: 1, scale: "linear", ends: [[-4, 4]] } };
  take({ header: { topic: "again", clock: place(1), signals }, arrays: arrays(1) });
  film.frames = [0, 1];
  prepare(made, arrays(2));
  assert.deepEqual([film.rows[0].ends, film.steps], [[-4, 4], [0, 1]]);
  film.frames = [1];
  prepare(made, arrays(2));
  assert.deepEqual([film.rows[0].ends, film.steps], [[-4, 4], [1]]);
});

test("what is exactly 0 is written so, and drawn as the lowest colour on any scale", async () => {
  globalThis.document = { createElement: () => ({ getContext: () => ({}) }) };
  const { Pen } = await import("../../assets/components/film/pen.js");
  const row = { kind: "heat", scale: "log", source: "grad_cell", signal: "grad_cell", labels: [7], every: 1, ends: [-33, 1] };
  const film = { now: { grad_cell: { values: Uint8Array.of(1, 2), rows: Float32Array.of(-3, 0) } } };
  assert.equal(heatText(row, film, 7, 0).text, "0");
  assert.match(heatText(row, film, 7, 1).text, /^0.00/);
  const pen = Object.assign(Object.create(Pen.prototype), { ramp: () => Uint32Array.from({ length: 256 }, (_, k) => k) });
  const pixels = new Uint32Array(2);
  pen.paint(pixels, 0, Uint8Array.of(1, 2), 0, 2, row, [-3, 0]);
  assert.equal(pixels[0], 1);
  assert.ok(pixels[1] > 200);
});

test("a map of which each unit has its own scale has no number at its ends", () => {
  assert.deepEqual([0, 1].map((k) => endText({ kind: "heat", each: true, ends: [-3, 5] }, k)), ["−max", "max"]);
});

test("an example is worked out with the last answer of the frame that is drawn", () => {
  const row = { lines: [{ source: null }, { source: "prediction" }], worked: "1 + 2 = 3, the network says {answer}" };
  assert.equal(workedOut(row, { now: { prediction: { values: [NaN, NaN, 2.874] } } }), "1 + 2 = 3, the network says 2.87");
  const diverged = { now: { prediction: { values: [-8.712876546211032e27] } } };
  assert.match(workedOut(row, diverged), /the network says −8\.71·10²⁷$/);
  assert.equal(workedOut(row, { now: undefined }), "");
  assert.equal(workedOut(row, { now: { prediction: { values: [NaN] } } }), "");
});

test("a unit that stands still is drawn as a flat line, not on a scale of its rounding", () => {
  const reach = (low, high) => reachOf({ signals: ["h"] }, 0, { units: [0], calm: [{ h: { rows: [low, high], ends: [-1, 1] } }] });
  assert.deepEqual([reach(0, 0), reach(0, 1e-9)].map(([low, high]) => [low, high > 0.1]), [[0, true], [0, true]]);
  assert.ok(reach(0, 0.003)[1] < 0.004);
});

test("new frames leave the axes alone until they reach further, and those of a row over the training never", () => {
  const said = (reaches, change = () => {}) => {
    const made = header(`standing.${reaches}`, reaches, false);
    prepare(made, arrays(reaches.length).map(({ shape, values }) => ({ shape, values: values.fill(7) })));
    change(made.films[0]);
    return standing(made, { films: [] });
  };
  assert.equal(said([1, 2, 1]), said([2, 1]));
  assert.notEqual(said([1, 2, 3]), said([1, 2]));
  assert.notEqual(said([1, Infinity]), said([1, NaN]));
  assert.notEqual(said([1, 2]), said([1, 2], ({ held }) => held.get(1).hidden.values.fill(0, 0, 1)));
  assert.equal(said([1, 2], ({ rows }) => rows.push({ kind: "trained" })), null);
});

test("a pinned unit's panel has another axis when the unit goes further", () => {
  const made = header("panel", [1, 1], false);
  prepare(made, arrays(2));
  const [film] = made.films;
  const layout = { films: [{ film, rows: [{ row: { kind: "pinned", signals: ["hidden"] }, unit: 1 }] }] };
  const before = standing(made, layout);
  assert.equal(standing(made, layout), before);
  film.held.get(1).hidden.rows[3] = 9;
  assert.notEqual(standing(made, layout), before);
});
