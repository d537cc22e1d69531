// The path of the loss above the bar of a training.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sparkline } from "../../assets/components/sparkline.js";

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
