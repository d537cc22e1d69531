// What stands still while a film plays: words, legends, axes, grids.
import { FONT, SIZE } from "./layout.js";
import { indexTicks, linearTicks, logTicks, number } from "../ticks.js";
import { labelAt, placeOf } from "./rows.js";

const SMALLEST = 0.8; // of its size: smaller, a title is cut off

export const centreOf = (plot, steps, t) => plot.x + (plot.width * (t + 0.5)) / steps;

/** Training step -> pixel, in what is drawn over the training; and back. */
export const placeIn = ({ begin, last }, plot) => (step) => plot.x + (plot.width * (step - begin)) / (last - begin || 1);
export const stepAt = ({ begin, last }, plot, x) => begin + ((x - plot.x) / plot.width) * (last - begin);

/** value -> pixel; on a log scale the value is a logarithm. */
export function heightOf({ ends: [low, high] }, plot) {
  return (value) => plot.y + plot.height * (1 - (value - low) / (high - low));
}

/** Draw the whole background of a layout. */
export function paintAxes(pen, layout, header, hatch, pinned) {
  pen.context.clearRect(0, 0, layout.width, layout.height);
  for (const at of layout.courses) courseAxes(pen, at, header, hatch);
  for (const at of layout.films) {
    if (layout.films.length > 1) name(pen, at, layout.top);
    for (const { row, heads, plot, unit } of at.rows) {
      for (const each of heads) head(pen, each, header, hatch);
      if (unit === null) continue;
      if (at.index === 0 && plot.height) yTitle(pen, row.y, plot);
      if (row.kind === "heat") labels(pen, row, plot, pinned);
      else if (row.kind === "trained") epochs(pen, row, at.film, header, plot);
      else grid(pen, row, plot, at.index === 0);
      for (const rule of row.rules ?? []) mark(pen, row, rule, plot);
      pen.box(plot);
    }
    if (at.rows.length) timeAxis(pen, at, header, layout);
  }
}

function name(pen, { film, left, right }, top) {
  const { context: c } = pen;
  c.fillStyle = film.colour[pen.theme.name] ?? pen.theme.text;
  c.fillRect(left, top + 1, 4, 18);
  pen.write(film.name, left + 11, top + 10, { font: FONT.title, alpha: 1 });
  c.clearRect(right + 1, top, 14, 20);
}

function courseAxes(pen, { row, heads, plot }, header, hatch) {
  for (const each of heads) head(pen, each, header, hatch);
  yTitle(pen, row.y, plot);
  grid(pen, row, plot, true);
  course(pen, row, plot);
  for (const rule of row.rules) mark(pen, row, rule, plot);
  pen.box(plot);
}

function head(pen, head, header, hatch) {
  const { context: c, theme } = pen;
  const y = head.y + SIZE.line / 2;
  if (head.kind === "worked") return undefined; // the painter knows the answer
  if (head.kind === "title") return pen.write(head.text, head.x, y, { font: FONT.title, alpha: 1 });
  if (head.kind === "hint") return pen.write(head.text, head.x, y, { alpha: 0.75 });
  if (head.kind === "bar") return bar(pen, head, y, header);
  if (head.kind === "missing") {
    c.fillStyle = hatch;
    c.fillRect(head.x, y - 6, SIZE.swatch, 12);
  } else {
    pen.stroke({ ...head, faint: false });
    c.lineWidth = 3;
    if (head.dots) {
      c.lineWidth = 2.2;
      c.beginPath();
      c.arc(head.x + SIZE.swatch / 2, y, head.ring ? 6 : 4, 0, 7);
      head.ring ? c.stroke() : c.fill();
    } else pen.rule(head.x, y, head.x + SIZE.swatch, y);
    c.setLineDash([]);
    c.globalAlpha = 1;
  }
  return pen.write(head.text, head.x + SIZE.swatch + 6, y);
}

function bar(pen, head, y, header) {
  const { context: c, theme } = pen;
  c.font = FONT.text(theme);
  const x = Math.round(head.x + c.measureText(head.ends[0]).width + 6);
  pen.write(head.ends[0], head.x, y);
  const ramp = header.looks[head.signal].ramp[theme.name];
  const fill = c.createLinearGradient(x, 0, x + SIZE.bar, 0);
  ramp.forEach((stop, k) => fill.addColorStop(k / (ramp.length - 1), stop));
  c.fillStyle = fill;
  c.fillRect(x, y - 6, SIZE.bar, 12);
  c.strokeStyle = theme.border;
  c.lineWidth = 1;
  c.strokeRect(x + 0.5, y - 5.5, SIZE.bar - 1, 11);
  pen.write(head.ends[1], x + SIZE.bar + 6, y);
}

