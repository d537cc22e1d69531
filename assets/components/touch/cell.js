// A cell that answers: its gates are dragged, and its numbers are those of the changed example.
import { Numbers, short } from "../cell/numbers.js";
import { dissected } from "./dissect.js";
import { joinWhatIfs, knownWhatIf } from "./whatif.js";

const GATES = {
  lstm: { input: [0, 1], forget: [0, 1], output: [0, 1], candidate: [-1, 1] },
  gru: { reset: [0, 1], update: [0, 1], candidate: [-1, 1] },
};
const WAY = 160; // pixels from one end of a gate to the other
const STILL = 3; // pixels that are no drag
const STEPS = 20; // of a key, from one end to the other

export class CellTouch {
  constructor(view) {
    this.view = view;
    this.leave = joinWhatIfs(() => this.hear());
    const { drawing } = view;
    drawing.addEventListener("pointerdown", (event) => this.press(event));
    drawing.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) drawing.addEventListener(end, () => (this.grabbed = null));
  }

  /** The "what if" of the example that is drawn. */
  get asked() {
    return knownWhatIf(this.view.whole?.header.example);
  }

  /** The same, where the browser answers: a trainer says nothing of a cell's steps. */
  get what() {
    return this.asked?.about.inBrowser ? this.asked : null;
  }

  /** Whether the numbers are still those of the run, while others are asked for. */
  get stale() {
    return Boolean(this.asked?.on) && (!this.answers || this.view.direction === "backward");
  }

  hear() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null;
      if (this.view.whole && this.view.host.isConnected) this.view.renew();
    });
  }

  /** The numbers of a cell as the feed brought it, or those of the changed example. */
  numbers(whole) {
    const { what } = this;
    const made = what?.on ? this.at(whole, whole.header.step) : null;
    this.answers = Boolean(made);
    return made ? new Changed(made, what) : new Numbers(whole);
  }

  /**
   * A cell at another moment, or of the changed example: its forward numbers, as the browser makes them
   * from the weights of that moment; its gradients stay. Null where the browser does not answer, or not yet.
   */
  at({ header, arrays }, step) {
    const what = knownWhatIf(header.example);
    const pass = what?.about.inBrowser ? what.pass(step)?.layers[header.layer] : null;
    return pass ? remade({ header: { ...header, step }, arrays }, pass, what.about.signs) : null;
  }

  /** Which operations can be dragged, and whether what is drawn is not the run. */
  mark() {
    const { view, what } = this;
    view.host.classList.toggle("asked", this.answers);
    view.host.classList.toggle("stale", this.stale);
    for (const [id, operation] of Object.entries(view.diagram.operations)) {
      operation.classList.toggle("valve", Boolean(what && view.direction === "forward" && GATES[what.about.model.kind]?.[id]));
    }
  }

  /** What is said of numbers that are not the run's. */
  get note() {
    const words = this.asked?.about.words;
    if (this.stale) return words.stale;
    return this.answers ? words.whatIf : "";
  }

  /** A gate of the diagram that can be set, with what is needed for it; null for anything else. */
  gateOf(target) {
    const id = target.closest?.("[data-op]")?.dataset.op;
    const { view, what } = this;
    const ends = what && view.direction === "forward" && GATES[what.about.model.kind]?.[id];
    if (!ends) return null;
    const { k, u } = view;
    return { id, ends, value: view.numbers.at(id, k, u), unit: view.units[u], t: view.timeOf(k) };
  }

  press(event) {
    const gate = event.button === 0 && this.gateOf(event.target);
    if (!gate) return;
    this.grabbed = { ...gate, from: event.clientY, all: event.shiftKey };
    this.view.drawing.setPointerCapture(event.pointerId);
  }

  drag(event) {
    const { grabbed } = this;
    if (!grabbed) return;
    const up = grabbed.from - event.clientY;
    if (Math.abs(up) < STILL && !grabbed.moved) return;
    grabbed.moved = true;
    this.set(grabbed, grabbed.value + (up / WAY) * (grabbed.ends[1] - grabbed.ends[0]), grabbed.all);
  }

  set({ id, ends: [low, high], unit, t }, value, all) {
    const rounded = Number(Math.min(Math.max(value, low), high).toFixed(2));
    this.what.hold(this.view.whole.header.layer, id, unit, all ? null : t, rounded);
  }

  /** What a key does here; undefined where it means nothing. */
  key({ key, shiftKey, target }) {
    const { what, view } = this;
    if (!what) return undefined;
    const gate = this.gateOf(target);
    const up = { PageUp: 1, PageDown: -1 }[key];
    if (gate && up) return () => this.set(gate, gate.value + (up * (gate.ends[1] - gate.ends[0])) / STEPS, shiftKey);
    if (key.toLowerCase() === "s") return () => what.silence(view.whole.header.layer, view.units[view.u]);
    if (key === "Escape" && what.on) return () => what.reset();
    return undefined;
  }

  close() {
    this.leave();
    cancelAnimationFrame(this.drawing);
  }
}

