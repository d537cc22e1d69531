// What moves in a diagram: along its lines, and so that what meets arrives together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Route, span } from "../../assets/components/cell/motion.js";

test("a value runs along its line at one speed, from its beginning to its end", () => {
  const route = new Route("M0 100L0 0L300 0");
  assert.deepEqual([0, 0.125, 0.25, 0.625, 1].map((share) => route.at(share)), [[0, 100], [0, 50], [0, 0], [150, 0], [300, 0]]);
  assert.deepEqual([route.angle, new Route("M5 9L5 1").angle], [0, 90]);
});

test("what meets in an operation arrives together, and on the way back leaves together", () => {
  const [belt, gate, on] = ["M0 50L500 50", "M500 400L500 60", "M500 50L1000 50"].map((d) => new Route(d));
  assert.equal(span(belt, 1000, true, false)[1], span(gate, 1000, false, false)[1]);
  assert.equal(span(on, 1000, true, false)[0], span(belt, 1000, true, false)[1]);
  assert.equal(span(on, 1000, true, true)[1], span(gate, 1000, false, true)[0]);
  assert.equal(span(belt, 1000, true, true)[0], span(on, 1000, true, true)[1]);
});
