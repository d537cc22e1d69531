// What the server hears of the reader's moves, and when; and which of its answers count.
import { leaving } from "./leaving.js";

const LEAVING = ["pointerdown", "keydown"]; // what begins a click on a link
const REST = 200; // ms of rest before the server hears of a move
const ECHO_WITHIN = 3000; // ms in which the server still answers with an older state

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Reporter {
  constructor(host, report) {
    Object.assign(this, { report, given: {}, reported: [], pending: {} });
    leaving(); // from now on
    // A click elsewhere may lead to another page: report at once.
    this.leaving = (event) => event.composedPath().includes(host) || this.flush();
    for (const sign of LEAVING) document.addEventListener(sign, this.leaving, { capture: true });
  }

  /** Whether the server's value is news: it changed, and is no echo of what was reported. */
  accepts(what, value) {
    const changed = !(what in this.given) || !same(this.given[what], value);
    this.given[what] = value;
    const now = performance.now();
    this.reported = this.reported.filter(({ at }) => now - at < ECHO_WITHIN);
    return changed && !(what in this.pending) && !this.reported.some((each) => what in each && same(each[what], value));
  }

  /** Report after a rest; each further move begins the rest anew. */
  soon(changes) {
    Object.assign(this.pending, changes);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), REST);
  }

  /** Report with the next move that is. */
  later(changes) {
    Object.assign(this.pending, changes);
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
    this.reported.push({ ...changes, at: performance.now() });
    for (const [what, value] of Object.entries(changes)) this.report(what, value);
  }

  close() {
    for (const sign of LEAVING) document.removeEventListener(sign, this.leaving, { capture: true });
    clearTimeout(this.timer);
  }
}
