// Rows as the painter and the tooltip read them: where values come from, on which scale they are
// drawn, and how they are written.
import { LEVELS, restore } from "../wire.js";
import { keep } from "./store.js";
import { fixed, number, power, roundUp } from "../ticks.js";

const FAR = 3; // decades beyond the first frame from which those of a diverged run set no scale

/** Complete a header's films with what is held of them, again whenever more is; how much is missing. */
export function prepare(header, arrays) {
  let lacking = 0;
  for (const film of header.films) {
    film.held = new Map();
    film.times = new Map(film.clock.map((place) => [place[0], place]));
    if (film.id) {
      const { frames, clock, missing } = keep(film, arrays);
      [film.held, film.times] = [frames, clock];
      lacking += missing.length;
    }
    film.steps = [...film.held.keys()].sort((a, b) => a - b);
    film.sample = film.held.get(film.steps.at(-1));
    film.calm = calmOf(film);
    for (const row of film.rows) complete(row, film, arrays);
  }
  header.films[0].rows.forEach((_, k) => share(header.films.map((film) => film.rows[k])));
  if (header.playback) header.playback.clock = clockOf(header.films);
  return lacking;
}

/** What changed over the training, with its values. */
export function courses(rows, arrays) {
  for (const row of rows) {
    row.reach = row.ends;
    for (const line of row.lines) [line.at, line.values] = [arrays[line.steps].values, arrays[line.array].values];
  }
  return rows;
}

/** The moments that all films have reached which are still under way; those of the longest if none is. */
export function clockOf(films) {
  const ends = films.map(({ frames }) => frames.at(-1) ?? -1);
  const going = ends.filter((_, k) => films[k].active);
  const reached = going.length ? Math.min(...going) : Math.max(...ends);
  const places = new Map();
  for (const { frames, times } of films) {
    for (const step of frames) if (step <= reached && times.has(step)) places.set(step, times.get(step));
  }
  return [...places.values()].sort((a, b) => a[0] - b[0]);
}

function complete(row, film, arrays) {
  row.scale ??= "linear";
  row.own ??= row.ends ?? [null, null];
  const sources = sourcesOf(row);
  const known = film.sample?.[sources[0]];
  if (known && row.kind !== "lines") row.scale = known.scale;
  if (row.kind === "heat") {
    if (row.source) row.labels = film.units;
    else row.codes = arrays[row.array].values;
    row.order = row.picks && film.order ? film.order.map((unit) => row.labels.indexOf(unit)) : null;
    row.every = row.source ? film.every : 1;
  }
  if (row.kind === "lines") {
    for (const line of row.lines) if (line.array !== null) line.values = arrays[line.array].values;
  }
  if (row.kind === "lines" && row.fixed) return;
  row.reach = around([row.own, ...endsIn(film.held.values(), sources)]);
  row.ends = around([row.own, ...endsIn(film.calm, sources)]) ?? [0, 1];
}

const endsIn = (frames, sources) =>
  [...frames].flatMap((frame) => sources.filter((name) => frame[name]).map((name) => frame[name].ends));

/** The ends around several; null where there are none. */
function around(ends) {
  const [lows, highs] = [0, 1].map((k) => ends.map((each) => each[k]).filter((end) => end !== null));
  return lows.length ? [Math.min(...lows), Math.max(...highs)] : null;
}

/** The frames that set a film's scales: all, but for the outbreak of a run that diverged. */
function calmOf(film) {
  const frames = [...film.held.values()];
  const first = film.held.get(film.steps[0]);
  const decades = ({ scale, ends: [low, high] }) => (scale === "log" ? high : Math.log10(Math.max(-low, high)));
  const far = (frame) => Object.keys(frame).some((name) => decades(frame[name]) - decades(first[name]) > FAR);
  return film.diverged ? frames.filter((frame) => !far(frame)) : frames;
}

/** The signals of a frame that a row draws. */
export function sourcesOf(row) {
  if (row.kind === "lines") return row.lines.filter((line) => line.source).map((line) => line.source);
  if (row.kind === "pinned") return row.signals;
  if (row.kind === "bundle") return [row.signal];
  return row.source ? [row.source] : [];
}

/** Rows beside each other are drawn on one scale, heat maps as far as they show the same signal. */
function share(rows) {
  for (const first of rows) {
    const alike = rows.filter((row) => row.kind === first.kind && row.scale === first.scale && row.signal === first.signal);
    const ends = [Math.min(...alike.map((row) => row.ends[0])), Math.max(...alike.map((row) => row.ends[1]))];
    for (const row of alike) row.ends = ends;
  }
}

