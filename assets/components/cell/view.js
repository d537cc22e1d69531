// One mounted cell: which step of which unit is shown, which way, and what the server hears of it.
import { element } from "../dom.js";
import { feed } from "../feed.js";
import { Reporter } from "../reporter.js";
import { readTheme } from "../theme.js";
import { decode } from "../wire.js";
import { Bar } from "./bar.js";
import { Diagram } from "./diagram.js";
import { Numbers } from "./numbers.js";
import { Panel } from "./panel.js";
import { Strip } from "./strip.js";

const READ_AFTER = 500; // ms of rest before a screen reader hears of a step

export class CellView {
  constructor(host) {
    this.host = host;
    Object.assign(this, { k: null, u: 0, direction: "forward", pointed: null });
    this.reporter = new Reporter(host, (what, value) => this.report(what, value));
    this.bar = new Bar(this);
    const drawing = element("div", "diagram");
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "application");
    this.drawing = drawing;
    this.diagram = new Diagram(drawing, (id) => ((this.pointed = id), this.explain()));
    this.panel = new Panel();
    const strip = element("div", "strip");
    this.reading = element("div", "reading");
    this.reading.setAttribute("aria-live", "polite");
    host.replaceChildren(this.bar.root, drawing, this.panel.root, strip, this.reading);
    this.strip = new Strip(strip, (k) => this.bar.time.jump(k));
    host.onkeydown = (event) => this.press(event);
  }

  show(data) {
    this.numbers = new Numbers(decode(data));
    const { header } = this.numbers;
    this.look = header.looks[readTheme(this.host).name];
    for (const [name, colour] of Object.entries(this.look.colours)) this.host.style.setProperty(`--look-${name}`, colour);
    if (header.gradient === null) this.direction = "forward";
    const unit = this.units?.[this.u];
    this.units = header.units;
    this.u = Math.max(0, this.units.indexOf(unit));
    if (this.news("t", header.cursor)) this.k = this.placeOf(header.cursor);
    if (this.news("unit", header.unit)) this.u = Math.max(0, this.units.indexOf(header.unit));
    this.k = Math.min(Math.max(this.k ?? 0, 0), header.steps - 1);
    this.drawing.setAttribute("aria-label", header.words.keys);
    this.diagram.show(this.numbers, this.look);
    this.bar.show(header);
    this.redraw();
    this.follow(header.topic);
  }

  follow(topic) {
    if (topic === this.topic) return;
    this.leave?.();
    this.topic = topic;
    this.leave = topic ? feed().watch(topic, (message) => this.take(message)) : null;
  }

  /** The newest frame, as the feed brings it; or its place in the training alone. */
  take({ header: news, arrays }) {
    const { header: drawn } = this.numbers;
    const header = { ...drawn, ...news };
    if (news.playback) header.playback = { ...news.playback, step: drawn.playback?.step ?? -1 }; // the reader's own
    this.numbers = new Numbers({ header, arrays: arrays ?? this.numbers.arrays });
    this.diagram.show(this.numbers, this.look);
    this.bar.show(header);
    if (arrays) this.redraw();
  }

  /** Whether the server chose something, and does not repeat what we reported. */
  news(what, value) {
    return this.reporter.accepts(what, value) && value !== null;
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
  pick({ k = this.k, u = this.u }) {
    k = Math.min(Math.max(k, 0), this.last);
    u = Math.min(Math.max(u, 0), this.units.length - 1);
    const another = u !== this.u;
    if (k === this.k && !another) return;
    this.reporter.soon({ ...(k !== this.k && { t: this.timeOf(k) }), ...(another && { unit: this.units[u] }) });
    Object.assign(this, { k, u });
    if (another) this.redraw();
    else this.paint();
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => this.readOut(), READ_AFTER);
  }

  /** Another frame of the training: its numbers are the server's to give. */
  moved() {
    const { training } = this.bar;
    this.reporter.soon({ step: training.wanted });
    if (training.playing) this.reporter.flush();
  }

  readOut() {
    this.reading.textContent = `${this.place}: ${this.numbers.told(this.direction, this.k, this.u)}`;
  }

  turn(direction) {
    if (this.numbers.header.gradient === null || direction === this.direction) return;
    this.direction = direction;
    if (direction === "backward" && this.k === 0) this.bar.time.jump(this.last); // where the gradient begins
    this.bar.time.stop();
    this.redraw();
    this.readOut();
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
    const { u } = this;
    const { training } = this.bar;
    const time = event.shiftKey && training.playback ? training : this.bar.time;
    const acts = {
      ArrowLeft: () => time.step(-1),
      ArrowRight: () => time.step(1),
      ArrowUp: () => this.pick({ u: u - 1 }),
      ArrowDown: () => this.pick({ u: u + 1 }),
      Home: () => time.step(-time.count),
      End: () => time.step(time.count),
      b: () => this.turn(this.direction === "forward" ? "backward" : "forward"),
      " ": () => (time.toggle(), this.bar.draw()),
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.key === " " && event.target.matches("button"))) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  close() {
    this.leave?.();
    this.bar.training.stop();
    this.bar.time.stop();
    this.strip.close();
    this.reporter.close();
    clearTimeout(this.readTimer);
  }
}
