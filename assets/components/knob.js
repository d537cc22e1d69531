// The component Streamlit mounts for the knobs: three untrained networks, redrawn while a slider moves.
// The server hears of the knobs once one is let go, for the address.
import { element } from "./dom.js";
import { curvesOf } from "./knob/backward.js";
import { draw } from "./knob/chart.js";
import { CELLS, ownRadius } from "./knob/networks.js";
import { said } from "./knob/says.js";
import { readTheme } from "./theme.js";
import { fixed } from "./ticks.js";

const REST = 400; // ms of rest before the server hears of it
const COMING = [0, 500, 1500, 3000]; // ms
const DECIMALS = { bias: 2, radius: 2, scale: 1, length: 0 };
const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".knob");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new Knobs(host, data));
  const view = views.get(host);
  view.report = (knobs) => setStateValue("knobs", knobs);
  view.show(data);
  return () => setTimeout(() => host.isConnected || view.close());
}

class Knobs {
  constructor(host, data) {
    Object.assign(this, { host, knobs: { ...data.knobs }, data });
    this.svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.svg.setAttribute("role", "img");
    const drawing = element("div", "drawing");
    drawing.append(this.svg);
    this.sentences = element("ul", "sentences");
    this.controls = element("div", "knobs");
    this.build();
    host.replaceChildren(this.controls, drawing, this.sentences);
    this.resized = new ResizeObserver(() => this.soon());
    this.resized.observe(drawing);
    if (data.named) this.come();
  }

  /** A link's reader is brought here, and again where what is above has grown; but not against their will. */
  come() {
    const stay = () => timers.forEach(clearTimeout);
    const timers = COMING.map((wait) => setTimeout(() => this.host.scrollIntoView({ block: "center" }), wait));
    for (const sign of ["wheel", "pointerdown", "keydown", "touchstart"]) addEventListener(sign, stay, { once: true, passive: true });
  }

  build() {
    this.fields = {};
    const chosen = (name) => {
      const line = element("label");
      const field = element("select");
      line.append(element("span"), field);
      this.fields[name] = { label: line.firstChild, field };
      return line;
    };
    const slider = (name) => {
      const line = element("div"); // no label: of what one holds, the output would be what it labels
      const head = element("span", "line");
      head.append(element("span"), element("output"));
      const field = element("input");
      Object.assign(field, { type: "range", min: this.data.sliders[name].low, max: this.data.sliders[name].high, step: this.data.sliders[name].step });
      line.append(head, field);
      this.fields[name] = { label: head.firstChild, output: head.lastChild, field };
      return line;
    };
    const pair = element("div", "pair");
    pair.append(chosen("start"), chosen("nonlinearity"));
    const foot = element("div", "foot");
    [this.reset, this.free] = [element("button"), element("button")];
    for (const each of [this.reset, this.free]) each.type = "button";
    this.reset.onclick = () => this.turn(this.data.start);
    this.free.onclick = () => this.turn({ radius: null });
    foot.append(this.reset, this.free);
    this.controls.replaceChildren(...["bias", "radius", "scale", "length"].map(slider), pair, foot);
    for (const [name, { field }] of Object.entries(this.fields)) {
      field.oninput = () => this.turn({ [name]: name in DECIMALS ? Number(field.value) : field.value });
    }
  }

  /** What the server says anew: words and colours; the knobs are the reader's. */
  show(data) {
    this.data = data;
    for (const [name, { label, field }] of Object.entries(this.fields)) {
      label.textContent = data.labels[name];
      field.setAttribute("aria-label", data.labels[name]);
    }
    const choices = { start: data.starts, nonlinearity: { tanh: "tanh", relu: "ReLU" } };
    for (const [name, options] of Object.entries(choices)) {
      this.fields[name].field.replaceChildren(...Object.entries(options).map(([value, text]) => new Option(text, value)));
    }
    this.reset.textContent = data.words.reset;
    this.free.textContent = `ρ ${data.words.free}`;
    this.svg.setAttribute("aria-label", data.words.y);
    this.draw();
  }

  turn(changes) {
    Object.assign(this.knobs, changes);
    this.soon();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.report({ ...this.knobs }), REST);
  }

  /** With the next picture of the browser. */
  soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { data, knobs } = this;
    const began = performance.now();
    const curves = curvesOf(knobs);
    const colours = data.colours[readTheme(this.host).name];
    draw(this.svg, CELLS.map((cell) => ({ name: data.names[cell], logs: curves[cell], colour: colours[cell] })), data);
    this.sentences.replaceChildren(
      ...CELLS.map((cell) => {
        const line = element("li", "", said(data.names[cell], curves[cell], data.verdicts, data.thresholds));
        line.style.setProperty("--colour", colours[cell]);
        return line;
      }),
    );
    this.mark();
    this.host.dataset.took = (performance.now() - began).toFixed(1); // ms from knobs to curves
  }

  /** Where the knobs stand. */
  mark() {
    const { knobs, fields, data } = this;
    const chrono = knobs.start === "chrono";
    for (const [name, { field, output }] of Object.entries(fields)) {
      const value = name === "radius" ? (knobs.radius ?? ownRadius(knobs)) : knobs[name];
      field.value = value;
      if (output) output.textContent = fixed(value, DECIMALS[name]);
    }
    fields.bias.field.disabled = chrono;
    if (chrono) fields.bias.output.textContent = data.words.chrono;
    if (knobs.radius === null) fields.radius.output.textContent += ` (${data.words.free})`;
    this.free.disabled = knobs.radius === null;
    this.reset.disabled = Object.entries(data.start).every(([name, value]) => knobs[name] === value);
  }

  close() {
    this.resized.disconnect();
    clearTimeout(this.telling);
    cancelAnimationFrame(this.frame);
    views.delete(this.host);
  }
}
