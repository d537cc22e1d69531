// Ticks and numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fixed, indexTicks, linearTicks, logTicks, number, roundUp } from "../../assets/components/ticks.js";

test("numbers are written as readers write them", () => {
  const cases = [0, 0.5, -12.25, 1e-45, 2.5e-7, 123456, 1e6, NaN, -Infinity];
  const read = ["0", "0.5", "−12.3", "10⁻⁴⁵", "2.5·10⁻⁷", "1.23·10⁵", "10⁶", "–", "−∞"];
  assert.deepEqual(cases.map((value) => number(value)), read);
  const inPython = [7.234e-5, 1e10, 0.1234, 0.09999, 9.999e-4, 12345]; // tests/test_numerals.py
  assert.deepEqual(inPython.map((value) => number(value)), ["7.23·10⁻⁵", "10¹⁰", "0.123", "0.1", "10⁻³", "12300"]);
});

test("with fixed decimals, what rounds to nothing has no sign", () => {
  assert.equal(fixed(-0.001, 2), "0.00");
  assert.equal(fixed(-1.005, 1), "−1.0");
});

test("a round number is at least the size", () => {
  for (const size of [0.3, 1, 4.9, 5.1, 1234]) {
    assert.ok(roundUp(size) >= size * (1 - 1e-9) && roundUp(size) <= 2.5 * size, String(size));
  }
});

test("linear ticks are round, lie between the ends, and are no more than asked for", () => {
  for (const [low, high, count] of [[0, 1, 5], [-6, 6, 4], [0.93, 1.07, 3], [-2e6, 5e6, 6]]) {
    const ticks = linearTicks(low, high, count);
    assert.ok(ticks.length >= 2 && ticks.length <= count + 1, `${ticks.length} ticks`);
    for (const { value } of ticks) assert.ok(value >= low - 1e-9 * Math.abs(low) && value <= high * (1 + 1e-9));
  }
});

test("log ticks are whole exponents, evenly apart", () => {
  const ticks = logTicks(-50, 0, 5).map(({ value }) => value);
  assert.equal(ticks.at(-1), 0);
  const steps = new Set(ticks.slice(1).map((value, k) => value - ticks[k]));
  assert.equal(steps.size, 1);
  assert.ok(ticks.length <= 6);
});

test("within a decade log ticks are numbers of one digit", () => {
  const texts = (low, high) => logTicks(Math.log10(low), Math.log10(high), 5).map(({ text }) => text);
  assert.deepEqual(texts(0.6, 0.8), ["0.6", "0.7", "0.8"]);
  assert.deepEqual(texts(0.9, 2), ["0.9", "1", "2"]);
});

test("the last index is always labelled", () => {
  for (const size of [1, 2, 7, 10, 49, 50, 1000]) assert.equal(indexTicks(size, 6).at(-1), size - 1);
});
