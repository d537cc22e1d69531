// What the server hears of the reader's moves, and when; and which of its answers count.

const LEAVING = ["pointerdown", "keydown"]; // what begins a click on a link
const REST = 200; // ms of rest before the server hears of a move
const ECHO_WITHIN = 3000; // ms in which the server still answers with an older state
const GATHER = 2000; // ms in which what a live film loses is gathered into one question
const ASK_AGAIN = 3000; // ms after which what is still missing is asked for again
const MOST_RESTS = 8; // rests that it waits for a script to end

const size = (missing) => missing.reduce((sum, [, steps]) => sum + steps.length, 0);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Reporter {
  constructor(host, report) {
    Object.assign(this, { report, given: {}, reported: [], pending: {}, missing: [] });
    // A click elsewhere may lead to another page. What the server hears of this one after that, it
    // would answer by drawing this one into the other: report at once, and ask for nothing.
    this.leaving = (event) => {
      if (event.composedPath().includes(host)) return;
      this.flush();
      if (this.demanding) this.wait(ASK_AGAIN);
    };
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
    this.pending = {};
    this.reported.push({ ...changes, at: performance.now() });
    for (const [what, value] of Object.entries(changes)) this.report(what, value);
  }

  /** Ask for what is missing; of a live film, after a while in which more may be lost. */
  demand(missing, live, ask) {
    const fewer = size(missing) < size(this.missing);
    this.missing = missing;
    this.ask = ask;
    if (this.demanding && missing.length && (live || !fewer)) return;
    clearTimeout(this.demanding);
    this.demanding = null;
    if (missing.length) this.wait(live ? GATHER : REST);
  }

  wait(time, patience = MOST_RESTS) {
    clearTimeout(this.demanding);
    this.demanding = setTimeout(() => this.insist(patience), time);
  }

  insist(patience) {
    // A fragment that is asked for while its page is being made can lose its place on it.
    const page = document.querySelector('[data-testid="stApp"]');
    if (patience && page?.dataset.testScriptState === "running") return this.wait(REST, patience - 1);
    this.ask(this.missing);
    return this.wait(ASK_AGAIN);
  }

  close() {
    for (const sign of LEAVING) document.removeEventListener(sign, this.leaving, { capture: true });
    clearTimeout(this.timer);
    clearTimeout(this.demanding);
  }
}
