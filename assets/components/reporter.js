// What the server hears of the reader's moves, and when; and which of its answers count.
import { leaving } from "./leaving.js";
import { Selection, selectionOf } from "./selection.js";

const LEAVING = ["pointerdown", "keydown"]; // what begins a click on a link
const REST = 200; // ms of rest before the server hears of a move
const ECHO_WITHIN = 3000; // ms in which the server still answers with an older state

// Kept from page to page: what the server said to the components of the former page it may say again
// to those of the next one, before it has heard of a move.
const KEPT = new Set(["t", "pinned"]);

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Reporter {
  constructor(host, report) {
    Object.assign(this, { report, pending: {}, number: 0 });
    this.share(new Selection());
    leaving(); // from now on
    // A click elsewhere may lead to another page: report at once.
    this.leaving = (event) => event.composedPath().includes(host) || this.flush();
    for (const sign of LEAVING) document.addEventListener(sign, this.leaving, { capture: true });
  }

  /** Speak for a selection that other components share: of each move the server hears once. */
  share(selection) {
    this.selection?.reporters.delete(this);
    Object.assign(this, { selection, given: {}, recent: {} });
    selection.reporters.add(this);
  }

  /** Share the selection of a subject, and hear by `hear(changed)` what others change in it; -> the selection. */
  join(subject, hear) {
    if (!this.leave || subject !== this.subject) {
      this.leave?.();
      this.subject = subject;
      this.share(selectionOf(subject));
      this.leave = this.selection.join(hear);
    }
    return this.selection;
  }

  /** Whether the server's value is news: it changed, and is no echo of what was reported. */
  accepts(what, value) {
    const { selection } = this;
    const { given } = KEPT.has(what) ? selection : this;
    const changed = !(what in given) || !same(given[what], value);
    given[what] = value;
    const now = performance.now();
    selection.reported = selection.reported.filter(({ at }) => now - at < ECHO_WITHIN);
    const waits = [...selection.reporters].some(({ pending }) => what in pending);
    return changed && !waits && !selection.reported.some((each) => what in each && same(each[what], value));
  }

  /** Report after a rest; each further move begins the rest anew. */
  soon(changes) {
    this.later(changes);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), REST);
  }

  /** Report at once. */
  now(changes) {
    this.later(changes);
    this.flush();
  }

  /** Report with the next move that is. */
  later(changes) {
    Object.assign(this.pending, changes);
    for (const other of this.selection.reporters) if (other !== this) other.overtaken(changes);
  }

  /** Another component has moved these since. */
  overtaken(changes) {
    for (const what of Object.keys(changes)) delete this.pending[what], delete this.recent[what];
  }

  flush() {
    clearTimeout(this.timer);
    const changes = this.pending;
    if (!Object.keys(changes).length) return;
    if (leaving().silence) {
      this.timer = setTimeout(() => this.flush(), leaving().silence);
      return;
    }
    this.pending = {};
    leaving().report();
    const at = performance.now();
    this.selection.reported.push({ ...changes, at });
    for (const [what, value] of Object.entries(changes)) this.recent[what] = { value, at };
    this.report("move", this.move(at));
  }

  /** What was moved of late, for a newer report takes the place of one that waits for a script; numbered, for a move back is one, too. */
  move(now) {
    const recent = Object.entries(this.recent).filter(([, { at }]) => now - at < ECHO_WITHIN);
    return { ...Object.fromEntries(recent.map(([what, { value }]) => [what, value])), number: (this.number = Math.max(this.number + 1, Date.now())) };
  }

  close() {
    this.leave?.();
    this.selection.reporters.delete(this);
    for (const sign of LEAVING) document.removeEventListener(sign, this.leaving, { capture: true });
    clearTimeout(this.timer);
  }
}
