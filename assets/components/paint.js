// What stands still between two frames: heat maps, lines, axes, legends.
import { FONT, SIZE } from "./layout.js";
import { frameOf } from "./wire.js";
import { indexTicks, linearTicks, logTicks } from "./ticks.js";
import { series } from "./rows.js";
import { lookup } from "./theme.js";

/** value -> pixel; on a log scale the value is a logarithm. */
export function heightOf(row, plot) {
  const [low, high] = row.scale === "log" ? [Math.log10(row.low), Math.log10(row.high)] : [row.low, row.high];
  return (value) => plot.y + plot.height * (1 - (value - low) / (high - low));
}

export const centreOf = (plot, steps, t) => plot.x + (plot.width * (t + 0.5)) / steps;

/** A unit's lines say whose they are. */
const named = (head, header, unit) => ({ ...head, text: `${head.text} · ${header.words.unit} ${unit}` });

export class Painter {
  constructor(context, theme) {
    this.context = context;
    this.theme = theme;
    this.tables = new Map();
    this.images = new WeakMap();
  }

  paint(layout, header, frame, unit, hatch) {
    this.header = header;
    this.hatch = hatch;
    this.context.clearRect(0, 0, layout.width, layout.height);
    for (const { row, heads, plot } of layout.rows) {
      for (const head of heads) this.head(row.kind === "unit" && head.kind === "title" ? named(head, header, unit) : head);
      this.yTitle(row.y, plot);
      if (row.kind === "heat") this.heat(row, plot, frame);
      else this.lines(row, plot, frame, unit);
      this.box(plot);
    }
    this.timeAxis(layout);
  }

  colour(signal) {
    return this.header.looks[signal].colour[this.theme.name];
  }

  table(signal) {
    if (!this.tables.has(signal)) this.tables.set(signal, lookup(this.header.looks[signal].ramp[this.theme.name]));
    return this.tables.get(signal);
  }

  write(text, x, y, { font = FONT.text, align = "left", base = "middle", alpha = 0.82 } = {}) {
    const { context: c, theme } = this;
    c.font = font(theme);
    c.textAlign = align;
    c.textBaseline = base;
    c.fillStyle = theme.text;
    c.globalAlpha = alpha;
    c.fillText(text, x, y);
    c.globalAlpha = 1;
  }

  head(head) {
    const { context: c, theme } = this;
    const y = head.y + SIZE.line / 2;
    if (head.kind === "title") return this.write(head.text, head.x, y, { font: FONT.title, alpha: 1 });
    if (head.kind === "bar") return this.bar(head, y);
    if (head.kind === "missing") {
      c.fillStyle = this.hatch;
      c.fillRect(head.x, y - 6, SIZE.swatch, 12);
    } else {
      this.stroke(head, c);
      c.beginPath();
      c.moveTo(head.x, y);
      c.lineTo(head.x + SIZE.swatch, y);
      c.lineWidth = 3;
      c.stroke();
      c.setLineDash([]);
      c.globalAlpha = 1;
    }
    this.write(head.text, head.x + SIZE.swatch + 6, y);
  }

  bar(head, y) {
    const { context: c, theme } = this;
    c.font = FONT.text(theme);
    const x = Math.round(head.x + c.measureText(head.ends[0]).width + 6);
    this.write(head.ends[0], head.x, y);
    const ramp = this.header.looks[head.signal].ramp[theme.name];
    const fill = c.createLinearGradient(x, 0, x + SIZE.bar, 0);
    ramp.forEach((stop, k) => fill.addColorStop(k / (ramp.length - 1), stop));
    c.fillStyle = fill;
    c.fillRect(x, y - 6, SIZE.bar, 12);
    c.strokeStyle = theme.border;
    c.lineWidth = 1;
    c.strokeRect(x + 0.5, y - 5.5, SIZE.bar - 1, 11);
    this.write(head.ends[1], x + SIZE.bar + 6, y);
  }

  box(plot) {
    const { context: c } = this;
    c.strokeStyle = this.theme.border;
    c.lineWidth = 1;
    c.strokeRect(plot.x - 0.5, plot.y - 0.5, plot.width + 1, plot.height + 1);
  }

