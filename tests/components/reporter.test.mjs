// What the server hears of the reader's moves, and when.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Reporter } from "../../assets/components/reporter.js";

const REST = 200;
let reported, asked, reporter;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = { addEventListener() {}, removeEventListener() {}, querySelector: () => null };
  [reported, asked] = [[], []];
  reporter = new Reporter({}, (what, value) => reported.push([what, value]));
});

const ask = (need) => asked.push(need);

test("moves are reported after a rest, and each further move begins the rest anew", () => {
  for (let t = 0; t < 10; t++) {
    reporter.soon({ t });
    mock.timers.tick(REST - 1);
  }
  assert.deepEqual(reported, []);
  mock.timers.tick(1);
  assert.deepEqual(reported, [["t", 9]]);
});

test("what need not be reported by itself goes with the next move that is", () => {
  reporter.later({ t: 3 });
  mock.timers.tick(10 * REST);
  assert.deepEqual(reported, []);
  reporter.soon({ step: 7 });
  mock.timers.tick(REST);
  assert.deepEqual(reported, [["t", 3], ["step", 7]]);
});

test("the server's value counts when it changes, and not as an echo of what it was reported", () => {
  assert.equal(reporter.accepts("t", 1), true);
  assert.equal(reporter.accepts("t", 1), false, "it repeats itself");
  reporter.soon({ t: 5 });
  assert.equal(reporter.accepts("t", 2), false, "it has not heard of the move yet");
  mock.timers.tick(REST);
  assert.equal(reporter.accepts("t", 5), false, "it answers the move");
  assert.equal(reporter.accepts("t", 8), true);
});

test("what a finished film lacks is asked for after a rest, and again until it is there", () => {
  reporter.demand([["film", [1, 2]]], false, ask);
  mock.timers.tick(REST);
  assert.deepEqual(asked, [[["film", [1, 2]]]]);
  mock.timers.tick(3000);
  assert.equal(asked.length, 2);
  reporter.demand([], false, ask);
  mock.timers.tick(10_000);
  assert.equal(asked.length, 2);
});

test("a part of a film that came makes it ask for the next one at once", () => {
  reporter.demand([["film", [1, 2, 3]]], false, ask);
  mock.timers.tick(REST);
  reporter.demand([["film", [3]]], false, ask);
  mock.timers.tick(REST);
  assert.deepEqual(asked.at(-1), [["film", [3]]]);
  assert.equal(asked.length, 2);
});

test("what a live film loses is gathered into one question", () => {
  for (const step of [1, 2, 3]) {
    reporter.demand([["film", Array.from({ length: step }, (_, k) => k)]], true, ask);
    mock.timers.tick(500);
  }
  assert.deepEqual(asked, []);
  mock.timers.tick(500);
  assert.deepEqual(asked, [[["film", [0, 1, 2]]]]);
});

test("it asks for nothing while the page is being made, but not for ever", () => {
  globalThis.document.querySelector = () => ({ dataset: { testScriptState: "running" } });
  reporter.demand([["film", [1]]], false, ask);
  mock.timers.tick(2 * REST);
  assert.deepEqual(asked, []);
  for (let rest = 0; rest < 10; rest++) mock.timers.tick(REST);
  assert.equal(asked.length, 1);
});
