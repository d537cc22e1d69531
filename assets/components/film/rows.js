// Rows as the painter and the tooltip read them: where values come from, on which scale they are
// drawn, and how they are written.
import { LEVELS, restore } from "../wire.js";
import { keep } from "./store.js";
import { fixed, number, power, roundUp } from "../ticks.js";

const FAR = 3; // decades beyond the first moment from which those of a diverged run set no scale

/** Complete a header's columns with what they hold; what is missing: [[film, steps], ...]. */
export function prepare(header, arrays) {
  const missing = [];
  for (const column of header.columns) {
    column.held = new Map();
    if (column.film) {
      const { film, missing: steps } = keep(column, arrays);
      column.held = film;
      if (steps.length) missing.push([column.film, steps]);
    }
    column.steps = [...column.held.keys()].sort((a, b) => a - b);
    column.sample = column.held.get(column.steps.at(-1));
    column.calm = calmOf(column);
    for (const row of column.rows) complete(row, column, arrays);
  }
  for (const row of header.courses) {
    row.reach = row.ends;
    for (const line of row.lines) [line.at, line.values] = [arrays[line.steps].values, arrays[line.array].values];
  }
  header.columns[0].rows.forEach((_, k) => share(header.columns.map((column) => column.rows[k])));
  return missing;
}

function complete(row, column, arrays) {
  row.scale ??= "linear";
  const tracks = tracksOf(row);
  const known = column.sample?.[tracks[0]];
  if (known && row.kind !== "lines") row.scale = known.scale;
  if (row.kind === "heat") {
    if (row.track) row.labels = column.units;
    else row.codes = arrays[row.array].values;
    row.order = row.picks && column.order ? column.order.map((unit) => row.labels.indexOf(unit)) : null;
    row.every = row.track ? column.every : 1;
  }
  if (row.kind === "lines") {
    for (const line of row.lines) if (line.array !== null) line.values = arrays[line.array].values;
  }
  if (row.kind === "lines" && row.fixed) return;
  row.reach = around([row.ends ?? [null, null], ...endsIn(column.held.values(), tracks)]);
  row.ends = around([row.ends ?? [null, null], ...endsIn(column.calm, tracks)]) ?? [0, 1];
}

const endsIn = (moments, tracks) =>
  [...moments].flatMap((moment) => tracks.filter((name) => moment[name]).map((name) => moment[name].ends));

/** The ends around several; null where there are none. */
function around(ends) {
  const [lows, highs] = [0, 1].map((k) => ends.map((each) => each[k]).filter((end) => end !== null));
  return lows.length ? [Math.min(...lows), Math.max(...highs)] : null;
}

/** The moments that set a column's scales: all, but for the outbreak of a run that diverged. */
function calmOf(column) {
  const moments = [...column.held.values()];
  const first = column.held.get(column.steps[0]);
  const decades = ({ scale, ends: [low, high] }) => (scale === "log" ? high : Math.log10(Math.max(-low, high)));
  const far = (moment) => Object.keys(moment).some((name) => decades(moment[name]) - decades(first[name]) > FAR);
  return column.diverged ? moments.filter((moment) => !far(moment)) : moments;
}

/** The tracks that a row draws. */
function tracksOf(row) {
  if (row.kind === "lines") return row.lines.filter((line) => line.track).map((line) => line.track);
  if (row.kind === "pinned") return row.signals;
  if (row.kind === "bundle") return [row.signal];
  return row.track ? [row.track] : [];
}

/** Rows beside each other are drawn on one scale, heat maps as far as they show the same signal. */
function share(rows) {
  for (const first of rows) {
    const alike = rows.filter((row) => row.kind === first.kind && row.scale === first.scale && row.signal === first.signal);
    const ends = [Math.min(...alike.map((row) => row.ends[0])), Math.max(...alike.map((row) => row.ends[1]))];
    for (const row of alike) row.ends = ends;
  }
}

/** Where a column stands at a training step: its newest moment up to there. */
export function momentAt(column, step) {
  let found = column.steps[0];
  for (const each of column.steps) {
    if (each > step) break;
    found = each;
  }
  return { step: found, moment: column.held.get(found) };
}

