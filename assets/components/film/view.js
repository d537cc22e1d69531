// One mounted film: its state, and who draws when.
import { decode } from "../wire.js";
import { courses, frameAt, placeOf, labelAt, prepare } from "./rows.js";
import { arrange, fit, standing } from "./layout.js";
import { hatching, readTheme } from "../theme.js";
import { Pen } from "./pen.js";
import { paintAxes } from "./axes.js";
import { Painter } from "./paint.js";
import { paintOverlay } from "./overlay.js";
import { Bars } from "./bars.js";
import { Hands } from "./hands.js";
import { Notes } from "./notes.js";
import { Reporter } from "../reporter.js";
import { Selection } from "../selection.js";
import { Touch } from "../touch/film.js";
import { Following } from "./following.js";
import { roomOf, sizeCanvases, typeScale, watchRoom } from "./room.js";

const MOMENT = ["step", "at", "pointed.step"]; // of what the reader looks at
const FOLLOW = ["trained", "bundle"]; // kinds of rows in which the overlay depends on the moment
const LEAST = 80; // ms between two drawings of what the feed brings

export class FilmView {
  constructor(host) {
    this.host = host;
    host.innerHTML =
      '<div class="bars"></div>' +
      '<div class="plot" tabindex="0" role="application"><canvas></canvas><canvas></canvas><canvas></canvas>' +
      '<div class="closers"></div><div class="tip" hidden></div></div><div class="under"></div><div class="reading" aria-live="polite"></div>';
    this.plot = host.querySelector(".plot");
    this.contexts = [...host.querySelectorAll("canvas")].map((canvas) => canvas.getContext("2d"));
    this.hover = null; // what lies under this film's own pointer
    this.hear = (changed) => this.heard(changed);
    this.selection = new Selection();
    this.reporter = new Reporter(host, (what, value) => this.report(what, value));
    this.notes = new Notes(this);
    this.following = new Following(this);
    this.bars = new Bars(host.querySelector(".bars"), host.querySelector(".under"), this);
    this.hands = new Hands(this);
    this.touch = new Touch(this);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.plot);
    this.leaveRoom = watchRoom(this);
  }

  /** The unit that tooltips speak of while none is under the pointer. */
  get someUnit() {
    return this.pinned.at(-1) ?? this.header.films[0].units[0] ?? null;
  }

  /** The picked time step, null before any was picked. */
  get t() {
    const { t } = this.selection.now;
    return t === null || t === undefined ? null : Math.min(Math.max(t, 0), this.header.steps - 1);
  }

  get pinned() {
    return this.selection.now.pinned ?? [];
  }

  /** The training step that is drawn: the one under a pointer, or the one at which the training stands. */
  get step() {
    const { pointed, now } = this.selection;
    return pointed.step ?? (this.header.playback ? this.bars.training.at : now.at);
  }

  /** What the server says counts when it changes, and not while it repeats what we reported. */
  accepts(what, value) {
    return this.reporter.accepts(what, value);
  }

  show(data) {
    const { header, arrays } = decode(data);
    this.header = header;
    this.arrays = arrays;
    this.selection = this.reporter.join(header.subject, this.hear);
    courses(header.courses, arrays);
    this.prepare();
    this.theme = readTheme(this.host);
    // The charts beside this film have their colours from the server: let it know.
    const { name } = this.theme;
    if (name !== header.theme && name !== this.reportedTheme) this.report("theme", name);
    this.reportedTheme = name;
    const [back, middle, above] = this.contexts.map((context) => new Pen(context, this.theme, header.looks));
    [this.pen, this.above] = [back, above];
    this.hatch = hatching(back.context, this.theme);
    this.painter = new Painter(middle, header, this.hatch);
    this.brush = new Painter(above, header, this.hatch);
    const given = { t: header.cursor, pinned: header.pinned };
    for (const [what, value] of header.films[0].rows.length ? Object.entries(given) : []) {
      const news = this.accepts(what, value) || this.selection.now[what] === undefined;
      if (news && value !== null) this.selection.set({ [what]: value }, this.hear);
    }
    if (header.unit !== null) this.selection.suggest(header.unit, this.hear);
    Object.assign(this.plot, { tabIndex: header.words.keys ? 0 : -1, role: header.words.keys ? "application" : "img" });
    this.plot.setAttribute("aria-label", `${header.summary} ${header.words.keys} ${header.touch?.words.keys ?? ""}`);
    this.bars.root.hidden = !header.films[0].rows.length;
    this.bars.show(header);
    if (this.t !== null) this.bars.time.index = this.t;
    this.bars.time.draw();
    this.touch.show(header, arrays);
    this.stand();
    this.locate();
    this.resize(true);
    // A font that arrives late changes every width of text.
    if (document.fonts?.status === "loading") document.fonts.ready.then(() => this.host.isConnected && this.resize(true));
    this.following.follow(header);
  }

  /** Another component moved. */
  heard(changed) {
    if (!this.layout || !this.host.isConnected) return;
    const { time, training } = this.bars;
    if (changed.has("pressed")) return this.hands.act(this.selection.pressed);
    if (changed.has("step") || changed.has("at")) training.hear(this.selection.now);
    if (changed.has("pointed.step")) training.peek(this.selection.pointed.step);
    if (changed.has("t") && this.t !== null) time.hear(this.t);
    if (changed.has("direction")) time.way = this.selection.now.direction === "forward" ? 1 : -1;
    if (changed.has("pinned")) return this.resize(true);
    if (MOMENT.some((what) => changed.has(what))) this.turn();
    if (![...changed].every((what) => MOMENT.includes(what) || what === "pointed")) this.redrawOverlay();
  }

  /** Let the others know where the training stands, and where it can. */
  stand() {
    const { training } = this.bars;
    if (!this.header.playback) return;
    this.selection.steps = training.frames.map(([step]) => step);
    this.selection.set({ step: training.wanted, at: training.at }, this.hear);
  }

  prepare() {
    this.host.dataset.missing = prepare(this.header, this.arrays);
  }

  /** The feed brought something: draw it with what else comes meanwhile. */
  arrived() {
    this.drawing ??= setTimeout(() => requestAnimationFrame(() => this.renew()), LEAST - (performance.now() - (this.renewed ?? 0)));
  }

  renew() {
    this.drawing = null;
    if (!this.host.isConnected) return;
    this.renewed = performance.now();
    this.prepare();
    this.bars.showTraining(this.header);
    this.stand();
    this.locate();
    const { header, layout } = this;
    if (layout && this.standing !== null && standing(header, layout) === this.standing) return this.redraw();
    return this.resize(true);
  }

  /** Find each film's frame at the present step of the training. */
  locate() {
    for (const film of this.header.films) {
      const { step, frame } = frameAt(film, this.header.playback ? this.step : (this.selection.pointed.step ?? Infinity));
      [film.at, film.now] = [step, frame];
    }
    this.touch.apply();
  }

  resize(anew = false) {
    this.scale = typeScale();
    const width = Math.floor(this.plot.clientWidth / this.scale);
    const ratio = (window.devicePixelRatio || 1) * this.scale;
    if (!this.header || !width || (!anew && width === this.layout?.width && ratio === this.ratio)) return;
    this.ratio = ratio;
    const shown = this.pinned.filter((unit) => this.header.films.some(({ units }) => units.includes(unit)));
    const measure = (text, font) => {
      this.pen.context.font = font;
      return this.pen.context.measureText(text).width;
    };
    const { header, theme } = this;
    if (header.fits) this.room = roomOf(this);
    this.layout = header.fits
      ? fit(header, shown, width, theme, measure, this.room)
      : arrange(header, shown, width, theme, measure);
    const { height } = this.layout;
    const high = `${height * this.scale}px`;
    if (this.plot.style.height !== high) this.plot.style.height = high;
    this.bars.align(this.layout, this.scale, header.steps);
    sizeCanvases(this.contexts, [width, height], this.scale, ratio);
    this.hands?.again();
    paintAxes(this.pen, this.layout, this.header, this.hatch, shown);
    this.notes.closers(this.layout);
    this.standing = standing(header, this.layout);
    this.redraw();
  }

  redraw() {
    if (!this.layout) return;
    this.painter.paint(this.layout, this.pinned);
    this.redrawOverlay();
  }

  redrawOverlay() {
    paintOverlay(this.above, this.layout, this.header, this);
    this.touch.paint(this.above, this.hover);
    this.notes.tip();
    this.bars.time.slider.classList.toggle("unset", this.t === null);
  }

  /** A moment of the training lies under the pointer, or none. */
  point(step) {
    this.selection.point({ step }, this.hear);
    this.bars.training.peek(step);
    this.turn();
  }

  /** The training bar moved. */
  moved() {
    this.stand();
    this.turn();
  }

  /** Draw the frames of the moment that is shown now; what lies over them only where it depends on it. */
  turn() {
    this.locate();
    if (!this.layout) return;
    this.painter.paint(this.layout, this.pinned);
    const { courses, films } = this.header;
    const follows = films.some(({ rows }) => rows.some(({ kind }) => FOLLOW.includes(kind)));
    if (courses.length || follows) this.redrawOverlay();
    else this.notes.tip();
  }

  /** The training bar rests: the rest of the page follows. */
  restTraining() {
    const { training } = this.bars;
    if (training.playing) return;
    this.reporter.soon({ step: this.selection.now.step });
    if (this.header.playback) this.notes.readOut(training.label.textContent);
  }

  /** Move to the last frame that is not after a training step. */
  goTo(step) {
    const { training } = this.bars;
    if (this.header.playback) return training.jump(training.indexOf(Math.max(step, 0)));
    const at = this.selection.nearest(step);
    this.selection.set({ step: at, at }, this.hear);
    return this.redrawOverlay();
  }

  /** Move the cursor; the server hears of it after a rest. */
  pick({ t }) {
    if (t === this.t) return;
    this.selection.set({ t }, this.hear);
    this.bars.time.index = t;
    this.bars.time.draw();
    this.redrawOverlay();
    if (!this.bars.time.playing) this.reporter.soon({ t });
    else this.reporter.later({ t });
    this.notes.readPlace();
  }

  pin(unit) {
    if (this.pinned.includes(unit)) return this.setPinned([...this.pinned.filter((each) => each !== unit), unit]);
    return this.setPinned([...this.pinned, unit].slice(-this.header.most));
  }

  unpin(unit) {
    this.setPinned(this.pinned.filter((each) => each !== unit));
  }

  setPinned(pinned) {
    this.selection.set({ pinned }, this.hear);
    this.resize(true);
    this.reporter.soon({ pinned });
    this.notes.readPlace();
  }

  /** The newest pinned unit becomes its neighbour as drawn. */
  nextUnit(by) {
    const row = this.header.films[0].rows.find((each) => each.picks);
    if (!row) return;
    const unit = this.pinned.at(-1);
    const place = unit === undefined ? (by > 0 ? -1 : row.labels.length) : placeOf(row, unit);
    let next = place + by;
    while (this.pinned.includes(labelAt(row, next))) next += by;
    if (next < 0 || next >= row.labels.length) return;
    this.setPinned([...this.pinned.slice(0, -1), labelAt(row, next)]);
  }

  sortBy(sort) {
    this.reporter.now({ sort });
  }

  close() {
    this.leaveRoom();
    this.watch.disconnect();
    this.following.close();
    this.touch.close();
    clearTimeout(this.drawing);
    this.bars.close();
    this.reporter.close();
    this.notes.close();
  }
}
