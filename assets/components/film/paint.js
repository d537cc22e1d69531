// What moves while a film plays: heat maps and lines.
import { centreOf, heightOf, placeIn } from "./axes.js";
import { lacks, SIZE } from "./layout.js";
import { courseOf, labelAt, mapOf, sourcesOf, valuesOf } from "./rows.js";
import { fixed } from "../ticks.js";

const FEW = 3; // points of a line over the training up to which they are dots, too

/** From -m to m, the largest magnitude between two ends. */
const around0 = ([low, high]) => {
  const most = Math.max(-low, high) || 1;
  return [-most, most];
};

/** What a row works out, with the last answer of the frame that is drawn; "" before there is one. */
export function workedOut(row, film) {
  const values = film.now?.[row.lines.find((line) => line.source)?.source]?.values;
  const answer = values && [...values].findLast((value) => !Number.isNaN(value));
  return answer === undefined ? "" : (row.workedNow ?? row.worked).replace("{answer}", fixed(answer, 2));
}

export class Painter {
  constructor(pen, header, hatch) {
    Object.assign(this, { pen, header, hatch, images: new WeakMap() });
  }

  paint(layout, pinned) {
    this.pinned = pinned;
    this.pen.context.clearRect(0, 0, layout.width, layout.height);
    for (const { row, plot } of layout.courses) {
      this.inside(plot, () => row.lines.forEach((line) => this.course(row, line, plot)));
    }
    for (const { film, rows } of layout.films) {
      for (const at of rows) {
        this.row(at, film);
        const worked = at.heads.find(({ kind }) => kind === "worked");
        if (worked) this.pen.write(workedOut(at.row, film), worked.x, worked.y + SIZE.line / 2, { alpha: 1 });
      }
    }
  }

  row({ row, plot, unit }, film) {
    if (unit === null) return;
    if (row.kind === "heat") this.heat(row, film, plot);
    else if (row.kind === "trained") this.trained(row, film, plot);
    else this.courses(row, film, plot, unit);
    if (sourcesOf(row).some((source) => film.now?.[source]?.stale)) this.veil(plot);
  }

  courses(row, film, plot, unit) {
    this.inside(plot, () => this.lines(row, film, plot, unit), row.lines?.some((line) => line.dots) ? 9 : 1);
  }

  /** What belongs to the true example, while another one is shown. */
  veil(plot) {
    const { context: c, theme } = this.pen;
    c.globalAlpha = 0.7;
    c.fillStyle = theme.page;
    c.fillRect(plot.x, plot.y, plot.width, plot.height);
    c.globalAlpha = 1;
    this.pen.write(this.header.touch.words.stale, plot.x + plot.width / 2, plot.y + plot.height / 2, { align: "center", alpha: 1 });
  }

  /** Draw no further than a plot and a margin, which points at its edges need. */
  inside(plot, draw, margin = 1) {
    const { context: c } = this.pen;
    c.save();
    c.beginPath();
    c.rect(plot.x, plot.y - margin, plot.width + margin - 1, plot.height + 2 * margin);
    c.clip();
    draw();
    c.restore();
  }

  heat(row, film, plot) {
    const map = mapOf(row, film);
    if (!map) return;
    const rows = row.labels.length;
    const steps = map.codes.length / rows;
    const image = this.image(row, map.codes, [steps, rows], (words) => {
      for (let place = 0; place < rows; place++) {
        const index = row.order ? row.order[place] : place;
        const ends = map.endsOf(index);
        this.pen.paint(words, place * steps, map.codes, index * steps, steps, row.each ? { ...row, ends: around0(ends) } : row, ends);
      }
    });
    this.draw(image, plot, (plot.width * steps * row.every) / this.header.steps);
    if (map.codes.includes(0)) this.missing(map.codes, row, steps, plot);
  }

  /** The norms of all frames, one above the other. */
  trained(row, film, plot) {
    const { steps } = this.header;
    if (!film.steps.length) return; // its frames are on their way
    const image = this.image(row, film.steps, [steps, film.steps.length], (words) => {
      const ramp = this.pen.ramp(row.signal);
      const [low, high] = row.ends;
      film.steps.forEach((step, k) => {
        const { values } = film.held.get(step)[row.source];
        for (let t = 0; t < steps; t++) {
          const share = Math.min(Math.max((values[t] - low) / (high - low), 0), 1);
          words[k * steps + t] = Number.isNaN(values[t]) ? 0 : ramp[1 + Math.floor(share * 254)];
        }
      });
    });
    this.draw(image, plot, plot.width);
    const high = plot.height / film.steps.length;
    film.steps.forEach((step, k) => {
      const frame = film.held.get(step);
      if (!lacks(row, frame)) return;
      const { values } = frame[row.source];
      this.gaps((t) => !(values[t] < Infinity), steps, { ...plot, y: plot.y + k * high, height: high });
    });
  }

