// What a film keeps of its messages, and on which scales its rows are drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keep } from "../../assets/components/film/store.js";
import { endText, frameAt, prepare } from "../../assets/components/film/rows.js";

test("frames are kept, thinned ones dropped, and what is lacking is named", () => {
  const film = { id: "x.l0.0", frames: [0, 4, 8], sent: [0, 4, 6], signals: {} };
  const first = keep(film, []);
  assert.deepEqual([[...first.frames.keys()], first.missing], [[0, 4], [8]]);
  const later = keep({ ...film, sent: [8] }, []);
  assert.deepEqual([[...later.frames.keys()], later.missing], [[0, 4, 8], []]);
});

/** A header with one heat map, whose values reach so far at each frame. */
function header(id, reaches, diverged) {
  const steps = reaches.map((_, k) => k);
  const ends = reaches.map((reach) => [-reach, reach]);
  const signals = { hidden: { array: 0, rows: 1, scale: "linear", ends } };
  const row = { kind: "heat", signal: "hidden", source: "hidden", ends: null };
  const film = { id, frames: steps, sent: steps, signals, units: [0, 1], every: 1, order: null, diverged, rows: [row] };
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
