// One mounted cell: which step of which unit is shown, which way, and what the server hears of it.
import { element } from "../dom.js";
import { feed } from "../feed.js";
import { Reporter } from "../reporter.js";
import { Selection, selectionOf } from "../selection.js";
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
    this.pointed = null; // the operation under the pointer
    this.hear = (changed) => this.heard(changed);
    this.selection = new Selection();
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
    this.strip = new Strip(strip, (k) => this.bar.time.jump(k), (k) => this.point(k));
    host.onkeydown = (event) => this.press(event);
  }

  show(data) {
    this.numbers = new Numbers(decode(data));
    const { header } = this.numbers;
    this.look = header.looks[readTheme(this.host).name];
    for (const [name, colour] of Object.entries(this.look.colours)) this.host.style.setProperty(`--look-${name}`, colour);
    this.units = header.units;
    this.join(header.subject);
    this.given("t", header.cursor);
    this.given("pinned", header.pinned);
    this.drawing.setAttribute("aria-label", header.words.keys);
    this.diagram.show(this.numbers, this.look);
    this.bar.show(header);
    this.redraw();
    this.follow(header.topic);
  }

  /** The server's choice counts where it is news, or the first. */
  given(what, value) {
    const news = this.reporter.accepts(what, value) || this.selection.now[what] === undefined;
    if (news && value !== null) this.selection.set({ [what]: value }, this.hear);
  }

  /** The place of the picked step, and that of the unit which was pinned last. */
  get k() {
    const { t } = this.selection.now;
    return Math.min(Math.max(typeof t === "number" ? this.placeOf(t) : 0, 0), this.last);
  }

  get u() {
    const { pinned } = this.selection.now;
    const last = pinned?.findLast((unit) => this.units.includes(unit)) ?? this.numbers.header.unit;
    return Math.max(0, this.units.indexOf(last));
  }

  get direction() {
    return this.numbers.header.gradient === null ? "forward" : this.selection.now.direction;
  }

  /** The step and the unit that are drawn: those under a pointer, or the picked ones. */
  get drawn() {
    const { t, unit } = this.selection.pointed;
    const [k, u] = [t === undefined ? -1 : this.placeOf(t), this.units.indexOf(unit)];
    return [k >= 0 && k <= this.last ? k : this.k, u >= 0 ? u : this.u, this.direction];
  }

  /** Share the selection of a subject. */
  join(subject) {
    if (this.leaveSelection && subject === this.subject) return;
    this.leaveSelection?.();
    this.subject = subject;
    this.selection = selectionOf(subject);
    this.reporter.share(this.selection);
    this.leaveSelection = this.selection.join(this.hear);
  }

  /** Another component moved. */
  heard(changed) {
    if (!this.numbers || !this.host.isConnected) return;
    const { training, time } = this.bar;
    if (changed.has("step") || changed.has("at")) training.hear(this.selection.now);
    if (changed.has("t")) time.hear(this.k);
    if (["pinned", "pointed.unit", "direction"].some((what) => changed.has(what))) this.redraw();
    else this.paint();
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
    const [, u, direction] = this.drawn;
    this.strip.show(this.numbers, u, direction, this.look);
    this.paint();
  }

  paint() {
    this.diagram.paint(...this.drawn);
    this.strip.cursor(this.drawn[0]);
    this.bar.draw();
    this.explain();
  }

  placeText(k, u) {
    const { words } = this.numbers.header;
    return words.told.replace("{unit}", this.units[u]).replace("{t}", this.timeOf(k));
  }

  explain() {
    const [k, u, direction] = this.drawn;
    if (this.pointed) this.panel.operation(this.numbers, this.pointed, k, u, direction);
    else this.panel.step(this.numbers, this.placeText(k, u), k, u, direction);
  }

  /** The step at place k lies under the pointer, or none. */
  point(k) {
    this.selection.point({ t: k === undefined ? undefined : this.timeOf(k) }, this.hear);
    this.paint();
  }

  /** Another step, unit or both; the server hears of it after a rest. */
  pick({ k = this.k, u = this.u }) {
    k = Math.min(Math.max(k, 0), this.last);
    u = Math.min(Math.max(u, 0), this.units.length - 1);
    const another = u !== this.u;
    if (k === this.k && !another) return;
    const changes = { ...(k !== this.k && { t: this.timeOf(k) }), ...(another && { pinned: this.pinnedWith(this.units[u]) }) };
    this.reporter.soon(changes);
    this.selection.set(changes, this.hear);
    if (another) this.redraw();
    else this.paint();
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => this.readOut(), READ_AFTER);
  }

  /** The pinned units, with this one in the place of the one that was shown. */
  pinnedWith(unit) {
    const shown = this.units[this.u];
    return [...(this.selection.now.pinned ?? []).filter((each) => each !== shown && each !== unit), unit];
  }

  /** Another frame of the training: its numbers are the server's to give. */
  moved() {
    const { training } = this.bar;
    this.reporter.soon({ step: training.wanted });
    this.selection.set({ step: training.wanted, at: training.at }, this.hear);
    if (training.playing) this.reporter.flush();
  }

  readOut() {
    const { k, u } = this;
    this.reading.textContent = `${this.placeText(k, u)}: ${this.numbers.told(this.direction, k, u)}`;
  }

  turn(direction) {
    if (this.numbers.header.gradient === null || direction === this.direction) return;
    this.selection.set({ direction }, this.hear);
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
    this.leaveSelection?.();
    this.bar.training.stop();
    this.bar.time.stop();
    this.strip.close();
    this.reporter.close();
    clearTimeout(this.readTimer);
  }
}
