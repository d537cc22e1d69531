// A canvas context with the theme's ink and the signals' colours.
import { FONT } from "./layout.js";
import { lookup } from "../theme.js";
import { LEVELS } from "../wire.js";

export class Pen {
  constructor(context, theme, looks) {
    Object.assign(this, { context, theme, looks, ramps: new Map() });
  }

  colour(signal) {
    return this.looks[signal].colour[this.theme.name];
  }

  write(text, x, y, { font = FONT.text, align = "left", base = "middle", alpha = 0.82, ink = this.theme.text } = {}) {
    const { context: c, theme } = this;
    c.font = font(theme);
    c.textAlign = align;
    c.textBaseline = base;
    c.fillStyle = ink;
    c.globalAlpha = alpha;
    c.fillText(text, x, y);
    c.globalAlpha = 1;
  }

  /** Set the stroke of a line: its colour, thin where it is one of many, broad and pale where it stands for them. */
  stroke(line, dash = line.dash ?? (line.dashed ? [7, 4] : [])) {
    const { context: c } = this;
    c.strokeStyle = c.fillStyle = line.colour?.[this.theme.name] ?? this.colour(line.signal);
    c.lineWidth = line.broad ? 8 : line.faint ? 1.1 : 2.2;
    c.globalAlpha = line.broad ? 0.25 : line.faint ? 0.55 : 1;
    c.lineJoin = "round";
    c.setLineDash(dash);
  }

  rule(x1, y1, x2, y2) {
    const { context: c } = this;
    c.beginPath();
    c.moveTo(x1, y1);
    c.lineTo(x2, y2);
    c.stroke();
  }

  box(plot) {
    const { context: c } = this;
    c.strokeStyle = this.theme.border;
    c.lineWidth = 1;
    c.strokeRect(plot.x - 0.5, plot.y - 0.5, plot.width + 1, plot.height + 1);
  }

  /** The signal's ramp: 256 colours, entry 0 for what has no value. */
  ramp(signal) {
    if (!this.ramps.has(signal)) this.ramps.set(signal, lookup(this.looks[signal].ramp[this.theme.name]));
    return this.ramps.get(signal);
  }

  /** Write the colours of `count` codes between `ends`, on the row's own scale, as pixels. */
  paint(words, at, codes, from, count, { signal, scale, ends: [low, high] }, ends) {
    const ramp = this.ramp(signal);
    const each = (ends[1] - ends[0]) / (high - low);
    const first = (LEVELS * (ends[0] - low)) / (high - low) - 0.5 * each;
    for (let t = 0; t < count; t++) {
      const code = codes[from + t];
      const zero = scale === "log" && code === 1; // below all, whatever its unit's ends are
      const level = zero ? 0 : Math.min(Math.max(first + code * each, 0), LEVELS - 1);
      words[at + t] = code && ramp[1 + Math.floor(level)];
    }
  }
}
