// What follows the pointer: the cursor over all rows, the pinned units, the tooltip.
import { centreOf, placeIn, timeLabels } from "./axes.js";
import { SIZE } from "./layout.js";
import { courseOf, heatText, labelAt, lineText, placeOf, valuesOf } from "./rows.js";
import { number } from "../ticks.js";

const MOST = 11;
const NAME = 13; // pixels that a number beside a map takes

/** Draw the picked and the hovered time step, the pinned units, and the place in the training. */
export function paintOverlay(pen, layout, header, view) {
  const { context, theme } = pen;
  const { t, pinned, step, selection: { pointed } } = view;
  context.clearRect(0, 0, layout.width, layout.height);
  for (const { row, plot } of layout.courses) {
    if (step !== undefined && !row.ticks) upright(context, plot, theme, placeIn(row, plot)(step), 0.95, 1.6);
  }
  for (const at of layout.films) {
    if (!at.rows.length) continue;
    for (const mark of header.marks) band(context, at, header, theme, mark);
    if (header.stretch) frameStretch(context, at, header, theme);
    const under = pointed.t < header.steps ? pointed.t : undefined;
    timeLabels(pen, at, header, layout, [t, under].filter((each) => each !== null && each !== undefined));
    if (under !== undefined && under !== t) bar(context, layout, at, header, theme, under, 0.45, 1);
    if (t !== null) bar(context, layout, at, header, theme, t, 0.95, 1.6);
    for (const { row, plot, unit } of at.rows) {
      if (row.picks) pinned.forEach((unit, k) => frameUnit(context, row, plot, theme, unit, pinned.slice(k + 1)));
      if (pointed.unit !== undefined) hoveredUnit(view, at, row, plot, unit);
      if (row.kind === "trained") outlineFrame(context, at.film, plot, theme);
    }
  }
}

/** The unit under a pointer, here or in another component: outlined in maps, its line and panel brought out. */
function hoveredUnit({ brush, above, selection: { pointed } }, { film }, row, plot, unit) {
  const { context, theme } = above;
  if (row.picks) frameUnit(context, row, plot, theme, pointed.unit, []);
  else if (row.kind === "pinned" && unit === pointed.unit) {
    context.strokeStyle = theme.text;
    context.lineWidth = 2;
    context.strokeRect(plot.x, plot.y, plot.width, plot.height);
  } else if (row.kind === "bundle") {
    const values = courseOf(row.signal, pointed.unit, film);
    brush.inside(plot, () => brush.line(row, { signal: row.signal }, values, plot, film.every));
  }
}

function bar(c, layout, at, header, theme, t, alpha, width) {
  const x = centreOf({ x: at.left, width: at.right - at.left }, header.steps, t);
  for (const { plot } of at.rows) upright(c, plot, theme, x, alpha, width);
  pill(c, theme, String(t), x, layout.axis + (layout.letters ? SIZE.letters + 15 : 15), alpha > 0.5 ? 1 : 0.7, layout.width);
}

/** A marked time step in all rows: its cells stay in sight. */
function band(c, at, header, theme, t) {
  const each = (at.right - at.left) / header.steps;
  const x = centreOf({ x: at.left, width: at.right - at.left }, header.steps, t) - each / 2;
  c.globalAlpha = 0.55;
  c.fillStyle = theme.text;
  for (const { plot } of at.rows) for (const edge of [x, x + each]) c.fillRect(Math.round(edge), plot.y, 1, plot.height);
  c.globalAlpha = 0.1;
  for (const { row, plot } of at.rows) if (row.kind !== "heat") c.fillRect(x, plot.y, each, plot.height);
  c.globalAlpha = 1;
}

/** A stretch of time in all rows: a frame round all of its steps. */
function frameStretch(c, at, header, theme) {
  const each = (at.right - at.left) / header.steps;
  const [first, last] = header.stretch;
  c.strokeStyle = theme.text;
  c.lineWidth = 2;
  for (const { plot } of at.rows) c.strokeRect(at.left + first * each, plot.y, (last + 1 - first) * each, plot.height);
}

function upright(c, plot, theme, x, alpha, width) {
  for (const [colour, wide, strength] of [[theme.page, width + 2, 0.7 * alpha], [theme.text, width, alpha]]) {
    c.globalAlpha = strength;
    c.fillStyle = colour;
    c.fillRect(x - wide / 2, plot.y, wide, plot.height);
  }
  c.globalAlpha = 1;
}