  yTitle(text, plot) {
    const { context: c, theme } = this;
    c.save();
    c.translate(11, plot.y + plot.height / 2);
    c.rotate(-Math.PI / 2);
    c.font = FONT.text(theme);
    const fit = Math.min(1, (plot.height + SIZE.line) / c.measureText(text).width);
    c.scale(fit, fit);
    this.write(text, 0, 0, { align: "center" });
    c.restore();
  }

  heat(row, plot, frame) {
    const { context: c, header } = this;
    const image = this.image(row, frame);
    const grows = plot.width >= header.steps && plot.height >= row.labels.length;
    c.imageSmoothingEnabled = !grows;
    c.imageSmoothingQuality = "high";
    c.drawImage(image, plot.x, plot.y, plot.width, plot.height);
    if (row.missing) this.missingCells(row, plot, frame);
    const each = plot.height / row.labels.length;
    // Units are counted, so some numbers do; of symbols each has to be named.
    for (const index of indexTicks(row.labels.length, plot.height / (row.picks ? 19 : 15))) {
      this.write(String(row.labels[index]), plot.x - 7, plot.y + (index + 0.5) * each, { align: "right" });
    }
  }

  image(row, frame) {
    const codes = frameOf(row.data, row.film, frame);
    const known = this.images.get(row);
    if (known?.codes === codes.byteOffset) return known.canvas;
    const canvas = known?.canvas ?? document.createElement("canvas");
    [canvas.width, canvas.height] = [this.header.steps, row.labels.length];
    const pixels = new ImageData(canvas.width, canvas.height);
    const words = new Uint32Array(pixels.data.buffer);
    const table = this.table(row.signal);
    for (let k = 0; k < words.length; k++) words[k] = table[codes[k]];
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    this.images.set(row, { canvas, codes: codes.byteOffset });
    return canvas;
  }

  missingCells(row, plot, frame) {
    const { context: c, header } = this;
    const codes = frameOf(row.data, row.film, frame);
    const [wide, high] = [plot.width / header.steps, plot.height / row.labels.length];
    c.fillStyle = this.hatch;
    for (let at = 0; at < codes.length; at++) {
      if (codes[at]) continue;
      const start = at;
      const rowEnd = (Math.floor(at / header.steps) + 1) * header.steps;
      while (at + 1 < rowEnd && codes[at + 1] === 0) at++;
      const index = Math.floor(start / header.steps);
      c.fillRect(plot.x + (start % header.steps) * wide, plot.y + index * high, (at - start + 1) * wide, high);
    }
  }

  lines(row, plot, frame, unit) {
    const { context: c } = this;
    this.grid(row, plot);
    c.save();
    c.beginPath();
    c.rect(plot.x, plot.y - 1, plot.width, plot.height + 2);
    c.clip();
    for (const line of row.lines) this.line(row, line, series(line, frame, unit), plot);
    c.restore();
    for (const rule of row.rules) this.rule(row, rule, plot);
  }

  grid(row, plot) {
    const { context: c } = this;
    const log = row.scale === "log";
    const ticks = (log ? logTicks : linearTicks)(row.low, row.high, plot.height / (log ? 22 : 24));
    const place = heightOf(row, plot);
    for (const { value, text } of ticks) {
      const y = Math.round(place(log ? Math.log10(value) : value)) + 0.5;
      c.strokeStyle = this.theme.border;
      c.lineWidth = 1;
      c.globalAlpha = value === 0 && !log ? 1 : 0.6;
      c.beginPath();
      c.moveTo(plot.x, y);
      c.lineTo(plot.x + plot.width, y);
      c.stroke();
      c.globalAlpha = 1;
      this.write(text, plot.x - 7, y, { align: "right" });
    }
  }

  stroke(line) {
    const { context: c } = this;
    c.strokeStyle = c.fillStyle = this.colour(line.signal);
    c.lineWidth = line.faint ? 1.1 : 2.2;
    c.globalAlpha = line.faint ? 0.55 : 1;
    c.lineJoin = "round";
    c.setLineDash(line.dashed ? [7, 4] : []);
  }