/** A text, or its beginning, in so much room. */
function cut(context, text, room) {
  const fits = (said) => context.measureText(said).width <= room;
  if (fits(text)) return text;
  let end = text.length - 1;
  while (end && !fits(`${text.slice(0, end)}…`)) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

function yTitle(pen, text, plot) {
  const { context: c, theme } = pen;
  c.save();
  c.translate(plot.x - SIZE.left + 13, plot.y + plot.height / 2);
  c.rotate(-Math.PI / 2);
  c.font = FONT.text(theme);
  const room = plot.height + SIZE.line;
  const said = cut(c, text, room / SMALLEST);
  const fit = Math.min(1, room / c.measureText(said).width);
  c.scale(fit, fit);
  pen.write(said, 0, 0, { align: "center" });
  c.restore();
}

/** Units are counted, so some numbers do; of symbols, and of sorted units, each has to be named. */
function labels(pen, row, plot, pinned) {
  const count = row.labels.length;
  const each = plot.height / count;
  const taken = row.picks ? pinned.map((unit) => placeOf(row, unit)) : []; // the overlay names these
  for (const index of indexTicks(count, plot.height / (row.codes ? 15 : 19))) {
    if (taken.some((place) => Math.abs(place - index) * each < 17)) continue;
    pen.write(String(labelAt(row, index)), plot.x - 7, plot.y + (index + 0.5) * each, { align: "right" });
  }
}

function epochs(pen, row, film, header, plot) {
  const said = new Map(header.playback?.frames.map(([step, , epoch]) => [step, epoch]));
  const each = plot.height / film.steps.length;
  for (const index of indexTicks(film.steps.length, plot.height / 19)) {
    const epoch = said.get(film.steps[index]);
    const text = epoch === undefined ? "" : number(Number(epoch.toFixed(1)));
    pen.write(text, plot.x - 7, plot.y + (index + 0.5) * each, { align: "right" });
  }
}

function grid(pen, row, plot, first) {
  const { context: c, theme } = pen;
  const log = row.scale === "log";
  const place = heightOf(row, plot);
  for (const { value, text } of ticksOf(row, plot.height)) {
    const y = Math.round(place(value)) + 0.5;
    c.strokeStyle = theme.border;
    c.lineWidth = 1;
    c.globalAlpha = value === 0 && !log ? 1 : 0.6;
    pen.rule(plot.x, y, plot.x + plot.width, y);
    c.globalAlpha = 1;
    if (first) pen.write(text, plot.x - 7, y, { align: "right" });
  }
}

/** What an axis of so many pixels has room to say: of names not all, of numbers no fewer than two. */
export function ticksOf({ names, scale, ends }, height) {
  if (names) return indexTicks(names.length, height / 15).map((value) => ({ value, text: names[value] }));
  const [make, each] = scale === "log" ? [logTicks, 22] : [linearTicks, 24];
  const ticks = make(...ends, height / each);
  return ticks.length > 1 ? ticks : make(...ends, 2);
}

/** A value that means something, where it lies on the axis. */
function mark(pen, row, { value, label }, plot) {
  const { context: c, theme } = pen;
  if (value < row.ends[0] || value > row.ends[1]) return;
  const y = Math.round(heightOf(row, plot)(value)) + 0.5;
  c.strokeStyle = theme.text;
  c.globalAlpha = 0.75;
  c.lineWidth = 1.2;
  c.setLineDash([2, 4]);
  pen.rule(plot.x, y, plot.x + plot.width, y);
  c.setLineDash([]);
  c.font = FONT.text(theme);
  const room = c.measureText(label).width;
  if (room + 12 > plot.width) return;
  const x = plot.x + plot.width - 6 - room;
  const sides = [y - 10, y + 11].filter((each) => each - 8 > plot.y && each + 8 < plot.y + plot.height);
  const [middle = y - 10] = sides.sort((a, b) => crowd(row, plot, x, a) - crowd(row, plot, x, b));
  c.fillStyle = theme.page;
  c.globalAlpha = 0.85;
  c.fillRect(x - 3, middle - 8, room + 6, 16);
  pen.write(label, x, middle, { alpha: 0.9 });
}

/** How many points of curves over the training lie from x on, around a height: a label would hide them. */
function crowd(row, plot, x, middle) {
  if (row.kind !== "course") return 0;
  const [across, up] = [placeIn(row, plot), heightOf(row, plot)];
  const near = ({ at, values }) => values.filter((value, k) => across(at[k]) >= x && Math.abs(up(value) - middle) < 10);
  return row.lines.reduce((count, line) => count + near(line).length, 0);
}

/** The axis of a row over the training: epochs, where they are known. */
function course(pen, row, plot) {
  const { perEpoch, last } = row;
  const epochs = () => linearTicks(0, last / perEpoch, plot.width / 60).map(({ value, text }) => [value * perEpoch, text]);
  for (const [step, text] of row.ticks ?? epochs()) {
    pen.write(text, placeIn(row, plot)(step), plot.y + plot.height + 12, { align: "center" });
  }
  pen.write(row.x, plot.x + plot.width / 2, plot.y + plot.height + 29, { align: "center" });
}

function timeAxis(pen, { left, right }, header, { axis, letters }) {
  const { context: c, theme } = pen;
  const plot = { x: left, width: right - left };
  const below = letters ? axis + SIZE.letters : axis;
  letters?.forEach((letter, t) => pen.write(letter, centreOf(plot, header.steps, t), axis + 14, { align: "center", alpha: 1 }));
  for (const t of indexTicks(header.steps, plot.width / 52)) {
    const x = Math.round(centreOf(plot, header.steps, t)) + 0.5;
    c.strokeStyle = theme.text;
    c.lineWidth = 1;
    c.globalAlpha = 0.5;
    pen.rule(x, axis + 1, x, axis + 6);
    c.globalAlpha = 1;
  }
  if (!header.fits) pen.write(header.time, (left + right) / 2, below + 35, { align: "center" });
}

/** The numbers at the time axis, but for those that a cursor's own would touch. */
export function timeLabels(pen, { left, right }, header, { axis, letters }, cursors) {
  const plot = { x: left, width: right - left };
  const y = letters ? axis + SIZE.letters + 15 : axis + 15;
  const taken = cursors.map((t) => centreOf(plot, header.steps, t));
  for (const t of indexTicks(header.steps, plot.width / 52)) {
    const x = centreOf(plot, header.steps, t);
    if (!taken.some((other) => Math.abs(other - x) < 14 + 4 * (1 + String(t).length))) pen.write(String(t), Math.round(x), y, { align: "center" });
  }
}