/** A cell with the forward numbers of another pass. */
function remade({ header, arrays }, pass, signs) {
  const made = dissected(pass, header);
  const signals = { ...header.signals };
  const all = [...arrays];
  for (const [name, value] of Object.entries(made)) if (name in signals) signals[name] = new Made(value, header);
  const { x, values } = readAt(header, pass.read, signs);
  if (values) all.push({ shape: [header.steps, pass.read.width], values });
  return { header: { ...header, signals, x, ...(values && { inputs: all.length - 1 }) }, arrays: all };
}

/** A signal that is computed when it is looked at. */
class Made {
  constructor(value, { steps, units: { length } }) {
    Object.assign(this, { value, steps, length });
  }

  /** The largest size among all steps and units, but at least 1. */
  get reach() {
    if (this.most) return this.most;
    this.most = 1;
    for (let k = 0; k < this.steps; k++) {
      for (let u = 0; u < this.length; u++) {
        const size = Math.abs(this.value(k, u));
        if (size > this.most && size < Infinity) this.most = size;
      }
    }
    return this.most;
  }
}

/** What the layer reads at each step, in its order: in words, and as numbers where they are few. */
function readAt({ steps, first, reverse, x, inputs }, { values, width, symbols }, signs) {
  const times = Array.from({ length: steps }, (_, k) => (reverse ? steps - 1 - k : first + k));
  if (symbols) return { x: times.map((t) => signs[values[t]]) };
  if (inputs === null) return { x };
  const rows = times.map((t) => [...values.subarray(t * width, (t + 1) * width)]);
  return { x: rows.map((row) => row.map(short).join(", ")), values: Float32Array.from(rows.flat()) };
}

class Changed extends Numbers {
  constructor(whole, what) {
    super(whole);
    this.what = what;
  }

  /** A gate that was set follows from no equation. */
  telling(id, direction, k, u) {
    const said = super.telling(id, direction, k, u);
    const { layer, units, reverse, steps, first } = this.header;
    const t = reverse ? steps - 1 - k : first + k;
    const here = ({ layer: of, gate, unit, t: at }) => of === layer && gate === id && unit === units[u] && (at === null || at === t);
    if (direction === "backward" || !this.what.held.some(here)) return said;
    return { ...said, numbers: "", means: [{ words: this.what.about.words.set.replace("{now}", `{${id}}`), signal: null }] };
  }

  told(direction, k, u) {
    const { words } = this.what.about;
    const unit = this.header.units[u];
    if (direction === "backward" || !this.what.isSilent(this.header.layer, unit)) return super.told(direction, k, u);
    this.own = true;
    const said = super.told(direction, k, u);
    this.own = false;
    return `${said} ${words.unheard.replace("{unit}", unit)}`;
  }

  /** In what is told of a silent unit, its own h before nobody hears it. */
  at(name, k, u) {
    if (!this.own || name !== "h") return super.at(name, k, u);
    if (this.has("h_new")) return super.at("h_new", k, u);
    if (this.has("kept")) return super.at("kept", k, u) + super.at("added", k, u);
    const a = super.at("candidate.a", k, u);
    return this.what.about.model.kind === "rnn_relu" ? Math.max(a, 0) : Math.tanh(a);
  }
}
