// What is said of a curve: the verdicts of lstm_viz/measures/gradient_flow.py, at its thresholds.
import { number, power } from "../ticks.js";

/** Which sentence of a curve's logs10 is true. */
export function verdictOf(logs, { vanished, exploded, undiminished, fewest }) {
  const last = logs.at(-1);
  if (last === -Infinity) return "zero";
  if (last < Math.log10(vanished)) return cutAtOneStep(logs, fewest) ? "cut" : "vanishes";
  if (last > Math.log10(exploded)) return "explodes";
  if (last < Math.log10(undiminished)) return "less";
  if (shareOf(last) === "1") return "undiminished";
  return last > 0 ? "more" : "nearly";
}

/** Whether one step takes more than all the others together, in powers of ten. */
function cutAtOneStep(logs, fewest) {
  const falls = [...logs.keys()].slice(1).map((k) => logs[k] - logs[k - 1]);
  return falls.length >= fewest && Math.min(...falls) < logs.at(-1) / 2;
}

/** A share from its logarithm; see lstm_viz/measures/spelling.py. */
export function shareOf(log) {
  if (log === -Infinity) return "0";
  if (log >= -3 && log < 5) return number(10 ** log, log >= 0 && log < 1 ? 3 : 2);
  let exponent = Math.floor(log);
  let digits = Number((10 ** (log - exponent)).toPrecision(2));
  if (digits === 10) (digits = 1), (exponent += 1);
  return digits === 1 ? power(exponent) : `${digits}·${power(exponent)}`;
}

/** The sentence about one network; `words`: verdict -> template. */
export function said(name, logs, words, thresholds) {
  const verdict = verdictOf(logs, thresholds);
  const filled = { name, share: shareOf(logs.at(-1)), steps: logs.length - 1, zero: logs.indexOf(-Infinity) };
  return words[verdict].replace(/\{(\w+)\}/g, (_, key) => filled[key]);
}
