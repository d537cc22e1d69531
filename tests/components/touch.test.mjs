// "What if": what is changed, what of it is said, and how it is drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dissected } from "../../assets/components/touch/dissect.js";
import { changedFrame } from "../../assets/components/touch/frame.js";
import { Weights } from "../../assets/components/touch/weights.js";
import { WhatIf, whatIf } from "../../assets/components/touch/whatif.js";
import { saidAnswer, saidChanges, workedOut } from "../../assets/components/touch/words.js";
import { restore } from "../../assets/components/wire.js";

const words = {
  value: "{name}@{t}: {now} instead of {before}", mark: "mark {now} instead of {before}", text: "text {now}", silent: "{unit} silent",
  gate: "{gate} {unit}@{t}: {now}", gates: "{gate} {unit}: {now}", more: "and {count} more", answer: "{now} instead of {before}", same: "still {now}",
  sum: "{sum} {equals} {target}, {answer}", target: "of the true example {target}, {answer}",
};
const about = (more = {}) => ({
  key: "run/0", topic: "weights/run", names: ["value", "marker"], symbols: null, marker: 1, sums: true, target: 0.7,
  classes: null, gates: { forget: "f" }, inBrowser: true, others: [], model: { problem: "regression" }, words, ...more,
});
const adding = () => new WhatIf(about(), Float64Array.of(0.2, 1, 0.9, 0, 0.5, 1, 0.1, 0));
const letters = () => new WhatIf(about({ symbols: ["a", "b", "c"], marker: null, sums: false, target: null }), Float64Array.of(0, 1, 2, 0));

test("what is put back is no change, and nothing else is one", () => {
  const what = adding();
  assert.equal(what.on, false);
  what.set(1, 0.4);
  assert.deepEqual([what.on, what.input[2], what.x[2]], [true, 0.4, 0.9]);
  what.set(1, 0.9);
  what.silence("l0", 3);
  what.silence("l0", 3);
  assert.equal(what.on, false);
  what.hold("l0", "forget", 3, 2, 1);
  assert.equal(what.on, true);
  what.reset();
  assert.equal(what.on, false);
});

test("a mark moves to where none is, and within the example", () => {
  const what = adding();
  assert.deepEqual([what.moveMark(0, 2), what.moveMark(2, 4), what.moveMark(1, 3)], [false, false, false]);
  assert.equal(what.moveMark(0, 1), true);
  assert.deepEqual([what.marks, [...what.input].filter((_, k) => k % 2)], [[1, 2], [0, 1, 1, 0]]);
  assert.deepEqual(saidChanges(what), ["mark t = 1 instead of t = 0"]);
});

test("a sum is worked out anew, and another target is said to be that of the true example", () => {
  const what = adding();
  what.silence("l0", 1);
  assert.equal(workedOut(what), null, "the example is the true one");
  what.set(0, 0.3);
  assert.equal(workedOut(what), "0.30 + 0.50 = 0.80, {answer}");
  const other = new WhatIf(about({ sums: false }), adding().x);
  other.set(0, 0.3);
  assert.equal(workedOut(other), "of the true example 0.70, {answer}");
});

test("a text is read from its first step on, and ends as the example does", () => {
  const what = letters();
  what.read([1, 1]);
  assert.deepEqual([...what.input], [1, 1, 2, 0]);
  assert.deepEqual(saidChanges(what), ["value@0: b instead of a"]);
  what.read([1, 0, 1, 1]);
  assert.deepEqual(saidChanges(what), ["text “babb”"]);
});

test("a gate that is set at all steps takes the place of those that were set at single ones", () => {
  const what = adding();
  what.hold("l0", "forget", 3, 0, 0.2);
  what.hold("l0", "forget", 3, 1, 0.4);
  what.hold("l0", "forget", 3, 1, 0.5);
  assert.deepEqual(what.held.map(({ t, value }) => [t, value]), [[0, 0.2], [1, 0.5]]);
  what.hold("l0", "forget", 3, null, 1);
  assert.deepEqual(what.held.map(({ t, value }) => [t, value]), [[null, 1]]);
});

