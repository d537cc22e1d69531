// What the server hears of the reader's moves, and when; and which of its answers count.

const REST = 250; // ms of rest before the server hears of a move
const ECHO_WITHIN = 3000; // ms in which the server still answers with an older state
const ASK_AGAIN = 4000; // ms after which what is still missing is asked for again

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Teller {
  constructor(tell) {
    Object.assign(this, { tell, given: {}, told: [], untold: {} });
  }

  /** Whether the server's value is news: it changed, and is no echo of what it was told. */
  accepts(what, value) {
    const changed = !(what in this.given) || !same(this.given[what], value);
    this.given[what] = value;
    const now = performance.now();
    this.told = this.told.filter(({ at }) => now - at < ECHO_WITHIN);
    return changed && !(what in this.untold) && !this.told.some((each) => what in each && same(each[what], value));
  }

  /** Tell after a rest; each further move begins the rest anew. */
  soon(changes) {
    Object.assign(this.untold, changes);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), REST);
  }

  /** Tell with the next move that is told. */
  later(changes) {
    Object.assign(this.untold, changes);
  }

  flush() {
    const changes = this.untold;
    this.untold = {};
    this.told.push({ ...changes, at: performance.now() });
    for (const [what, value] of Object.entries(changes)) this.tell(what, value);
  }

  /** Ask for what is missing, once, and again only after a while. */
  demand(missing, ask) {
    const now = performance.now();
    if (same(missing, this.asked) && now - this.askedAt < ASK_AGAIN) return;
    [this.asked, this.askedAt] = [missing, now];
    ask(missing);
  }

  close() {
    clearTimeout(this.timer);
  }
}
