// From one page to another. A click on a link speaks to the server at once, a component's report only
// after some milliseconds; and of a report that no script has taken up when the page changes, nothing
// is kept. Until the server has spoken of the new page, each report names the old one, which the
// server would draw into the new one. So a click waits for what was just reported, and after it
// there is silence.

const GATHERED = 60; // ms that a report may take to be on its way
const TAKEN = 1000; // ms after which a report that no script took up holds no click any more
const SILENCE = 1000; // ms of silence after a link to the page that is shown already
const LOST = 15_000; // ms after which a page that did not come is no longer waited for
const AGAIN = 20; // ms between two looks

export class Leaving {
  constructor(root, answers = scriptChanges) {
    Object.assign(this, { root, told: -Infinity, left: -Infinity, taken: true, place: () => globalThis.location });
    root.addEventListener("click", (event) => this.click(event), { capture: true });
    this.listen = () => (answers(() => (this.taken = true)), (this.listen = () => {}));
  }

  /** Something was reported just now. */
  report() {
    this.listen();
    this.told = performance.now();
    this.taken = false;
  }

  /** How many ms nothing may be reported, at the least. */
  get silence() {
    const since = performance.now() - this.left;
    const { from, to } = this;
    if (from === to) return Math.max(0, SILENCE - since);
    return since < LOST && this.place().pathname === from ? AGAIN : 0;
  }

  click(event) {
    const link = event.composedPath().find(({ tagName }) => tagName === "A");
    if (!link?.href || link.target === "_blank" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.origin !== this.place().origin) return;
    const now = performance.now();
    if (now - this.told >= (this.taken ? GATHERED : TAKEN)) {
      Object.assign(this, { left: now, from: this.place().pathname, to: link.pathname });
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => this.again(link, now), AGAIN);
  }

  /** Make a click that was held back. A link that was drawn anew is another element: a click on the
      old one would load the page afresh, and the visitor's session would be lost. */
  again(link, since) {
    const drawn = link.isConnected ? link : [...this.root.links].find(({ href }) => href === link.href);
    if (drawn) drawn.click();
    else if (performance.now() - since < TAKEN) setTimeout(() => this.again(link, since), AGAIN);
  }
}

/** Call whenever a script begins or ends. */
function scriptChanges(call) {
  const page = document.querySelector('[data-testid="stApp"]');
  if (page) new MutationObserver(call).observe(page, { attributeFilter: ["data-test-script-state"] });
}

const KEY = Symbol.for("lstm_viz.leaving"); // each component has a copy of this file, the page one

export const leaving = () => (globalThis[KEY] ??= new Leaving(document));