  /** A canvas of one pixel a value, filled anew when what it shows is another. */
  image(row, shown, [wide, high], fill) {
    const known = this.images.get(row);
    if (known?.shown === shown) return known.canvas;
    const canvas = known?.canvas ?? document.createElement("canvas");
    const same = known && canvas.width === wide && canvas.height === high;
    if (!same) [canvas.width, canvas.height] = [wide, high];
    const context = canvas.getContext("2d");
    const pixels = same ? known.pixels : new ImageData(wide, high);
    fill(new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
    this.images.set(row, { canvas, pixels, shown });
    return canvas;
  }

  draw(image, plot, width) {
    const { context: c } = this.pen;
    c.imageSmoothingEnabled = plot.width < image.width || plot.height < image.height;
    c.imageSmoothingQuality = "high";
    if (width <= plot.width) c.drawImage(image, plot.x, plot.y, width, plot.height);
    else this.inside(plot, () => c.drawImage(image, plot.x, plot.y, width, plot.height));
  }

  missing(codes, row, steps, plot) {
    const [width, height] = [(plot.width * row.every * steps) / this.header.steps, plot.height / row.labels.length];
    for (let place = 0; place < row.labels.length; place++) {
      const from = row.labels.indexOf(labelAt(row, place)) * steps;
      this.gaps((t) => !codes[from + t], steps, { x: plot.x, y: plot.y + place * height, width, height });
    }
  }

  /** Hatch the steps of a map's row that have no value. */
  gaps(isGone, steps, { x, y, width, height }) {
    const { context: c } = this.pen;
    c.fillStyle = this.hatch;
    const wide = width / steps;
    for (let t = 0; t < steps; t++) {
      if (!isGone(t)) continue;
      const start = t;
      while (t + 1 < steps && isGone(t + 1)) t++;
      c.fillRect(x + start * wide, y, (t - start + 1) * wide, height);
    }
  }

  lines(row, film, plot, unit) {
    const run = film.measured && film.measured !== film.now && { ...film, now: film.measured }; // as it was measured
    if (row.kind === "pinned") {
      for (const signal of run ? row.signals : []) this.line(row, { signal, faint: true }, courseOf(signal, unit, run), plot, film.every);
      for (const signal of row.signals) this.line(row, { signal }, courseOf(signal, unit, film), plot, film.every);
    } else if (row.kind === "bundle") {
      const last = (each) => this.pinned.includes(each); // drawn on top, and full
      for (const each of [...film.units].sort((a, b) => last(a) - last(b))) {
        this.line(row, { signal: row.signal, faint: !last(each) }, courseOf(row.signal, each, film), plot, film.every);
      }
    } else {
      for (const line of row.lines) {
        const ghost = line.source ? run && valuesOf(line, run, this.header) : line.ghost;
        if (ghost) this.line(row, { ...line, faint: true }, ghost, plot);
        this.line(row, line, valuesOf(line, film, this.header), plot);
      }
    }
  }

  line(row, line, values, plot, every = 1) {
    if (!values) return;
    const { pen } = this;
    const { context: c } = pen;
    const place = heightOf(row, plot);
    const [floor, ceiling] = row.ends; // beyond which the outbreak of a diverged run goes
    const steps = this.header.steps;
    pen.stroke(line);
    c.beginPath();
    let drawn = false;
    const [gone, fallen, risen] = [[], [], []];
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      if (Number.isNaN(value) || value === Infinity || (value === -Infinity && row.scale !== "log")) {
        gone.push(k);
        drawn = false;
        continue;
      }
      const x = centreOf(plot, steps, k * every);
      if (value < floor) fallen.push(x);
      if (value > ceiling) risen.push(x);
      const y = place(Math.min(Math.max(value, floor), ceiling));
      if (line.dots) c.moveTo(x + (line.ring ? 7 : 4), y), c.arc(x, y, line.ring ? 7 : 4, 0, 7);
      else if (values.length === 1) c.moveTo(x + 4, y), c.arc(x, y, 4, 0, 7); // the time step's bar hides less
      else if (drawn) c.lineTo(x, y);
      else c.moveTo(x, y), c.lineTo(x + 0.01, y);
      drawn = true;
    }
    if (values.length === 1 || (line.dots && !line.ring)) c.fill();
    else c.stroke();
    c.setLineDash([]);
    this.beyond(fallen, plot.y + plot.height, -1);
    this.beyond(risen, plot.y, 1);
    c.globalAlpha = 1;
    if (line.dots) return;
    c.fillStyle = this.hatch;
    const wide = (plot.width * every) / steps;
    for (const k of gone) c.fillRect(plot.x + k * wide, plot.y, wide, plot.height);
  }

  /** Beyond an edge of the axis (or zero, on a log axis): at the edge, with a mark that points out. */
  beyond(places, y, inwards) {
    const { context: c } = this.pen;
    let last = -Infinity;
    for (const x of places) {
      if (x - last < 11) continue;
      last = x;
      c.beginPath();
      c.moveTo(x - 5, y + 9 * inwards);
      c.lineTo(x + 5, y + 9 * inwards);
      c.lineTo(x, y + inwards);
      c.fill();
    }
  }

  /** A line of few points is hardly seen. */
  dots(row, line, plot, place) {
    const { context: c } = this.pen;
    for (let k = 0; k < line.values.length; k++) {
      const [x, y] = [placeIn(row, plot)(line.at[k]), place(line.values[k])];
      if (Number.isFinite(y)) c.moveTo(x + 2, y), c.arc(x, y, 2, 0, 7);
    }
  }

  course(row, line, plot) {
    const { pen } = this;
    const place = heightOf(row, plot);
    pen.stroke(line);
    pen.context.beginPath();
    let drawn = false;
    let before;
    for (let k = 0; k < line.values.length; k++) {
      const [x, y] = [placeIn(row, plot)(line.at[k]), place(line.values[k])];
      if (!Number.isFinite(y)) drawn = false;
      else if (drawn) {
        if (line.stepped) pen.context.lineTo(x, before);
        pen.context.lineTo(x, y);
      } else pen.context.moveTo(x, y), (drawn = true);
      before = y;
    }
    if (line.values.length <= FEW) this.dots(row, line, plot, place);
    pen.context.stroke();
    pen.context.setLineDash([]);
    pen.context.globalAlpha = 1;
  }
}
