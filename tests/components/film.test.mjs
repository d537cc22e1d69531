// What a film keeps of its messages, and on which scales its rows are drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keep } from "../../assets/components/film/store.js";
import { endText, momentAt, prepare } from "../../assets/components/film/rows.js";

test("moments are kept, thinned ones dropped, and what is lacking is named", () => {
  const column = { film: "x.l0.0", moments: [0, 4, 8], sent: [0, 4, 6], tracks: {} };
  const first = keep(column, []);
  assert.deepEqual([[...first.film.keys()], first.missing], [[0, 4], [8]]);
  const later = keep({ ...column, sent: [8] }, []);
  assert.deepEqual([[...later.film.keys()], later.missing], [[0, 4, 8], []]);
});

/** A header with one heat map, whose values reach so far at each moment. */
function header(film, reaches, diverged) {
  const steps = reaches.map((_, k) => k);
  const ends = reaches.map((reach) => [-reach, reach]);
  const tracks = { hidden: { array: 0, rows: 1, scale: "linear", ends } };
  const row = { kind: "heat", signal: "hidden", track: "hidden", ends: null };
  const column = { film, moments: steps, sent: steps, tracks, units: [0, 1], every: 1, order: null, diverged, rows: [row] };
  return { columns: [column], steps: 3 };
}

const arrays = (count) => [
  { shape: [count, 2, 3], values: new Uint8Array(6 * count) },
  { shape: [count, 2, 2], values: new Float32Array(4 * count) },
];

test("the outbreak of a diverged run sets no scale, and that it goes beyond is said", () => {
  for (const [diverged, ends, text] of [[true, [-2, 2], "≥ 2"], [false, [-1e30, 1e30], "10³⁰"]]) {
    const made = header(`outbreak.${diverged}`, [1, 2, 1e30], diverged);
    prepare(made, arrays(3));
    const [row] = made.columns[0].rows;
    assert.deepEqual([row.ends, endText(row, 1)], [ends, text]);
  }
});

test("between its moments a film shows the one before", () => {
  const made = header("between", [1, 1], false);
  prepare(made, arrays(2));
  const [column] = made.columns;
  assert.deepEqual([-1, 0, 0.5, 1, 9].map((step) => momentAt(column, step).step), [0, 0, 0, 1, 1]);
});
