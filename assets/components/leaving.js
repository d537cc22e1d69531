// From one page to another. A click on a link speaks to the server at once, a component's report only
// after some milliseconds; and until the server has spoken of the new page, each report names the old
// one, which the server would draw into the new one. So a click waits for what was just reported, and
// after it there is silence.

const GATHERED = 60; // ms that a report may take to be on its way
const SILENCE = 1000; // ms in which the server has spoken of the new page

export class Leaving {
  constructor(root) {
    Object.assign(this, { told: -Infinity, left: -Infinity });
    root.addEventListener("click", (event) => this.click(event), { capture: true });
  }

  /** Something was reported just now. */
  report() {
    this.told = performance.now();
  }

  /** How many ms nothing may be reported. */
  get silence() {
    return Math.max(0, this.left + SILENCE - performance.now());
  }

  click(event) {
    const link = event.composedPath().find(({ tagName }) => tagName === "A");
    if (!link?.href || link.target === "_blank" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const now = performance.now();
    if (now - this.told >= GATHERED) {
      this.left = now;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => link.click(), GATHERED);
  }
}

const KEY = Symbol.for("lstm_viz.leaving"); // each component has a copy of this file, the page one

export const leaving = () => (globalThis[KEY] ??= new Leaving(document));