/** A heat map now: { codes, endsOf(index) }, undefined before its first moment is here. */
export function mapOf(row, column) {
  if (row.codes) return { codes: row.codes, endsOf: () => row.ends };
  const track = column.now?.[row.track];
  return track && { codes: track.values, endsOf: (index) => ownEnds(track, index) };
}

/** The ends between which a unit's levels lie. */
const ownEnds = ({ rows }, index) => [rows[2 * index], rows[2 * index + 1]];

/** A line's T values now; logarithms on a log scale. */
export function valuesOf(line, column, header) {
  const of = line.column === null || line.column === undefined ? column : header.columns[line.column];
  return line.track ? of.now?.[line.track]?.values : line.values;
}

/** A unit's values now in one of the film's heat maps, one for every time step it keeps. */
export function courseOf(signal, unit, column) {
  const track = column.now?.[signal];
  const row = column.units.indexOf(unit);
  if (!track || row < 0) return undefined;
  const steps = track.values.length / column.units.length;
  const ends = ownEnds(track, row);
  return Float32Array.from(track.values.subarray(row * steps, (row + 1) * steps), (code) => restore(code, ends));
}

/** Round ends around a unit's values in some heat maps, at all moments; those of gates are 0 and 1. */
export function reachOf(row, unit, column) {
  const index = column.units.indexOf(unit);
  let [low, high] = [0, 0];
  for (const moment of index < 0 ? [] : column.calm) {
    for (const signal of row.signals) {
      const track = moment[signal];
      if (!track) continue;
      const [lowest, highest] = ownEnds(track, index);
      low = Math.min(low, lowest);
      high = Math.max(high, highest, track.ends[0] === 0 ? track.ends[1] : highest);
    }
  }
  const each = roundUp(Math.max(high - low, 1e-6) / 6);
  return [Math.floor(low / each + 1e-9) * each, Math.max(Math.ceil(high / each - 1e-9) * each, each)];
}

/** The unit (or symbol) drawn at a place from the top, and the other way round. */
export const labelAt = (row, place) => row.labels[row.order ? row.order[place] : place];
export function placeOf(row, label) {
  const index = row.labels.indexOf(label);
  return row.order ? row.order.indexOf(index) : index;
}

/** A heat map's value as text, in the digits that its levels carry, and its bound. */
export function heatText(row, column, label, t) {
  const map = mapOf(row, column);
  const index = row.labels.indexOf(label);
  if (!map || index < 0) return { text: "–", bound: "" };
  const steps = map.codes.length / row.labels.length;
  const code = map.codes[index * steps + Math.floor(t / row.every)];
  if (code === 0) return { text: "–", bound: "" };
  const [low, high] = map.endsOf(index);
  const value = restore(code, [low, high]);
  const half = (high - low) / LEVELS / 2;
  const below = row.scale === "log" ? value <= row.ends[0] + half : code === 1 && row.clipped?.[0];
  const mark = (below && "≤ ") || (code === LEVELS && row.clipped?.[1] && "≥ ") || "";
  if (row.scale === "log") return { text: mark + logText(value), bound: `±${number(100 * (10 ** half - 1), 1)} %` };
  const decimals = Math.min(4, Math.max(0, Math.floor(-Math.log10(2 * half))));
  return { text: mark + fixed(value, decimals), bound: half < 5e-5 ? "" : `±${number(half, 1)}` };
}

export function lineText(row, values, t) {
  const value = values?.[t] ?? NaN;
  if (row.names) return row.names[Math.round(value)] ?? "–";
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

/** An end of a scale as a legend writes it. */
export function endText(row, k) {
  const value = row.ends[k];
  const beyond = row.reach && (k ? row.reach[1] > row.ends[1] : row.reach[0] < row.ends[0]);
  const clipped = row.clipped?.[k] || beyond || (row.scale === "log" && k === 0);
  const mark = (row.kind === "heat" && clipped && ["≤ ", "≥ "][k]) || "";
  if (row.scale !== "log") return mark + number(value);
  return mark + (Number.isInteger(value) ? power(value) : logText(value));
}
