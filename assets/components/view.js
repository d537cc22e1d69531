// One mounted component: its state, and who draws when.
import { decode } from "./wire.js";
import { prepare } from "./rows.js";
import { arrange } from "./layout.js";
import { hatching, readTheme } from "./theme.js";
import { Painter } from "./paint.js";
import { paintOverlay, placeText, readings } from "./overlay.js";
import { Transport } from "./transport.js";
import { Hands } from "./hands.js";

const TELL_AFTER = 150; // ms of rest before the server hears of a cursor moved by keys
const READ_AFTER = 350; // ms of rest before a screen reader hears of it
const ECHO_WITHIN = 3000; // ms in which the server still answers with an older cursor

export class Strips {
  constructor(host) {
    this.host = host;
    host.innerHTML =
      '<div class="bar" hidden></div>' +
      '<div class="plot" tabindex="0" role="application"><canvas></canvas><canvas class="over"></canvas>' +
      '<div class="tip" hidden></div></div><div class="reading" aria-live="polite"></div>';
    this.plot = host.querySelector(".plot");
    this.tip = host.querySelector(".tip");
    this.reading = host.querySelector(".reading");
    [this.base, this.over] = [...host.querySelectorAll("canvas")].map((canvas) => canvas.getContext("2d"));
    Object.assign(this, { t: null, unit: null, hover: null, given: {}, told: [] });
    this.transport = new Transport(
      host.querySelector(".bar"),
      () => this.redraw(),
      (frame) => this.tell("frame", frame),
    );
    this.hands = new Hands(this);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.plot);
    // A font that arrives late changes every width of text.
    document.fonts?.ready.then(() => this.header && this.resize(true));
  }

  get frame() {
    return this.header.frames > 1 ? this.transport.frame : 0;
  }

  /** The unit that lines and tooltips speak of while none is picked. */
  get someUnit() {
    return this.unit ?? this.header.rows.find((row) => row.picks)?.labels[0] ?? null;
  }

  show(data) {
    const { header, arrays } = decode(data);
    this.header = prepare(header, arrays);
    this.theme = readTheme(this.host);
    // The charts beside this component have their colours from the server: let it know.
    const { name } = this.theme;
    if (name !== header.theme && name !== this.toldTheme) this.tell("theme", name);
    this.toldTheme = name;
    this.painter = new Painter(this.base, this.theme);
    this.hatch = hatching(this.base, this.theme);
    this.accept("t", header.cursor);
    this.accept("unit", header.unit);
    if (this.t !== null) this.t = Math.min(Math.max(this.t, 0), header.steps - 1);
    this.plot.setAttribute("aria-label", `${header.summary} ${header.words.keys}`);
    this.transport.show(header.transport, header.words);
    this.resize(true);
  }

  /** The server's cursor counts when it changes, and not while it repeats what we told it. */
  accept(what, value) {
    const changed = this.given[what] !== value;
    this.given[what] = value;
    const now = performance.now();
    this.told = this.told.filter((told) => now - told.at < ECHO_WITHIN);
    if (changed && !this.timer && !this.told.some((told) => told[what] === value)) this[what] = value;
  }

  resize(anew = false) {
    const width = Math.floor(this.plot.clientWidth);
    const ratio = window.devicePixelRatio || 1;
    if (!this.header || !width || (!anew && width === this.layout?.width && ratio === this.ratio)) return;
    this.ratio = ratio;
    this.layout = arrange(this.header, width, this.theme, (text, font) => {
      this.base.font = font;
      return this.base.measureText(text).width;
    });
    this.plot.style.height = `${this.layout.height}px`;
    for (const { canvas } of [this.base, this.over]) {
      const size = [Math.round(width * ratio), Math.round(this.layout.height * ratio)];
      if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${this.layout.height}px`;
    }
    for (const context of [this.base, this.over]) context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.redraw();
  }

  redraw() {
    if (!this.layout) return;
    this.painter.paint(this.layout, this.header, this.frame, this.someUnit, this.hatch);
    this.redrawOverlay();
  }

  redrawOverlay() {
    paintOverlay(this.over, this.layout, this.header, this.theme, this);
    this.showTip();
  }

  /** Move the cursor, the picked unit or both; the server hears of it after a rest. */
  pick({ t = this.t, unit = this.unit }, wait = TELL_AFTER) {
    if (t === this.t && unit === this.unit) return;
    const lines = unit !== this.unit && this.header.rows.some((row) => row.kind === "unit");
    const changes = { ...this.untold, ...(t !== this.t && { t }), ...(unit !== this.unit && { unit }) };
    [this.t, this.unit, this.untold] = [t, unit, changes];
    if (lines) this.redraw();
    else this.redrawOverlay();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = this.untold = null;
      this.told.push({ ...changes, at: performance.now() });
      for (const [what, value] of Object.entries(changes)) this.tell(what, value);
    }, wait);
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => this.readOut(), READ_AFTER);
  }

  readOut() {
    const unit = this.someUnit;
    const values = readings(this.layout, this.header, this.frame, unit, this.t, null);
    const place = placeText(this.header, this.t, unit, null);
    this.reading.textContent = `${place}: ${values.map(({ name, text }) => `${name} ${text}`).join(", ")}`;
  }

  showTip() {
    const { hover, tip } = this;
    tip.hidden = !hover;
    if (!hover) return;
    const unit = hover.unit ?? this.someUnit;
    const lines = readings(this.layout, this.header, this.frame, unit, hover.t, hover);
    const rows = lines.map(({ name, text, signal, here }) => {
      const line = document.createElement("div");
      line.className = here ? "here" : "";
      const [dot, label, value] = ["i", "span", "b"].map((tag) => document.createElement(tag));
      dot.style.background = this.painter.colour(signal);
      [label.textContent, value.textContent] = [name, text];
      line.append(dot, label, value);
      return line;
    });
    const place = document.createElement("strong");
    place.textContent = placeText(this.header, hover.t, unit, hover);
    tip.replaceChildren(place, ...rows);
    const { offsetWidth: wide, offsetHeight: high } = tip;
    const right = hover.x + 18 + wide <= this.layout.width;
    tip.style.left = `${Math.max(0, right ? hover.x + 18 : hover.x - 18 - wide)}px`;
    tip.style.top = `${Math.max(0, Math.min(hover.y + 14, this.layout.height - high))}px`;
  }

  close() {
    this.watch.disconnect();
    this.transport.close();
    clearTimeout(this.timer);
    clearTimeout(this.readTimer);
  }
}
