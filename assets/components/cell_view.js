// One mounted cell: which step of which unit is shown, which way, and what the server hears of it.
import { element } from "./panel.js";
import { readTheme } from "./theme.js";
import { Diagram } from "./cell_diagram.js";
import { Numbers } from "./cell_numbers.js";
import { CellPanel } from "./cell_panel.js";
import { Strip } from "./cell_strip.js";
import { Bar } from "./cell_bar.js";

const TELL_AFTER = 400; // ms of rest before the server hears of a step or a unit
const READ_AFTER = 500; // ms of rest before a screen reader hears of it
const ECHO_WITHIN = 3000; // ms in which the server still answers with an older cursor

export class CellView {
  constructor(host) {
    this.host = host;
    Object.assign(this, { k: null, u: 0, direction: "forward", given: {}, told: [], pointed: null });
    this.bar = new Bar(this);
    const drawing = element("div", "diagram");
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "application");
    this.drawing = drawing;
    this.diagram = new Diagram(drawing, (id) => ((this.pointed = id), this.explain()));
    this.panel = new CellPanel();
    const strip = element("div", "strip");
    this.reading = element("div", "reading");
    this.reading.setAttribute("aria-live", "polite");
    host.replaceChildren(this.bar.root, drawing, this.panel.root, strip, this.reading);
    this.strip = new Strip(strip, (k) => this.pick({ k }));
    host.onkeydown = (event) => this.press(event);
  }

  show(data) {
    this.numbers = new Numbers(data);
    const { header } = this.numbers;
    this.look = header.looks[readTheme(this.host).name];
    for (const [name, colour] of Object.entries(this.look.colours)) this.host.style.setProperty(`--look-${name}`, colour);
    if (header.gradient === null) this.direction = "forward";
    const unit = this.units?.[this.u];
    this.units = header.units;
    this.u = Math.max(0, this.units.indexOf(unit));
    this.accept("t", header.cursor, (t) => (this.k = this.placeOf(t)));
    this.accept("unit", header.unit, (wanted) => (this.u = Math.max(0, this.units.indexOf(wanted))));
    this.k = Math.min(Math.max(this.k ?? 0, 0), header.steps - 1);
    this.drawing.setAttribute("aria-label", header.words.keys);
    this.diagram.show(this.numbers, this.look);
    this.bar.show(header);
    this.redraw();
  }

  /** The server's choice counts when it changes, and not while it repeats what we told it. */
  accept(what, value, take) {
    const changed = this.given[what] !== value;
    this.given[what] = value;
    const now = performance.now();
    this.told = this.told.filter((told) => now - told.at < ECHO_WITHIN);
    const echo = this.timer || this.told.some((told) => told[what] === value);
    if (value !== null && changed && !echo) take(value);
  }

  /** t of the step at place k, in the input's own order; and back. */
  timeOf(k) {
    const { reverse, steps, first } = this.numbers.header;
    return reverse ? steps - 1 - k : first + k;
  }

  placeOf(t) {
    const { reverse, steps, first } = this.numbers.header;
    return reverse ? steps - 1 - t : t - first;
  }

  get last() {
    return this.numbers.header.steps - 1;
  }

  redraw() {
    this.strip.show(this.numbers, this.u, this.direction, this.look);
    this.paint();
  }

  paint() {
    this.diagram.paint(this.k, this.u, this.direction);
    this.strip.cursor(this.k);
    this.bar.draw();
    this.explain();
  }

  get place() {
    const { words } = this.numbers.header;
    return words.told.replace("{unit}", this.units[this.u]).replace("{t}", this.timeOf(this.k));
  }

  explain() {
    const where = [this.k, this.u, this.direction];
    if (this.pointed) this.panel.operation(this.numbers, this.pointed, ...where);
    else this.panel.step(this.numbers, this.place, ...where);
  }

  /** Another step, unit or both; the server hears of it after a rest. */
  pick({ k = this.k, u = this.u }, byHand = true) {
    k = Math.min(Math.max(k, 0), this.last);
    u = Math.min(Math.max(u, 0), this.units.length - 1);
    if (byHand) this.bar.stop();
    const another = u !== this.u;
    if (k === this.k && !another) return;
    const changes = { ...this.untold, ...(k !== this.k && { t: this.timeOf(k) }), ...(another && { unit: this.units[u] }) };
    Object.assign(this, { k, u, untold: changes });
    if (another) this.redraw();
    else this.paint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = this.untold = null;
      this.told.push({ ...changes, at: performance.now() });
      for (const [what, value] of Object.entries(changes)) this.tell(what, value);
    }, TELL_AFTER);
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => this.readOut(), READ_AFTER);
  }

  readOut() {
    const told = this.numbers.told(this.direction, this.k, this.u);
    this.reading.textContent = `${this.place}: ${told.join(", ")}.`;
  }

  turn(direction) {
    if (this.numbers.header.gradient === null || direction === this.direction) return;
    this.direction = direction;
    this.bar.stop();
    this.redraw();
    this.readOut();
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
    const { k, u } = this;
    const acts = {
      ArrowLeft: () => this.pick({ k: k - 1 }),
      ArrowRight: () => this.pick({ k: k + 1 }),
      ArrowUp: () => this.pick({ u: u - 1 }),
      ArrowDown: () => this.pick({ u: u + 1 }),
      Home: () => this.pick({ k: 0 }),
      End: () => this.pick({ k: this.last }),
      b: () => this.turn(this.direction === "forward" ? "backward" : "forward"),
      " ": () => this.bar.toggle(),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.key === " " && event.target.matches("button"))) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  close() {
    this.bar.stop();
    this.strip.close();
    clearTimeout(this.timer);
    clearTimeout(this.readTimer);
  }
}
