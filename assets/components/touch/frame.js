// What a changed example looks like in a film: a frame in the place of the measured one.
import { LEVELS } from "../wire.js";

const STATES = ["hidden", "cell"];
const NARROW = 1e-6; // of its magnitude: the ends of a unit that rests

/**
 * A frame as film/store.js keeps them, of what `pass` found. Its gradients are those that were
 * measured on the true example, and `stale`.
 */
export function changedFrame(measured, pass, film, { layer, swapped, everyStep }) {
  const seen = pass.layers[layer];
  const frame = {};
  for (const [name, signal] of Object.entries(measured)) {
    const values = seen.gates[name] ?? (STATES.includes(name) ? seen[name] : null);
    if (values) frame[name] = coded(values, seen, film, signal, swapped && name === "update");
    else if (name === "answer") frame[name] = { ...signal, values: answered(signal.values, pass.answers, everyStep) };
    else frame[name] = { ...signal, stale: true };
  }
  return frame;
}

/** T x H values as codes of the units and steps that a film keeps, between each unit's own ends. */
function coded(values, { H, steps, units: kept }, { units, every }, { ends, scale }, turned) {
  const count = Math.ceil(steps / every);
  const codes = new Uint8Array(units.length * count);
  const rows = new Float32Array(2 * units.length);
  const own = new Float64Array(count);
  units.forEach((unit, row) => {
    let [low, high] = [Infinity, -Infinity];
    const place = kept ? kept.indexOf(unit) : unit;
    for (let k = 0; k < count; k++) {
      const value = values[k * every * H + place];
      own[k] = turned ? 1 - value : value;
      if (!Number.isFinite(own[k])) continue;
      low = Math.min(low, own[k]);
      high = Math.max(high, own[k]);
    }
    if (low > high) [low, high] = ends;
    high = Math.max(high, low + NARROW * Math.max(Math.abs(low), 1e-3));
    rows[2 * row] = low;
    rows[2 * row + 1] = high;
    const each = LEVELS / (high - low);
    for (let k = 0; k < count; k++) {
      const level = Math.min(Math.max(Math.floor((own[k] - low) * each), 0), LEVELS - 1);
      codes[row * count + k] = Number.isFinite(own[k]) ? level + 1 : 0;
    }
  });
  return { values: codes, rows, ends, scale };
}

/** Answers where the measured frame has some. */
function answered(measured, answers, everyStep) {
  return measured.map((value, t) => (Number.isNaN(value) ? NaN : answers[everyStep ? t : 0]));
}
