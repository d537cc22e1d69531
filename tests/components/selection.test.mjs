// What one component changes, all others of the same subject hear at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Selection, selectionOf } from "../../assets/components/selection.js";

function listener(selection) {
  const heard = [];
  const hear = (changed) => heard.push([...changed]);
  return { heard, hear, leave: selection.join(hear) };
}

test("components of one subject have one selection, those without a subject each their own", () => {
  assert.equal(selectionOf("run"), selectionOf("run"));
  assert.notEqual(selectionOf("run"), selectionOf("other"));
  assert.notEqual(selectionOf(""), selectionOf(""));
});

test("a change is heard by all others, once, and not by who made it", () => {
  const selection = new Selection();
  const [one, other] = [listener(selection), listener(selection)];
  selection.set({ t: 3, pinned: [1, 2] }, one.hear);
  selection.set({ t: 3, pinned: [1, 2] }, one.hear);
  assert.deepEqual([one.heard, other.heard], [[], [["t", "pinned"]]]);
  other.leave();
  selection.set({ t: 4 }, one.hear);
  assert.equal(other.heard.length, 1);
});

test("what lies under the pointer goes with the component that it left, not with another one", () => {
  const selection = new Selection();
  const [one, other] = [listener(selection), listener(selection)];
  selection.point({ unit: 7, t: 2 }, one.hear);
  selection.point({}, other.hear);
  assert.deepEqual([selection.pointed.unit, selection.pointed.t], [7, 2]);
  one.leave();
  assert.deepEqual([selection.pointed.unit, selection.pointed.t], [undefined, undefined]);
  assert.deepEqual(other.heard, [["pointed", "pointed.unit", "pointed.t"], ["pointed", "pointed.unit", "pointed.t"]]);
});

test("a training step is that of the last moment which is not after it", () => {
  const selection = new Selection();
  assert.equal(selection.nearest(12.4), 12);
  selection.steps = [0, 10, 20];
  assert.deepEqual([-5, 9, 10, 19.9, 99].map((step) => selection.nearest(step)), [0, 0, 10, 10, 20]);
});
