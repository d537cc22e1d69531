// Keys without a pause between them, and buttons that come and go with each drawing of the page.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Keys } from "../../assets/components/keys.js";

let now, hear, page, keys, buttons, done, said, hushed;

function made(name, disabled = false) {
  const mark = { getAttribute: () => `Shortcut ${name === "Enter" ? "Ctrl + Enter" : name}` };
  const button = { tagName: "BUTTON", disabled, querySelector: () => mark };
  button.click = () => (done.push(name), hear.click({ composedPath: () => [button, {}] }));
  return button;
}

/** The page is drawn with these buttons; those in brackets cannot be pressed. */
function draws(...names) {
  buttons = Object.fromEntries(names.flat().map((name) => [name, made(name, names.some((each) => Array.isArray(each) && each.includes(name)))]));
  keys.drawn();
}

const passes = (ms) => ((now += ms), mock.timers.tick(ms));

/** Press a key, and whether it is taken away from all others. */
function press(key, over = {}) {
  let taken = false;
  const target = { matches: () => false, getRootNode: () => page.document };
  hear.keydown({ key, composedPath: () => [target], preventDefault: () => (taken = true), stopImmediatePropagation() {}, ...over });
  return taken;
}

beforeEach(() => {
  mock.restoreAll();
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [now, hear, done, said, buttons, hushed] = [100_000, {}, [], [], {}];
  mock.method(performance, "now", () => now);
  page = { document: {}, running: false, button: (name) => buttons[name], say: (_words, button, name) => said.push([name, Boolean(button)]), hush: (now) => (hushed = now) };
  page.root = { addEventListener: (name, call) => (hear[name] = call) };
  keys = new Keys(page);
  draws("Enter", "S", ["P", "X"]);
});

test("start and stop without a pause: the second waits for the page with its button", () => {
  press("Enter", { ctrlKey: true });
  press("x");
  passes(100); // on its way to the server: no script runs yet
  page.running = true;
  passes(100);
  draws("Enter", "P", "X", ["S"]);
  passes(100);
  assert.deepEqual(done, ["Enter"]);
  page.running = false;
  passes(20);
  assert.deepEqual([done, said], [["Enter", "X"], []]);
});

test("a key that comes twice means the button that comes, and runs that changed meanwhile count", () => {
  draws("P", "X");
  const pulse = { old: false };
  keys.pulses.add(pulse);
  press("p");
  press("p");
  draws("P");
  pulse.old = true;
  passes(1000);
  assert.deepEqual(done, ["P"]);
  pulse.old = false;
  passes(20);
  assert.deepEqual(done, ["P", "P"]);
});

test("two single epochs are trained one after the other", () => {
  press("s");
  press("s");
  draws("P", ["S"]); // the first trains
  passes(1000);
  assert.deepEqual([done, said], [["S"], []]);
  draws("P", "S");
  passes(20);
  assert.deepEqual([done, said], [["S", "S"], []]);
});

test("a key whose button cannot be pressed is refused in words, at once or after patience", () => {
  draws("Enter", "P", ["S"]);
  press("s");
  assert.deepEqual([done, said], [[], [["S", true]]]);
  press("Enter", { ctrlKey: true });
  press("x");
  passes(14_000); // a page that never comes
  assert.equal(said.length, 1);
  passes(2000);
  assert.deepEqual([done, said.at(-1)], [["Enter"], ["X", false]]);
});

test("a pressed button is explained no more, nor what comes under the pointer, until that leaves the row", () => {
  const moves = (within) => hear.pointermove({ target: { closest: (row) => within && row } });
  moves(true);
  assert.equal(hushed, undefined);
  buttons.Enter.click();
  moves(true);
  assert.equal(hushed, true);
  moves(false);
  assert.equal(hushed, false);
});

test("a mouse's click counts, a held key commands once, and others' keys are left to them", () => {
  draws("P");
  buttons.P.click();
  press("p");
  draws("P");
  passes(20);
  assert.deepEqual(done, ["P", "P"]);
  draws("P", "S");
  assert.ok(press("p", { repeat: true }));
  const ours = { matches: () => false, getRootNode: () => ({}) };
  assert.ok(!press("s", { composedPath: () => [ours] }));
  assert.ok(!press("p", { composedPath: () => [{ matches: () => true }] }));
  assert.ok(!press("q") && !press("x") && !press("p", { ctrlKey: true }));
  assert.deepEqual([done, said], [["P", "P"], []]);
});
