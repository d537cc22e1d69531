// "What if": an example as the reader changed it, and what the network makes of that. The run is never
// altered; all components of a page that show the same example share one.
import { answersOf, forward } from "../forward.js";
import { Remote } from "./remote.js";
import { Weights } from "./weights.js";

const KEY = Symbol.for("lstm_viz.whatif"); // each component has a copy of this file, the page one
const page = () => (globalThis[KEY] ??= { known: new Map(), hearing: new Set() });

export class WhatIf {
  /** `about` is what lstm_viz/figures/touch.py says of an example; `x` its T x D numbers, or T codes. */
  constructor(about, x) {
    Object.assign(this, { about, x, version: 0, frames: [] });
    this.source = about.inBrowser ? new Weights(about.topic, about.others, () => this.notify()) : new Remote(about.topic, () => this.notify());
    this.clear();
  }

  clear() {
    Object.assign(this, { changed: new Map(), silenced: {}, held: [] });
  }

  get width() {
    return this.about.symbols ? 1 : this.about.names.length;
  }

  get steps() {
    return this.x.length / this.width;
  }

  /** Whether anything differs from the run. */
  get on() {
    return this.changed.size > 0 || this.held.length > 0 || Object.keys(this.silenced).length > 0;
  }

  tell() {
    this.version += 1;
    this.notify();
  }

  notify() {
    for (const hear of [...page().hearing]) hear();
  }

  /** The example as it is now. */
  get input() {
    const x = Float64Array.from(this.x);
    for (const [at, value] of this.changed) x[at] = value;
    return x;
  }

  /** Set column d of x_t, or the code of x_t. */
  set(t, value, d = 0) {
    this.put(t, value, d);
    this.tell();
  }

  put(t, value, d) {
    const at = t * this.width + d;
    if (value === this.x[at]) this.changed.delete(at);
    else this.changed.set(at, value);
  }

  /** Read other codes from the first step on; the steps behind them keep their own. */
  read(codes) {
    for (let t = 0; t < this.steps; t++) this.put(t, codes[t] ?? this.x[t], 0);
    this.tell();
  }

  /** The marked steps, of an example in which some are. */
  get marks() {
    const { marker } = this.about;
    if (marker === null) return [];
    const x = this.input;
    return [...Array(this.steps).keys()].filter((t) => x[t * this.width + marker] !== 0);
  }

  /** Move the mark at one step to another that has none. */
  moveMark(from, to) {
    const { marks } = this;
    if (!marks.includes(from) || marks.includes(to) || to < 0 || to >= this.steps) return false;
    const value = this.input[from * this.width + this.about.marker];
    this.put(from, 0, this.about.marker);
    this.put(to, value, this.about.marker);
    this.tell();
    return true;
  }

  isSilent(layer, unit) {
    return this.silenced[layer]?.includes(unit) ?? false;
  }

  /** Silence a unit, or let it speak again. */
  silence(layer, unit) {
    const others = (this.silenced[layer] ?? []).filter((each) => each !== unit);
    const now = this.isSilent(layer, unit) ? others : [...others, unit];
    if (now.length) this.silenced[layer] = now;
    else delete this.silenced[layer];
    this.tell();
  }

  /** Set a gate of a unit at a step, or at all of them where t is null. */
  hold(layer, gate, unit, t, value) {
    const same = (each) => each.layer === layer && each.gate === gate && each.unit === unit;
    this.held = this.held.filter((each) => !same(each) || (t !== null && each.t !== t));
    this.held.push({ layer, gate, unit, t, value });
    this.tell();
  }

  /** Back to the run. */
  reset() {
    this.clear();
    this.source.close();
    this.tell();
  }

  /** What the network of a frame makes of the example as it is now; null while that is on its way. */
  pass(step) {
    if (!this.about.inBrowser) return this.source.pass(this, step);
    const weights = this.source.at(step, this.frames);
    if (!weights) return null;
    if (this.known?.version !== this.version || this.known.step !== step) {
      const { model } = this.about;
      const found = forward(model, weights, this.input, { silenced: this.silenced, held: this.held });
      const classes = weights["readout.bias"].values.length;
      this.known = { step, version: this.version, found: { ...found, answers: answersOf(model.problem, found.output, classes) } };
    }
    return this.known.found;
  }
}

/** The "what if" of an example of a run; that of another one at the same place is given up. */
export function whatIf(about, x) {
  const { place = "" } = about;
  const known = page().known.get(place);
  if (known?.about.key === about.key) {
    known.about = { ...known.about, ...about };
    if (about.inBrowser) known.source.know(about.others);
    return known;
  }
  const made = new WhatIf(about, x);
  page().known.set(place, made);
  known?.reset();
  made.notify();
  return made;
}

/** The same, where some component has begun it; null where none has. */
export const knownWhatIf = (key) => [...page().known.values()].find(({ about }) => about.key === key) ?? null;

/** Call `hear()` whenever a "what if" of this page changes, or begins, until the returned function is called. */
export function joinWhatIfs(hear) {
  page().hearing.add(hear);
  return () => page().hearing.delete(hear);
}