  line(row, line, values, plot) {
    const { context: c, header } = this;
    const place = heightOf(row, plot);
    const floor = row.scale === "log" ? Math.log10(row.low) : -Infinity;
    this.stroke(line);
    c.beginPath();
    let drawn = false;
    const [gone, fallen] = [[], []];
    for (let t = 0; t < header.steps; t++) {
      const value = values[t];
      const x = centreOf(plot, header.steps, t);
      if (Number.isNaN(value) || value === Infinity || (value === -Infinity && row.scale !== "log")) {
        gone.push(t);
        drawn = false;
        continue;
      }
      if (value < floor) fallen.push(x);
      const y = place(Math.max(value, floor));
      if (drawn) c.lineTo(x, y);
      else c.moveTo(x, y), c.lineTo(x + 0.01, y);
      drawn = true;
    }
    c.stroke();
    c.setLineDash([]);
    this.floorMarks(fallen, plot);
    c.globalAlpha = 1;
    c.fillStyle = this.hatch;
    const wide = plot.width / header.steps;
    for (const t of gone) c.fillRect(plot.x + t * wide, plot.y, wide, plot.height);
  }

  /** Below the axis (or zero, on a log axis): at the floor, with a mark that points down. */
  floorMarks(places, plot) {
    const { context: c } = this;
    const y = plot.y + plot.height;
    let last = -Infinity;
    for (const x of places) {
      if (x - last < 11) continue;
      last = x;
      c.beginPath();
      c.moveTo(x - 5, y - 9);
      c.lineTo(x + 5, y - 9);
      c.lineTo(x, y - 1);
      c.fill();
    }
  }

  rule(row, rule, plot) {
    const { context: c, theme } = this;
    const value = row.scale === "log" ? Math.log10(rule.value) : rule.value;
    const free = heightOf(row, plot)(value);
    const y = Math.min(Math.max(free, plot.y), plot.y + plot.height);
    const beyond = free > y + 1 ? " ↓" : free < y - 1 ? " ↑" : "";
    const label = rule.label + beyond;
    if (!beyond) {
      c.strokeStyle = theme.text;
      c.globalAlpha = 0.75;
      c.lineWidth = 1.2;
      c.setLineDash([2, 4]);
      c.beginPath();
      c.moveTo(plot.x, Math.round(y) + 0.5);
      c.lineTo(plot.x + plot.width, Math.round(y) + 0.5);
      c.stroke();
      c.setLineDash([]);
      c.globalAlpha = 1;
    }
    c.font = FONT.text(theme);
    const above = y - SIZE.line / 2 > plot.y;
    const middle = above ? y - 10 : y + 11;
    c.fillStyle = theme.page;
    c.globalAlpha = 0.85;
    const room = c.measureText(label).width;
    const x = beyond ? plot.x + 6 : plot.x + plot.width - 6 - room;
    c.fillRect(x - 3, middle - 8, room + 6, 16);
    this.write(label, x, middle, { alpha: 0.9 });
  }

  timeAxis({ axis, left, right }) {
    const { context: c, header, theme } = this;
    const plot = { x: left, width: right - left };
    const below = header.letters ? axis + SIZE.letters : axis;
    if (header.letters) this.letters(plot, axis);
    for (const t of indexTicks(header.steps, plot.width / 52)) {
      const x = Math.round(centreOf(plot, header.steps, t)) + 0.5;
      c.strokeStyle = theme.text;
      c.globalAlpha = 0.5;
      c.beginPath();
      c.moveTo(x, axis + 1);
      c.lineTo(x, axis + 6);
      c.stroke();
      this.write(String(t), x, below + 15, { align: "center" });
    }
    this.write(header.time, (left + right) / 2, below + 35, { align: "center" });
  }

  /** The symbol at each step, as far as they fit beside each other. */
  letters(plot, axis) {
    const every = Math.ceil((8 * this.header.steps) / plot.width);
    this.header.letters.forEach((letter, t) => {
      if (t % every === 0) this.write(letter, centreOf(plot, this.header.steps, t), axis + 14, { align: "center", alpha: 1 });
    });
  }
}
