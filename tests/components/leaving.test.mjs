// A click on a link beside what components report.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Leaving } from "../../assets/components/leaving.js";

const HERE = { origin: "http://here", pathname: "/train" };
let now, leaving, click, clicked, scriptChanges, shown, links;

const link = { tagName: "A", href: "http://here/gates", origin: "http://here", pathname: "/gates", isConnected: true, click: () => (clicked += 1) };

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
  [now, clicked, shown, links] = [1000, 0, HERE, [link]];
  mock.method(performance, "now", () => now);
  leaving = new Leaving({ get links() { return links; }, addEventListener: (_name, hear) => (click = hear) }, (call) => (scriptChanges = call));
  leaving.place = () => shown;
});

test("a click on a link goes through at once, and silence follows until the server speaks of that page", () => {
  assert.equal(leaving.silence, 0);
  assert.equal(clicks(), false);
  now += 9000; // of a server with much to do
  assert.ok(leaving.silence > 0);
  shown = { ...HERE, pathname: "/gates" };
  assert.equal(leaving.silence, 0);
});

test("a page that never comes, and the page that is shown already, end the silence", () => {
  clicks();
  now += 15_000;
  assert.equal(leaving.silence, 0);
  clicks({}, [{ ...link, pathname: "/train" }]);
  now += 999;
  assert.ok(leaving.silence > 0);
  now += 1;
  assert.equal(leaving.silence, 0);
});

test("a click waits until a script has taken up what was just reported, and is made then", () => {
  leaving.report();
  now += 500;
  assert.equal(clicks(), true);
  assert.equal(leaving.silence, 0, "the page is not left yet");
  mock.timers.tick(100);
  assert.equal(clicked, 1);
  scriptChanges();
  assert.equal(clicks(), false);
});

test("a click that waited goes to the link as it is drawn by then, never to one that is gone", () => {
  const gone = { ...link, isConnected: false, click: () => assert.fail("this loads the page afresh") };
  links = [];
  leaving.report();
  assert.equal(clicks({}, [gone]), true);
  mock.timers.tick(100);
  assert.equal(clicked, 0);
  links = [{ ...link, href: "http://here/data", click: () => assert.fail("another page") }, link];
  mock.timers.tick(20);
  assert.equal(clicked, 1);
});

test("a report is given time to be on its way, and one that nobody takes up holds no click for long", () => {
  leaving.report();
  scriptChanges(); // of an earlier report
  assert.equal(clicks(), true);
  now += 60;
  assert.equal(clicks(), false);
  leaving.report();
  now += 1000;
  assert.equal(clicks(), false);
});

test("what leads to no other page here is left alone", () => {
  leaving.report();
  assert.equal(clicks({}, [{ tagName: "BUTTON" }, {}]), false);
  assert.equal(clicks({ ctrlKey: true }), false);
  assert.equal(clicks({}, [{ ...link, target: "_blank" }]), false);
  assert.equal(clicks({}, [{ ...link, origin: "http://elsewhere" }]), false);
  assert.equal(leaving.silence, 0);
});