test("all components of a page share the one of an example, and another example gives it up", () => {
  const first = whatIf(about(), adding().x);
  first.set(0, 0.9);
  assert.equal(whatIf(about(), adding().x), first);
  assert.equal(whatIf(about({ key: "run/1" }), adding().x).on, false);
  assert.equal(first.on, false);
});

test("the last answer is said beside that of the run", () => {
  const what = adding();
  assert.equal(saidAnswer(what, [NaN, 1.05], [NaN, 1.12]), "1.05 instead of 1.12");
  assert.equal(saidAnswer(what, [NaN, 1.124], [NaN, 1.12]), "still 1.12");
  assert.equal(saidAnswer(what, [NaN, NaN], [NaN, NaN]), "");
});

test("a changed frame holds what the network does, to half a level; gradients are those of the run", () => {
  const [steps, H] = [5, 3];
  const hidden = Float64Array.from({ length: steps * H }, (_, k) => Math.sin(k));
  const update = Float64Array.from({ length: steps * H }, (_, k) => 0.5 + 0.5 * Math.cos(k));
  const pass = { layers: { l0: { hidden, cell: null, gates: { update }, H, steps } }, answers: [0.4] };
  const signal = { ends: [-1, 1], scale: "linear" };
  const gradient = { values: Uint8Array.of(7), rows: Float32Array.of(0, 1), ends: [0, 1], scale: "log" };
  const measured = { hidden: signal, update: signal, grad_hidden: gradient, answer: { ...signal, values: Float32Array.of(NaN, 0.9) } };
  const film = { units: [0, 2], every: 2 };
  const made = changedFrame(measured, pass, film, { layer: "l0", swapped: true, everyStep: false });
  for (const [name, value] of [["hidden", (at) => hidden[at]], ["update", (at) => 1 - update[at]]]) {
    film.units.forEach((unit, row) => [0, 2, 4].forEach((t, k) => {
      const ends = [...made[name].rows.slice(2 * row, 2 * row + 2)];
      const off = Math.abs(restore(made[name].values[row * 3 + k], ends) - value(t * H + unit));
      assert.ok(off <= (ends[1] - ends[0]) / 509, `${name} ${unit} ${t}`);
    }));
  }
  assert.deepEqual([...made.answer.values].map((v) => Number(v.toFixed(3))), [NaN, 0.4]);
  assert.deepEqual(made.grad_hidden, { ...gradient, stale: true });
});

test("of frames that only other examples have, no weights are asked for", () => {
  const asked = [];
  globalThis[Symbol.for("lstm_viz.feed")] = { watch: (topic, _take, have) => (asked.push([topic, have().sort()]), () => {}) };
  const weights = new Weights("weights/run", [1, 2], () => {});
  weights.ask();
  weights.steps = [0, 3];
  weights.wanted = 3;
  weights.ask();
  weights.know([1]);
  weights.know([1]);
  assert.deepEqual(asked, [["weights/run", [1, 2]], ["weights/run", [0, 1, 2]], ["weights/run", [0, 1]]]);
});

test("of a pass that a diagram shows, nothing is computed but what is looked at", () => {
  let reads = 0;
  const values = (each) => new Proxy(new Float64Array(each), { get: (all, key) => ((reads += 1), all[key]) });
  const [steps, H] = [200, 64];
  const pass = { kind: "rnn_tanh", H, blocks: ["candidate"], hidden: values(steps * H), x: values(steps * H), u: values(steps * H), b: values(H), gates: {} };
  const made = dissected(pass, { units: [3, 5], first: 0, steps, reverse: false });
  assert.equal(reads, 0);
  assert.equal(made.h(7, 1) + made["candidate.a"](7, 1), 0);
  assert.equal(reads, 4);
});
