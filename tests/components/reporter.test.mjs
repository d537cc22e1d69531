// What the server hears of the reader's moves, and when.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { leaving } from "../../assets/components/leaving.js";
import { Reporter } from "../../assets/components/reporter.js";
import { Selection } from "../../assets/components/selection.js";

const REST = 200;
let reported, reporter, numbers;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.document = { addEventListener() {}, removeEventListener() {}, querySelector() {} };
  [reported, numbers] = [[], []];
  reporter = speaker();
});

/** A component's reporter, whose moves are written down without their numbers. */
function speaker() {
  return new Reporter({}, (what, { number, ...moved }) => {
    assert.equal(what, "move");
    numbers.push(number);
    reported.push(moved);
  });
}

test("moves are reported after a rest, and each further move begins the rest anew", () => {
  for (let t = 0; t < 10; t++) {
    reporter.soon({ t });
    mock.timers.tick(REST - 1);
  }
  assert.deepEqual(reported, []);
  mock.timers.tick(1);
  assert.deepEqual(reported, [{ t: 9 }]);
});

test("what need not be reported by itself goes with the next move that is", () => {
  reporter.later({ t: 3 });
  mock.timers.tick(10 * REST);
  assert.deepEqual(reported, []);
  reporter.soon({ step: 7 });
  mock.timers.tick(REST);
  assert.deepEqual(reported, [{ t: 3, step: 7 }]);
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

test("what the server said to a former page's components is no news to the next one's: it has not heard yet", () => {
  reporter.accepts("pinned", [3]);
  reporter.accepts("step", 7);
  reporter.now({ pinned: [5] });
  const next = speaker();
  next.share(reporter.selection);
  assert.equal(next.accepts("pinned", [3]), false, "as it was before the move");
  assert.equal(next.accepts("pinned", [5]), false, "it answers the move");
  assert.equal(next.accepts("pinned", [9]), true);
  assert.equal(next.accepts("step", 7), true, "a new bar begins there");
});

test("a page that is left reports nothing more until the next one is there", () => {
  const silent = mock.getter(leaving(), "silence", () => 500);
  reporter.soon({ t: 5 });
  mock.timers.tick(REST);
  assert.deepEqual(reported, []);
  silent.mock.mockImplementation(() => 0);
  mock.timers.tick(500);
  assert.deepEqual(reported, [{ t: 5 }]);
});

test("a report names what was moved of late, but not what another component moved since", () => {
  const [shared, other] = [new Selection(), speaker()];
  for (const each of [reporter, other]) each.share(shared);
  reporter.soon({ t: 5, pinned: [1] });
  mock.timers.tick(REST);
  other.soon({ t: 8 });
  mock.timers.tick(REST);
  reporter.soon({ step: 7 });
  mock.timers.tick(REST);
  assert.deepEqual(reported, [{ t: 5, pinned: [1] }, { t: 8 }, { pinned: [1], step: 7 }]);
});

test("of a move that goes on in another component the server hears once, and numbers tell a move back", () => {
  const [shared, other] = [new Selection(), speaker()];
  for (const each of [reporter, other]) each.share(shared);
  reporter.soon({ t: 5 });
  other.soon({ t: 8 });
  mock.timers.tick(2 * REST);
  assert.deepEqual(reported, [{ t: 8 }]);
  assert.equal(reporter.accepts("t", 8), false, "it answers the move of the other");
  assert.equal(reporter.accepts("t", 9), true);
  other.soon({ t: 8 });
  other.flush();
  assert.ok(numbers[1] > numbers[0]);
});
