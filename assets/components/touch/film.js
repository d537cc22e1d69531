// A film that answers: its input is dragged, its units are silenced, and all that it draws of the
// moment shown follows. The numbers of the run stay where they are, as thin lines.
import { centreOf, heightOf } from "../film/axes.js";
import { reachOf } from "../film/rows.js";
import { changedFrame } from "./frame.js";
import { Label } from "./label.js";
import { joinWhatIfs, whatIf } from "./whatif.js";
import { workedOut } from "./words.js";

const NEAR = 14; // pixels from a value up to which it is grabbed
const LEVELS = 255;

export class Touch {
  constructor(view) {
    Object.assign(this, { view, what: null, grabbed: null });
  }

  /** Take in a header; `about` is null where nobody answers. */
  show({ touch: about, marks, letters }, arrays) {
    this.about = about ?? null;
    Object.assign(this, { marks, letters });
    const what = about ? whatIf(about, Float64Array.from(arrays[about.inputs].values)) : null;
    this.what = what;
    if (what) this.leave ??= joinWhatIfs(() => this.hear());
    if (what) this.label ??= new Label(this.view.host);
    this.label?.show(what);
  }

  get on() {
    return this.what?.on ?? false;
  }

  hear() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null;
      if (!this.what || !this.view.host.isConnected || !this.view.layout) return;
      this.view.locate();
      if (this.letters || this.moved()) this.view.resize(true); // what stands still is another one, too
      else this.view.redraw();
      this.view.notes.closers(this.view.layout);
    });
  }

  /** Whether the panel of a unit needs another axis. */
  moved() {
    const [{ film, rows }] = this.view.layout.films;
    const panels = rows.filter(({ row, unit }) => row.kind === "pinned" && unit !== null);
    return panels.some(({ row, unit }) => reachOf(row, unit, film).some((end, k) => end !== row.ends[k]));
  }

  /** Once a film knows its frame: put the changed one in its place. */
  apply() {
    const { view, what, about } = this;
    if (!what) return;
    const [film] = view.header.films;
    film.measured = film.now;
    what.frames = film.frames;
    const pass = what.on && film.now ? what.pass(film.at) : null;
    if (pass) film.now = changedFrame(film.measured, pass, film, about);
    this.example(pass);
    this.label.draw(pass && !pass.pending ? film.now.answer?.values : null, film.measured?.answer?.values);
  }

  /** What the input's rows draw. */
  example(pass) {
    const { view: { header }, what, about } = this;
    const x = what.input;
    header.marks = what.on && about.marker !== null ? what.marks : this.marks;
    if (this.letters) header.letters = [...x].map((code) => about.signs[code]);
    for (const row of header.films[0].rows.filter(({ reads }) => reads)) {
      if (row.kind === "heat") this.symbols(row, x);
      else row.lines.forEach((line, d) => this.line(line, d, x));
      row.workedNow = pass ? workedOut(what) : null;
    }
  }

  line(line, d, x) {
    const { what, about, view: { arrays } } = this;
    if (line.array === null) return;
    const given = arrays[line.array].values;
    let values = given;
    if (d < what.width) values = x.filter((_, at) => at % what.width === d);
    else if (line.signal === "truth" && about.sums && what.changed.size) {
      values = given.slice();
      values[values.length - 1] = what.marks.reduce((sum, t) => sum + x[t * what.width], 0);
    }
    const same = values.every((value, k) => value === given[k] || Number.isNaN(value));
    [line.values, line.ghost] = same ? [given, null] : [values, given];
  }

  symbols(row, x) {
    const given = this.view.arrays[row.array].values;
    if (!this.what.changed.size) return void (row.codes = given);
    row.codes = Uint8Array.from(given, (_, at) => (x[at % x.length] === Math.floor(at / x.length) ? LEVELS : 1));
  }

  /** What lies under the pointer and can be changed: { t, d } a value, { t, mark } a mark, { t, code } a symbol. */
  under(place) {
    const { what, about } = this;
    if (!what || !place?.row?.reads) return null;
    const { t, row } = place;
    if (row.kind === "heat") return { t, code: row.labels.indexOf(place.label) };
    const plot = this.plotOf(place);
    const x = what.input;
    const far = (d) => Math.abs(heightOf(row, plot)(x[t * what.width + d]) - place.y);
    const columns = [...Array(what.width).keys()].filter((d) => d !== about.marker);
    const d = columns.reduce((best, each) => (far(each) < far(best) ? each : best), columns[0]);
    if (d !== undefined && far(d) <= NEAR) return { t, d };
    return about.marker !== null && what.marks.includes(t) ? { t, mark: true } : null;
  }

  plotOf({ at, row }) {
    return at.rows.find((each) => each.row === row).plot;
  }

  /** Grab what lies under the pointer; whether there is something. */
  press(place) {
    const found = this.under(place);
    if (!found) return false;
    this.grabbed = { ...found, place };
    if (found.code !== undefined) this.what.set(found.t, found.code);
    return true;
  }

  /** The pointer moved to this place of the plot, with what was grabbed. */
  drag(x, y) {
    const { grabbed, what, view: { header } } = this;
    const { at, row } = grabbed.place;
    const t = Math.min(Math.max(Math.floor(((x - at.left) / (at.right - at.left)) * header.steps), 0), header.steps - 1);
    if (grabbed.mark) {
      if (what.moveMark(grabbed.t, t)) grabbed.t = t;
    } else if (grabbed.d !== undefined) {
      const plot = this.plotOf(grabbed.place);
      this.turnTo(row, grabbed.t, grabbed.d, row.ends[1] - ((y - plot.y) / plot.height) * (row.ends[1] - row.ends[0]));
    }
  }

  /** Set a value, as round as the axis is fine. */
  turnTo({ ends: [low, high] }, t, d, value) {
    const digits = Math.max(0, -Math.floor(Math.log10((high - low) / 100)));
    this.what.set(t, Number(Math.min(Math.max(value, low), high).toFixed(digits)), d);
  }

  release() {
    this.grabbed = null;
  }

  get input() {
    return this.view.header.films[0].rows.find(({ reads }) => reads);
  }

  /** What a key does here; undefined where it means nothing. */
  key(key) {
    const { what, view } = this;
    if (!what) return undefined;
    const [t, row] = [view.t, this.input];
    const unit = view.pinned.at(-1);
    if (key === "Escape" && what.on) return () => what.reset();
    if (key.toLowerCase() === "s" && unit !== undefined) return () => what.silence(this.about.layer, unit);
    if (t === null || !row) return undefined;
    const up = { PageUp: 1, PageDown: -1 }[key];
    const across = { ",": -1, ".": 1 }[key];
    if (up) return () => this.step(row, t, up);
    if (across && what.marks.length) return () => this.shift(t, across);
    return undefined;
  }

  /** The value, or the symbol, under the cursor, a step up or down. */
  step(row, t, by) {
    const { what } = this;
    const now = what.input[t * what.width];
    if (row.kind === "heat") what.set(t, (now - by + row.labels.length) % row.labels.length);
    else this.turnTo(row, t, 0, now + (by * (row.ends[1] - row.ends[0])) / 40);
  }

  /** The mark nearest to the cursor, a step to the side; the cursor goes along. */
  shift(t, by) {
    const { what } = this;
    const near = what.marks.reduce((best, each) => (Math.abs(each - t) < Math.abs(best - t) ? each : best));
    if (what.moveMark(near, near + by)) this.view.pick({ t: near + by });
  }

  /** Over a film: what can be grabbed, or is. */
  paint({ context: c, theme }, hover) {
    const found = this.grabbed ?? this.under(hover);
    if (!found || found.code !== undefined || !this.view.layout) return;
    const { at, row } = found.place ?? hover;
    const plot = this.plotOf({ at, row });
    const d = found.mark ? this.about.marker : found.d;
    const x = centreOf(plot, this.view.header.steps, found.t);
    const y = heightOf(row, plot)(this.what.input[found.t * this.what.width + d]);
    c.beginPath();
    c.arc(x, y, 7, 0, 7);
    c.fillStyle = theme.page;
    c.strokeStyle = theme.text;
    c.lineWidth = 2.2;
    c.fill();
    c.stroke();
  }

  close() {
    this.leave?.();
    cancelAnimationFrame(this.drawing);
  }
}
