// What follows the pointer: the cursor over all rows, the picked unit, the tooltip.
import { FONT } from "./layout.js";
import { centreOf } from "./paint.js";
import { heatText, lineText, rowOf, series } from "./rows.js";

const MOST = 10;

/** Draw the picked and the hovered time step, and the picked unit in every heat map that has it. */
export function paintOverlay(context, layout, header, theme, { t, unit, hover }) {
  context.clearRect(0, 0, layout.width, layout.height);
  if (hover && hover.t !== t) bar(context, layout, header, theme, hover.t, 0.45, 1);
  if (t !== null) bar(context, layout, header, theme, t, 0.95, 1.6);
  if (unit !== null) for (const { row, plot } of layout.rows) if (row.picks) frameUnit(context, row, plot, theme, unit);
}

function bar(c, layout, header, theme, t, alpha, width) {
  const x = centreOf({ x: layout.left, width: layout.right - layout.left }, header.steps, t);
  for (const { plot } of layout.rows) {
    for (const [colour, wide, strength] of [[theme.page, width + 2, 0.7 * alpha], [theme.text, width, alpha]]) {
      c.globalAlpha = strength;
      c.fillStyle = colour;
      c.fillRect(x - wide / 2, plot.y, wide, plot.height);
    }
  }
  c.globalAlpha = 1;
  pill(c, theme, String(t), x, layout.axis + 15, alpha > 0.5 ? 1 : 0.7, layout.width);
}

function pill(c, theme, text, at, y, alpha, width) {
  c.font = `600 13px ${theme.font}`;
  const half = c.measureText(text).width / 2 + 7;
  const x = Math.min(at, width - half);
  c.fillStyle = theme.page; // hides the tick labels that it would touch
  c.fillRect(x - half - 12, y - 9, 2 * half + 24, 18);
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

function frameUnit(c, row, plot, theme, unit) {
  const index = row.labels.indexOf(unit);
  if (index < 0) return;
  const each = plot.height / row.labels.length;
  const top = plot.y + index * each;
  // Around the unit's cells, not over them.
  for (const [colour, gap, width] of [[theme.page, 1, 2], [theme.text, 2.5, 1.6]]) {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.strokeRect(plot.x - gap, top - gap, plot.width + 2 * gap, each + 2 * gap);
  }
  c.font = FONT.text(theme);
  const room = c.measureText(String(unit)).width;
  c.fillStyle = theme.page;
  c.fillRect(plot.x - 11 - Math.max(room, 18), top + each / 2 - 9, Math.max(room, 18) + 10, 18);
  c.font = `700 13px ${theme.font}`;
  c.fillStyle = theme.text;
  c.textAlign = "right";
  c.textBaseline = "middle";
  c.fillText(String(unit), plot.x - 7, top + each / 2);
}

/** Every value at a place: [{ name, text, signal, here }], the row under the pointer marked. */
export function readings(layout, header, frame, unit, t, place) {
  const found = [];
  for (const { row } of layout.rows) {
    const here = row === place?.row;
    if (row.kind === "heat") {
      if (!row.picks && !here) continue;
      const index = row.picks ? rowOf(row, unit) : place.index;
      found.push({ name: row.title, text: heatText(row, frame, index, t), signal: row.signal, here });
    } else if (row.kind === "lines") {
      for (const line of row.lines) {
        if (line.name && !line.faint) found.push({ name: line.name, text: lineText(row, series(line, frame, unit), t), signal: line.signal, here });
      }
    }
  }
  const first = found.filter((reading) => reading.here);
  return found.length <= MOST ? found : [...first, ...found.filter((reading) => !reading.here)].slice(0, MOST);
}

/** The tooltip's first line: where one points. */
export function placeText(header, t, unit, place) {
  const row = place?.row;
  if (row?.kind === "heat" && !row.picks) return `t = ${t} · ${row.y} ${row.labels[place.index]}`;
  const units = header.rows.some((other) => other.picks);
  return units && unit !== null ? `t = ${t} · ${header.words.unit} ${unit}` : `t = ${t}`;
}