function pill(c, theme, text, at, y, alpha, width) {
  c.font = `600 13px ${theme.font}`;
  const half = c.measureText(text).width / 2 + 7;
  const x = Math.min(at, width - half);
  c.globalAlpha = alpha;
  c.fillStyle = theme.text;
  c.beginPath();
  c.roundRect(x - half, y - 9.5, 2 * half, 19, 9);
  c.fill();
  c.globalAlpha = 1;
  c.fillStyle = theme.page;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(text, x, y + 0.5);
}

/** A pinned unit's row, with its number where that of no `newer` one stands. */
function frameUnit(c, row, plot, theme, unit, newer) {
  const place = placeOf(row, unit);
  if (place < 0) return;
  const each = plot.height / row.labels.length;
  const top = plot.y + place * each;
  outline(c, { ...plot, y: top, height: each }, theme);
  if (newer.some((other) => Math.abs(placeOf(row, other) - place) * each < NAME)) return;
  c.font = `700 13px ${theme.font}`;
  c.fillStyle = theme.text;
  c.textAlign = "right";
  c.textBaseline = "middle";
  c.fillText(String(unit), plot.x - 10, top + each / 2);
}

function outlineFrame(c, film, plot, theme) {
  const place = film.steps.indexOf(film.at);
  if (place < 0) return;
  const each = plot.height / film.steps.length;
  outline(c, { ...plot, y: plot.y + place * each, height: each }, theme);
}

/** Two hairlines along a row of cells, and a wedge before it: its neighbours stay in sight. */
function outline(c, plot, theme) {
  c.fillStyle = theme.text;
  for (const y of [plot.y - 1, plot.y + plot.height]) c.fillRect(plot.x, y, plot.width, 1);
  const middle = plot.y + plot.height / 2;
  c.beginPath();
  c.moveTo(plot.x - 1, middle);
  c.lineTo(plot.x - 7, middle - 4);
  c.lineTo(plot.x - 7, middle + 4);
  c.fill();
}

/** Every value at a place: [{ name, text, bound, signal, here }], the row under the pointer marked. */
export function readings(header, at, unit, t, place) {
  const found = [];
  const { film } = at;
  for (const { row, unit: own } of at.rows) {
    const here = row === place?.row && (own === undefined || own === place.unit);
    if (row.kind === "heat") {
      if (!row.picks && !here) continue;
      const label = row.picks ? unit : place.label;
      found.push({ name: row.title, ...heatText(row, film, label, t), signal: row.signal, here });
    } else if (row.kind === "lines") {
      for (const line of row.lines) {
        const values = valuesOf(line, film, header);
        if (!line.name || line.faint || (line.dots && Number.isNaN(values?.[t]))) continue;
        found.push({ name: line.name, text: lineText(row, values, t), signal: line.signal, colour: line.colour, here });
      }
    } else if (row.kind === "trained" && here) {
      const values = film.held.get(place.step)?.[row.source].values;
      found.push({ name: row.title, text: lineText(row, values, t), signal: row.signal, here });
    } else if (row.kind === "pinned" && here) {
      for (const signal of row.signals) {
        if (at.rows.some((other) => other.row.picks && other.row.signal === signal)) continue;
        const value = courseOf(signal, own, film)?.[Math.floor(t / film.every)];
        found.push({ signal, text: value === undefined ? "–" : number(value, 2), here });
      }
    }
  }
  const first = found.filter((reading) => reading.here);
  return found.length <= MOST ? found : [...first, ...found.filter((reading) => !reading.here)].slice(0, MOST);
}

/** Every value of what is drawn over the training, where one points: [{ name, text, signal, colour }]. */
export function courseReadings({ row, at: step }) {
  return row.lines.filter((line) => line.name).flatMap((line) => {
    const k = nearest(line.at, step);
    if (k < 0) return [];
    return [{ name: line.name, text: lineText(row, line.values, k), signal: line.signal, colour: line.colour, at: line.at[k] }];
  });
}

function nearest(places, at) {
  let found = places.length - 1;
  while (found > 0 && Math.abs(places[found - 1] - at) <= Math.abs(places[found] - at)) found--;
  return found;
}

/** The tooltip's first line: where one points. */
export function placeText(header, t, unit, place) {
  const name = place && header.films.length > 1 ? `${place.at.film.name} · ` : "";
  const row = place?.row;
  if (row?.kind === "heat" && !row.picks) return `${name}t = ${t} · ${row.y} ${place.label}`;
  if (row?.kind === "trained") {
    const epoch = header.playback?.frames.find(([step]) => step === place.step)?.[1] ?? "";
    return `${name}t = ${t} · ${epoch}`;
  }
  const units = header.films.some((film) => film.rows.some((other) => other.picks));
  return name + (units && unit !== null ? `t = ${t} · ${header.words.unit} ${unit}` : `t = ${t}`);
}
