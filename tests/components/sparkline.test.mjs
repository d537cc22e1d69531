// The path of the loss above the bar of a training.
import assert from "node:assert/strict";
import { test } from "node:test";
import { foundOut, sparkline } from "../../assets/components/sparkline.js";

test("the axis is logarithmic, its ends are the smallest and the largest", () => {
  assert.equal(sparkline([100, 10, 1]), "M0.00 0.00L50.00 50.00L100.00 100.00");
});

test("what is not known leaves a gap, and its place", () => {
  assert.equal(sparkline([1, null, 1, 1, 0]), "M0.00 50.00M50.00 50.00L75.00 50.00");
});

test("of less than two numbers there is no line", () => {
  assert.equal(sparkline([]), "");
  assert.equal(sparkline([null, 3]), "");
  assert.equal(sparkline([0, -1]), "");
});

test("it has found out where no later loss is one of guessing", () => {
  assert.equal(foundOut([1, 1, 0.8, 0.1], 0.9), 2);
  assert.equal(foundOut([1, 0.8, 0.95, 0.1], 0.9), 3, "a fall that does not last is none");
  assert.equal(foundOut([1, 0.95, 0.91], 0.9), -1, "it is guessing to the end");
  assert.equal(foundOut([0.1, 0.1], 0.9), -1, "it never guessed");
  assert.equal(foundOut([1, 0.1, null], 0.9), -1, "it diverged");
  assert.equal(foundOut([], 0.9), -1);
});
