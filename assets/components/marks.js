// The marks of a chart that can be clicked, by keys: arrows go from mark to mark, Enter or Space chooses one.
// And the colours of its legend, whatever becomes of the page's address.
import { element } from "./dom.js";

const CHART = '[data-testid="stVegaLiteChart"]';
const MARKS = '[class*="role-mark view_"] > *'; // Vega names the marks on which a selection lies "view_"
const REST = 200; // ms between two looks for charts
const WAYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const SIZE = 22; // px of the ring round a small mark
const RING = "position: absolute; box-sizing: border-box; border: 3px solid currentColor; border-radius: 6px; pointer-events: none;";
const HEARD = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);";

export class Marks {
  constructor() {
    Object.assign(this, { words: "", at: new WeakMap() });
    this.ring = element("div", "ring");
    this.ring.style.cssText = RING;
    this.heard = document.body.appendChild(element("div"));
    this.heard.style.cssText = HEARD;
    this.heard.setAttribute("aria-live", "polite");
    window.addEventListener("keydown", (event) => this.pressed(event));
    window.addEventListener("focusout", () => this.ring.remove());
    new MutationObserver(() => this.soon()).observe(document.body, { childList: true, subtree: true });
    this.soon();
  }

  soon() {
    this.looking ??= setTimeout(() => this.look(), REST);
  }

  /** Vega names a legend's gradient by the address of that moment, under which the browser finds it no more. */
  colour() {
    for (const bar of document.querySelectorAll(`${CHART} [fill^="url("]:not([fill^="url(#"])`)) {
      bar.setAttribute("fill", bar.getAttribute("fill").replace(/^url\([^#]*/, "url("));
    }
  }

  /** Let the charts with such marks be reached by the Tab key. */
  look() {
    this.looking = undefined;
    this.colour();
    for (const chart of document.querySelectorAll(CHART)) {
      if (chart.tabIndex === 0 || !chart.querySelector(MARKS)) continue;
      chart.tabIndex = 0;
      chart.setAttribute("role", "application");
      chart.setAttribute("aria-description", this.words);
    }
  }

  pressed(event) {
    const chart = event.target;
    const marks = chart.matches?.(CHART) ? [...chart.querySelectorAll(MARKS)] : [];
    if (!marks.length || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.at.get(chart);
    const last = marks.length - 1;
    const chooses = ["Enter", " "].includes(event.key) && at !== undefined;
    const to = { Home: 0, End: last }[event.key] ?? (at === undefined ? 0 : at + (WAYS[event.key] ?? 0));
    if (!chooses && !(event.key in WAYS) && !["Home", "End"].includes(event.key)) return;
    event.preventDefault();
    this.at.set(chart, Math.max(0, Math.min(to, last)));
    this.show(chart, marks[this.at.get(chart)]);
    if (chooses) this.point("click", marks[Math.min(at, last)]);
  }

  show(chart, mark) {
    const [box, frame] = [mark, chart].map((each) => each.getBoundingClientRect());
    const [width, height] = [box.width, box.height].map((size) => Math.max(size + 6, SIZE));
    chart.style.position = "relative";
    Object.assign(this.ring.style, {
      ...{ width: `${width}px`, height: `${height}px` },
      left: `${box.x + box.width / 2 - width / 2 - frame.x}px`,
      top: `${box.y + box.height / 2 - height / 2 - frame.y}px`,
    });
    chart.append(this.ring);
    this.heard.textContent = mark.getAttribute("aria-label");
    this.point("pointermove", mark); // what the mouse reads there
  }

  point(what, mark) {
    const { x, y, width, height } = mark.getBoundingClientRect();
    mark.dispatchEvent(new MouseEvent(what, { bubbles: true, view: window, clientX: x + width / 2, clientY: y + height / 2 }));
  }
}

const KEY = Symbol.for("lstm_viz.marks"); // each component has a copy of this file, the page these marks

export const marks = () => (globalThis[KEY] ??= new Marks());