/** Where a film stands at a training step: its newest frame up to there. */
export function frameAt(film, step) {
  let found = film.steps[0];
  for (const each of film.steps) {
    if (each > step) break;
    found = each;
  }
  return { step: found, frame: film.held.get(found) };
}

/** A heat map now: { codes, endsOf(index) }, undefined before its first frame is here. */
export function mapOf(row, film) {
  if (row.codes) return { codes: row.codes, endsOf: () => row.ends };
  const drawn = film.now?.[row.source];
  return drawn && { codes: drawn.values, endsOf: (index) => ownEnds(drawn, index) };
}

/** The ends between which a unit's levels lie. */
const ownEnds = ({ rows }, index) => [rows[2 * index], rows[2 * index + 1]];

/** A line's T values now; logarithms on a log scale. */
export function valuesOf(line, film, header) {
  const of = line.film === null || line.film === undefined ? film : header.films[line.film];
  return line.source ? of.now?.[line.source]?.values : line.values;
}

/** A unit's values now in one of the film's heat maps, one for every time step it keeps. */
export function courseOf(signal, unit, film) {
  const drawn = film.now?.[signal];
  const row = film.units.indexOf(unit);
  if (!drawn || row < 0) return undefined;
  const steps = drawn.values.length / film.units.length;
  const ends = ownEnds(drawn, row);
  return Float32Array.from(drawn.values.subarray(row * steps, (row + 1) * steps), (code) => restore(code, ends));
}

const FLAT = 1e-6; // of a unit that stays within it the scale is that of others: it is seen to stand still

/** Round ends around a unit's values in some heat maps, in all frames; those of gates are 0 and 1. */
export function reachOf(row, unit, film) {
  const index = film.units.indexOf(unit);
  let [low, high] = [0, 0];
  const changed = film.measured && film.now !== film.measured ? [film.now] : [];
  for (const frame of index < 0 ? [] : [...film.calm, ...changed]) {
    for (const signal of row.signals) {
      const drawn = frame[signal];
      if (!drawn) continue;
      const [lowest, highest] = ownEnds(drawn, index);
      low = Math.min(low, lowest);
      high = Math.max(high, highest, drawn.ends[0] === 0 ? drawn.ends[1] : highest);
    }
  }
  const each = roundUp((high - low < FLAT ? 1 : high - low) / 6);
  return [Math.floor(low / each + 1e-9) * each, Math.max(Math.ceil(high / each - 1e-9) * each, each)];
}

/** The unit (or symbol) drawn at a place from the top, and the other way round. */
export const labelAt = (row, place) => row.labels[row.order ? row.order[place] : place];
export function placeOf(row, label) {
  const index = row.labels?.indexOf(label) ?? -1; // a film that was not drawn yet has none
  return row.order ? row.order.indexOf(index) : index;
}

/** A heat map's value as text, in the digits that its levels carry, and its bound. */
export function heatText(row, film, label, t) {
  const map = mapOf(row, film);
  const index = row.labels.indexOf(label);
  if (!map || index < 0) return { text: "–", bound: "" };
  const steps = map.codes.length / row.labels.length;
  const code = map.codes[index * steps + Math.floor(t / row.every)];
  if (code === 0) return { text: "–", bound: "" };
  if (code === 1 && row.scale === "log" && row.source) return { text: "0", bound: "" };
  const [low, high] = map.endsOf(index);
  const value = restore(code, [low, high]);
  const half = (high - low) / LEVELS / 2;
  const below = code === 1 && row.clipped?.[0];
  const mark = (below && "≤ ") || (code === LEVELS && row.clipped?.[1] && "≥ ") || "";
  if (row.scale === "log") return { text: mark + logText(value), bound: `±${number(100 * (10 ** half - 1), 1)}%` };
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
  return `${number(10 ** (value - exponent), 2)}·${power(exponent)}`;
}

/** An end of a scale as a legend writes it. */
export function endText(row, k) {
  if (row.each) return k ? "max" : "−max";
  const value = row.ends[k];
  const beyond = row.reach && (k ? row.reach[1] > row.ends[1] : row.reach[0] < row.ends[0]);
  const clipped = row.clipped?.[k] || beyond || (row.scale === "log" && k === 0);
  const mark = (["heat", "trained"].includes(row.kind) && clipped && ["≤ ", "≥ "][k]) || "";
  if (row.scale !== "log") return mark + number(value);
  return mark + (Number.isInteger(value) ? power(value) : logText(value));
}
