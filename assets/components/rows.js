// Rows as the painter and the tooltip read them: where values come from and how they are written.
import { frameOf, restore } from "./wire.js";
import { fixed, number, power } from "./ticks.js";

/** Complete the header's rows with what follows from them. */
export function prepare(header, arrays) {
  const heats = new Map();
  for (const row of header.rows) {
    if (row.kind !== "heat") continue;
    row.data = arrays[row.array];
    row.missing = row.data.values.includes(0);
    row.ends = [end(row, row.low, row.clipped[0] && "≤ "), end(row, row.high, row.clipped[1] && "≥ ")];
    heats.set(row.signal, row);
  }
  for (const row of header.rows) {
    if (row.kind === "lines") for (const line of row.lines) line.data = arrays[line.array];
    if (row.kind !== "unit") continue;
    const shown = row.signals.map((signal) => heats.get(signal)).filter(Boolean);
    row.lines = shown.map((heat) => ({ signal: heat.signal, name: heat.title, heat }));
    row.rules = [];
  }
  return header;
}

function end(row, value, mark) {
  const exponent = Math.log10(value);
  const text = row.scale === "log" && Number.isInteger(exponent) ? power(exponent) : number(value);
  return (mark || "") + text;
}

/** A line's T values: as they are, or as logarithms in a row on a log scale. */
export function series(line, frame, unit) {
  if (!line.heat) return frameOf(line.data, line.film, frame);
  const { heat } = line;
  const codes = frameOf(heat.data, heat.film, frame);
  const steps = heat.data.shape.at(-1);
  const row = rowOf(heat, unit);
  return Float32Array.from(codes.subarray(row * steps, (row + 1) * steps), (code) => restore(code, heat));
}

/** The index of a unit's row; the first where the unit is not among them. */
export function rowOf(heat, unit) {
  return Math.max(0, heat.labels.indexOf(unit));
}

/** A heat map's value as text, in the digits that its 255 levels carry. */
export function heatText(row, frame, index, t) {
  const steps = row.data.shape.at(-1);
  const code = frameOf(row.data, row.film, frame)[index * steps + t];
  if (code === 0) return "–";
  const value = restore(code, row);
  const mark = (code === 1 && row.clipped[0] && "≤ ") || (code === 255 && row.clipped[1] && "≥ ") || "";
  if (row.scale === "log") return mark + number(value, 2);
  return mark + fixed(value, Math.max(0, Math.floor(-Math.log10((row.high - row.low) / 255))));
}

export function lineText(row, values, t) {
  const value = values[t];
  if (row.scale !== "log") return number(value, 3);
  return value === -Infinity ? "0" : logText(value);
}

/** 10 to the `value`, also where a double no longer holds it. */
function logText(value) {
  if (!Number.isFinite(value)) return number(value);
  if (value > -300) return number(10 ** value, 2);
  const exponent = Math.floor(value);
  return `${(10 ** (value - exponent)).toFixed(1)}×${power(exponent)}`;
}
