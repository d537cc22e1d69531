// One mounted cell: which step of which unit is shown, which way, and what the server hears of it.
import { element } from "../dom.js";
import { Reporter } from "../reporter.js";
import { Selection } from "../selection.js";
import { readTheme } from "../theme.js";
import { CellTouch } from "../touch/cell.js";
import { decode } from "../wire.js";
import { Bar } from "./bar.js";
import { Diagram } from "./diagram.js";
import { press } from "./keys.js";
import { Panel } from "./panel.js";
import { Source } from "./source.js";
import { Strip } from "./strip.js";

const READ_AFTER = 500; // ms of rest before a screen reader hears of a step
const QUICK = 400; // ms from one moment of the training to the next

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
    this.notes = element("div", "notes");
    host.append(this.notes);
    this.source = new Source((message, topic) => this.take(message, topic));
    this.strip = new Strip(strip, (k) => this.bar.time.jump(k), (k) => this.point(k));
    this.touch = new CellTouch(this);
    host.onkeydown = (event) => press(this, event);
  }

  /** A whole cell, or of one that the feed brings where it is. */
  show(data) {
    const whole = decode(data);
    this.page = whole.header;
    this.selection = this.reporter.join(this.page.subject, this.hear);
    this.given("t", this.page.cursor);
    this.given("pinned", this.page.pinned);
    if (this.page.svg) return this.draw(whole);
    this.host.classList.toggle("waiting", !this.numbers);
    if (!this.numbers) this.notes.replaceChildren(element("p", "", this.page.words.keys));
    if (!this.numbers) this.drawing.setAttribute("aria-label", this.page.words.keys);
    else if (this.whole.header.subject === this.page.subject) this.draw(this.whole); // in another theme
    return this.want();
  }

  /** Ask for the cell of the moment that is shown. */
  want() {
    const { topic, at, svg } = this.page;
    if (svg) return;
    const { pointed, now } = this.selection;
    this.moment = pointed.step ?? now.at ?? at;
    this.wanted = topic.replace("{step}", this.moment);
    this.source.want(this.wanted, this.wanted === topic);
    if (this.drawnTopic !== this.wanted) this.renew();
  }

  /** The cell to draw: as the feed brought it or, until it brings that of the moment, as the browser makes it. */
  choose() {
    const { measured, page, moment } = this;
    if (!measured) return;
    const alike = page.topic.replace("{step}", measured.header.step) === this.drawnTopic;
    const waits = alike && this.drawnTopic !== this.wanted;
    this.whole = (waits && this.touch.at(measured, moment)) || measured;
    this.dim();
  }

  /** What the feed brought: a cell, or why there is none. */
  take({ header, arrays }, topic) {
    if (!this.host.isConnected) return;
    if (header.limit) return this.refuse(header.limit);
    this.drawnTopic = topic;
    if (header.svg) this.measured = { header, arrays };
    this.choose();
    if (header.svg) this.draw(this.whole);
  }

  /** Numbers of another moment are not those of this one. */
  dim() {
    const made = this.numbers && this.whole !== this.measured && this.direction === "forward";
    const other = this.drawnTopic !== this.wanted && !made;
    this.host.classList.toggle("other", other);
    this.drawing.title = other && this.numbers ? this.page.words.other : "";
  }

  /** There is no diagram of this cell. */
  refuse(why) {
    this.numbers = null;
    this.host.classList.remove("waiting");
    this.host.classList.add("without");
    this.notes.replaceChildren(element("p", "", why));
  }

  draw(whole) {
    this.whole = whole;
    this.numbers = this.touch.numbers(whole);
    const { header } = this.numbers;
    this.host.classList.remove("without", "waiting");
    this.host.classList.toggle("stage", Boolean(header.stage));
    this.look = header.looks[readTheme(this.host).name];
    for (const [name, colour] of Object.entries(this.look.colours)) this.host.style.setProperty(`--look-${name}`, colour);
    this.units = header.units;
    this.begin();
    this.notes.replaceChildren(...[...new Set([...header.notes, ...this.page.notes])].map((note) => element("p", "", note)));
    this.drawing.setAttribute("aria-label", header.words.keys);
    this.diagram.show(this.numbers, this.look);
    this.bar.show(header);
    this.redraw();
    if (header.plays && !this.played && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.bar.time.start(0);
    this.played = true;
  }

  /** The numbers are others, of the same cell. */
  renew() {
    this.choose();
    if (!this.numbers) return;
    this.numbers = this.touch.numbers(this.whole);
    this.diagram.show(this.numbers, this.look);
    this.redraw();
  }

  /** Where nobody chose a unit or a step, it is the steadiest unit, and the step that tells most of it. */
  begin() {
    const { header } = this.numbers;
    const { now } = this.selection;
    if (!now.pinned) this.selection.suggest(header.unit, this.hear);
    if (typeof now.t !== "number") this.selection.set({ t: this.timeOf(header.telling[this.u]) }, this.hear);
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

  /** Another component moved. */
  heard(changed) {
    if (!this.host.isConnected) return;
    if (changed.has("at") || changed.has("pointed.step")) this.want();
    if (!this.numbers) return;
    if (changed.has("t")) this.went();
    const has = (...these) => these.some((what) => changed.has(what));
    if (has("direction")) this.dim();
    if (has("pinned", "pointed.unit", "direction")) this.redraw();
    else if (has("t", "pointed.t")) this.paint();
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
    const now = performance.now();
    this.host.classList.toggle("quick", now - this.redrawnAt < QUICK);
    this.redrawnAt = now;
    const [, u, direction] = this.drawn;
    if (!this.numbers.header.stage) this.strip.show(this.numbers, u, direction, this.look);
    this.paint();
  }

  paint() {
    this.diagram.paint(...this.drawn);
    if (!this.numbers.header.stage) this.strip.cursor(this.drawn[0]);
    this.bar.draw();
    this.touch.mark();
    this.explain();
  }

  placeText(k, u) {
    const { words } = this.numbers.header;
    const place = words.told.replace("{unit}", this.units[u]).replace("{t}", this.timeOf(k));
    return this.touch.note ? `${this.touch.note}: ${place}` : place;
  }

  explain() {
    if (!this.numbers || !this.units) return; // pointed at before it is drawn
    const [k, u, direction] = this.drawn;
    if (this.pointed) this.panel.operation(this.numbers, this.pointed, k, u, direction);
    else this.panel.step(this.numbers, this.placeText(k, u), k, u, direction);
  }

  /** Time went on, or back. */
  went(here = false) {
    this.host.classList.remove("quick");
    if (!here) this.bar.time.hear(this.k);
    const now = performance.now();
    this.diagram.motion.step(now - (this.wentAt ?? 0));
    this.wentAt = now;
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
    if (changes.t !== undefined) this.went(true);
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

  readOut() {
    const { k, u } = this;
    this.reading.textContent = `${this.placeText(k, u)}: ${this.numbers.told(this.direction, k, u)}`;
  }

  turn(direction) {
    if (this.numbers.header.gradient === null || direction === this.direction) return;
    this.selection.set({ direction }, this.hear);
    this.dim();
    if (direction === "backward" && this.k === 0) this.bar.time.jump(this.last); // where the gradient begins
    this.bar.time.stop();
    this.redraw();
    this.readOut();
  }

  close() {
    this.source.close();
    this.touch.close();
    this.diagram.close();
    this.bar.time.stop();
    this.strip.close();
    this.reporter.close();
    clearTimeout(this.readTimer);
  }
}
