// The keys of a page's buttons, one after the other: a key waits until the page is drawn anew that the
// one before it asked for, and then stands for the button that is there. Where that cannot be pressed,
// it is said. A key that is held down commands once.
import { element } from "./dom.js";

const NAMES = { p: "P", s: "S", x: "X", b: "B", n: "N" };
const OURS = ["B", "S", "N"]; // in a drawing of ours these letters are its own
const START = "Enter";
const REST = 20; // ms between two looks at whether the page is drawn
const PATIENCE = 15_000; // ms after which a key waits no longer
const SEEN = 2500; // ms in which a sentence is read
const TYPING = "input, textarea, select, [contenteditable=true]";
const ROW = ".st-key-controls"; // of the buttons of a run
const MARK = '[aria-label^="Shortcut "]'; // of a button's key

export class Keys {
  constructor(page) {
    Object.assign(this, { page, queue: [], pulses: new Set(), refused: "", asked: -Infinity });
    page.root.addEventListener("keydown", (event) => this.pressed(event), { capture: true });
    page.root.addEventListener("click", (event) => this.clicked(event), { capture: true });
    page.root.addEventListener("pointermove", ({ target }) => this.hushed && !target.closest?.(ROW) && this.hush(false));
  }

  /** Whether the page is not yet as what was done last makes it. */
  get busy() {
    const waits = performance.now() - this.asked < PATIENCE;
    return waits || this.page.running || [...this.pulses].some(({ old }) => old);
  }

  pressed(event) {
    const name = nameOf(event);
    const [target] = event.composedPath();
    const another = target.matches?.(TYPING) || (OURS.includes(name) && target.getRootNode?.() !== this.page.document);
    if (!name || another || !(this.busy || this.page.button(name))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    this.queue.push(name);
    if (this.queue.length === 1) this.begin();
  }

  /** A button that has a key is pressed, by whatever hand: a script follows. */
  clicked(event) {
    const button = event.composedPath().find(({ tagName }) => tagName === "BUTTON");
    const mark = button?.querySelector(MARK);
    if (!mark) return;
    [this.last, this.asked] = [keyOf(mark), performance.now()];
    this.hush(true);
  }

  /** The page may move under a pointer that has pressed: no button is explained before that has left the row. */
  hush(hushed) {
    this.hushed = hushed;
    this.page.hush(hushed);
  }

  /** The page is drawn anew by a script that may still run. */
  drawn() {
    this.asked = -Infinity;
  }

  begin() {
    this.since = performance.now();
    this.work();
  }

  work() {
    const [name] = this.queue;
    const button = this.page.button(name);
    const ready = button && !button.disabled;
    // One more epoch is asked for while the one before it trains.
    const comes = this.busy || (button && !ready && name === "S" && this.last === "S");
    const waited = performance.now() - this.since;
    if (comes && waited < PATIENCE) return void setTimeout(() => this.work(), REST);
    this.queue.shift();
    if (ready && !comes) button.click();
    else this.page.say(this.refused, button, name);
    if (this.queue.length) this.begin();
  }
}

function nameOf({ key, ctrlKey, metaKey, altKey }) {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return key === START ? START : undefined;
  return NAMES[key.toLowerCase()];
}

/** The name of the key that a button's mark says: its last part, for one of several. */
const keyOf = (mark) => mark.getAttribute("aria-label").split(/ (?:\+ )?/).at(-1);

class Shown {
  root = window;
  document = document;

  get app() {
    return document.querySelector('[data-testid="stApp"]');
  }

  get running() {
    return this.app?.dataset.testScriptState === "running";
  }

  /** The button that stands for a key: the last, for what is replaced stands before it. */
  button(name) {
    const marks = [...document.querySelectorAll(MARK)].filter((mark) => keyOf(mark) === name);
    return marks.at(-1)?.closest("button");
  }

  /** Whether no button is explained. */
  hush(hushed) {
    document.documentElement.classList.toggle("hushed", hushed);
  }

  /** A sentence under a button that cannot be pressed. */
  say(words, button, name) {
    this.note ??= document.body.appendChild(element("div"));
    this.note.setAttribute("role", "status");
    const place = button?.getBoundingClientRect();
    const seen = place?.width;
    const { backgroundColor, color } = getComputedStyle(this.app);
    Object.assign(this.note.style, {
      ...{ position: "fixed", zIndex: 1000001, padding: "0.25rem 0.5rem", border: "1px solid", borderRadius: "0.5rem" },
      ...{ fontFamily: "system-ui, sans-serif", fontSize: "0.875rem", display: "block", backgroundColor, color },
      top: seen ? `${place.bottom + 6}px` : "1rem",
      left: seen ? `${Math.min(place.left, innerWidth - 280)}px` : "1rem",
    });
    this.note.textContent = words.replace("{button}", button?.querySelector("p")?.textContent ?? name);
    clearTimeout(this.end);
    this.end = setTimeout(() => Object.assign(this.note, { textContent: "" }).style.setProperty("display", "none"), SEEN);
  }
}

const KEY = Symbol.for("lstm_viz.keys"); // each component has a copy of this file, the page these keys

export const keys = () => (globalThis[KEY] ??= new Keys(new Shown()));
