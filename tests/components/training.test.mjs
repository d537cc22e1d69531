// The bar of a training says the moment that is drawn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Training } from "../../assets/components/training.js";

test("the moment under a pointer is said also while others come", () => {
  const part = { style: { setProperty() {} }, setAttribute() {}, querySelector: () => part };
  const bar = Object.create(Training.prototype);
  const frames = [0, 5, 10].map((step) => [step, `update ${step}`]);
  const say = (index) => frames[index][1];
  Object.assign(bar, { playback: { frames }, index: 1, count: 3, say, words: {}, label: {}, play: part, name: part, loop: part, slider: part });
  bar.peek(4);
  assert.equal(bar.label.textContent, "update 0");
  bar.index = 2;
  bar.draw();
  assert.equal(bar.label.textContent, "update 0");
  bar.peek(undefined);
  assert.equal(bar.label.textContent, "update 10");
});
