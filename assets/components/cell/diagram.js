// The drawn diagram: widths, colours and numbers of one step are put into the SVG from Python.
import { Motion } from "./motion.js";
import { plain } from "./numbers.js";

const NAMED_AFTER = 120; // ms

export class Diagram {
  constructor(root, point) {
    Object.assign(this, { root, point, drawn: null, motion: new Motion(root) });
    root.onpointerover = (event) => this.over(event.target.closest?.("[data-op]"));
    root.onpointerleave = () => this.over(null);
    root.addEventListener("focusin", (event) => this.over(event.target.closest("[data-op]")));
    root.addEventListener("focusout", () => this.over(null));
  }

  over(operation) {
    const id = operation?.dataset.op ?? null;
    if (id === this.pointed) return;
    this.pointed = id;
    this.root.querySelector(".op.here")?.classList.remove("here");
    operation?.classList.add("here");
    this.point(id);
  }

  close() {
    clearTimeout(this.naming);
    this.motion.stop();
  }

  /** Take in a diagram; the one that is there stays where it is the same. */
  show(numbers, look) {
    const { header } = numbers;
    Object.assign(this, { numbers, header, look });
    const another = this.drawn !== header.svg;
    if (another) {
      const focused = this.root.getRootNode().activeElement?.dataset?.op;
      this.root.innerHTML = this.drawn = header.svg;
      const find = (attribute) =>
        Object.fromEntries([...this.root.querySelectorAll(`[data-${attribute}]`)].map((each) => [each.dataset[attribute], each]));
      Object.assign(this, { ways: find("way"), labels: find("number"), operations: find("op") });
      this.reading = this.root.querySelector('[data-port="x"]');
      this.pointed = null;
      if (focused) this.operations[focused]?.focus();
    }
    for (const [id, operation] of Object.entries(this.operations)) {
      operation.style.setProperty("--look", look.colours[header.operations[id].look]);
      const { name, forward } = header.operations[id]; // its numbers follow, step by step
      if (!operation.hasAttribute("aria-label")) operation.setAttribute("aria-label", name || plain(forward.equation));
    }
    if (another) this.motion.show(this);
  }

  paint(k, u, direction) {
    const { header, numbers, look } = this;
    const forward = direction === "forward";
    this.root.classList.toggle("backward", !forward);
    const [thin, wide, widest] = header.widths;
    for (const [id, way] of Object.entries(header.ways)) {
      const name = forward ? way.forward : way.backward;
      const there = Boolean(name) && numbers.has(name);
      const element = this.ways[id];
      element.classList.toggle("empty", !there);
      const label = this.labels[id];
      const said = there && (way.said === "both" || way.said === direction);
      if (label) label.textContent = said ? numbers.label(name, k, u) : "";
      if (!there) continue;
      const share = numbers.share(name, k, u);
      const negative = forward && numbers.at(name, k, u) < 0;
      element.style.setProperty("--width", thin + ((way.belt ? widest : wide) - thin) * share);
      element.style.setProperty("--strength", 0.4 + 0.6 * share);
      element.style.setProperty("--colour", negative ? look.negative : look.colours[forward ? way.look : way.grad]);
    }
    this.motion.set(numbers, look, [k, u, direction]);
    this.input(k, forward);
    this.carousel(k, u, forward);
    clearTimeout(this.naming);
    this.naming = setTimeout(() => this.names(k, u, direction), NAMED_AFTER);
  }

  /** What is read at this step, beside its port. */
  input(k, forward) {
    if (!this.reading) return;
    if (!this.written) this.written = document.createElementNS("http://www.w3.org/2000/svg", "text");
    if (this.written.parentNode !== this.reading) {
      const box = this.reading.querySelector("rect");
      this.written.setAttribute("class", "number read");
      this.written.setAttribute("x", Number(box.getAttribute("x")) + 100);
      this.written.setAttribute("y", Number(box.getAttribute("y")) + 22);
      this.written.setAttribute("dominant-baseline", "central");
      this.reading.append(this.written);
    }
    this.written.textContent = forward ? `= ${this.header.x[k]}` : "";
  }

  /** The factor of this step on the way back, and what the later ones have left of 1. */
  carousel(k, u, forward) {
    const { factor, gain } = this.labels;
    const there = !forward && this.numbers.has("gain");
    if (factor) factor.textContent = there ? this.numbers.fill("× {factor}", k, u) : "";
    if (gain) gain.textContent = there ? this.numbers.fill(this.header.words.gain, k, u) : "";
  }

  /** What a screen reader hears of each operation, once a step stays. */
  names(...where) {
    for (const [id, element] of Object.entries(this.operations)) this.name(element, id, ...where);
  }

  name(element, id, k, u, direction) {
    const { equation, numbers } = this.numbers.telling(id, direction, k, u);
    const parts = [this.header.operations[id].name, plain(equation), this.numbers.fill(numbers, k, u)].filter(Boolean);
    element.setAttribute("aria-label", parts.join(": "));
  }
}
