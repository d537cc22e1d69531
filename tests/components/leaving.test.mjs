// A click on a link beside what components report.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Leaving } from "../../assets/components/leaving.js";

let now, leaving, click, clicked;

const link = { tagName: "A", href: "/gates", click: () => (clicked += 1) };

/** A click on something, and whether it was held back. */
function clicks(over = {}, path = [{ tagName: "P" }, link, { tagName: "BODY" }, {}]) {
  let held = false;
  click({ composedPath: () => path, preventDefault: () => (held = true), stopImmediatePropagation() {}, ...over });
  return held;
}

beforeEach(() => {
  mock.restoreAll();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [now, clicked] = [1000, 0];
  mock.method(performance, "now", () => now);
  leaving = new Leaving({ addEventListener: (_name, hear) => (click = hear) });
});

test("a click on a link goes through at once, and silence follows", () => {
  assert.equal(clicks(), false);
  assert.ok(leaving.silence > 0);
  now += leaving.silence;
  assert.equal(leaving.silence, 0);
});

test("a click waits for what was just reported, and is made then", () => {
  leaving.report();
  assert.equal(clicks(), true);
  assert.equal(leaving.silence, 0, "the page is not left yet");
  mock.timers.tick(100);
  assert.equal(clicked, 1);
  now += 100;
  assert.equal(clicks(), false);
});

test("what leads to no other page here is left alone", () => {
  leaving.report();
  assert.equal(clicks({}, [{ tagName: "BUTTON" }, {}]), false);
  assert.equal(clicks({ ctrlKey: true }), false);
  assert.equal(clicks({}, [{ ...link, target: "_blank" }]), false);
  assert.equal(leaving.silence, 0);
});
