// The curves of the knobs: log10 of the share that arrives, over the steps back.
import { shareOf } from "./says.js";
import { indexTicks, logTicks } from "../ticks.js";

const LEAST = 180; // its height, at the least
const EDGE = { left: 72, right: 112, top: 12, bottom: 44 };
const LOWS = [5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 600]; // decades at which the axis may end
const HIGHS = [1, 3, 5, 10, 20, 50, 100, 150, 200, 300];
const LABEL = 17; // between two labels
const NS = "http://www.w3.org/2000/svg";

function part(tag, attributes, text = "") {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

/** The axis' ends, in steps: it stands still while a slider moves a little. */
export function endsOf(curves) {
  const alive = curves.flatMap((logs) => [...logs].filter(Number.isFinite));
  const [low, high] = [Math.min(0, ...alive), Math.max(0, ...alive)];
  return [-(LOWS.find((each) => each >= -low) ?? Math.ceil(-low)), HIGHS.find((each) => each >= high) ?? Math.ceil(high)];
}

/** Heights of labels from those of what they name, moved apart, between two ends. */
export function apart(wanted, low, high) {
  const order = [...wanted.keys()].sort((a, b) => wanted[a] - wanted[b]);
  const found = [...wanted];
  order.forEach((k, n) => (found[k] = Math.max(wanted[k], n ? found[order[n - 1]] + LABEL : low)));
  [...order].reverse().forEach((k, n, all) => (found[k] = Math.min(found[k], n ? found[all[n - 1]] - LABEL : high)));
  return found;
}

/** `drawn`: [{ name, logs, colour }]. */
export function draw(svg, drawn, { words, floor }) {
  const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16; // a presenter's type is larger
  const width = Math.max(320, svg.clientWidth / scale);
  const height = Math.max(LEAST, svg.clientHeight / scale);
  const [left, right, top, bottom] = [EDGE.left, width - EDGE.right, EDGE.top, height - EDGE.bottom];
  const [low, high] = endsOf(drawn.map(({ logs }) => logs));
  const last = drawn[0].logs.length - 1;
  const x = (k) => left + ((right - left) * k) / last;
  const y = (log) => bottom - ((bottom - top) * (Math.max(log, low) - low)) / (high - low);
  const parts = [];
  const ticks = [...logTicks(low, 0, 8), ...(high > 1 ? logTicks(0, high, 4).filter(({ value }) => value > 0) : [])];
  for (const { value, text } of ticks) {
    parts.push(part("line", { class: "grid", x1: left, x2: right, y1: y(value), y2: y(value) }));
    parts.push(part("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, text));
  }
  for (const k of indexTicks(last + 1, (right - left) / 60)) parts.push(part("text", { x: x(k), y: bottom + 18, "text-anchor": "middle" }, String(k)));
  parts.push(part("text", { x: (left + right) / 2, y: bottom + 38, "text-anchor": "middle" }, words.x));
  const middle = (top + bottom) / 2;
  parts.push(part("text", { x: 14, y: middle, "text-anchor": "middle", transform: `rotate(-90 14 ${middle})` }, words.y));
  for (const [log, text] of [[-3, words.thousandth], [floor, words.floor]]) {
    if (log < low) continue;
    parts.push(part("line", { class: "level", x1: left, x2: right, y1: y(log), y2: y(log) }));
    parts.push(part("text", { x: right - 6, y: y(log) - 5, "text-anchor": "end" }, text));
  }
  const heights = apart(drawn.map(({ logs }) => y(logs.at(-1))), top + 6, bottom - 2);
  drawn.forEach(({ name, logs, colour }, n) => {
    const alive = [...logs].filter((log) => log !== -Infinity);
    const points = alive.map((log, k) => `${x(k).toFixed(1)},${y(log).toFixed(1)}`);
    if (alive.length <= last) points.push(`${x(alive.length).toFixed(1)},${bottom}`);
    parts.push(part("polyline", { class: "curve", stroke: colour, points: points.join(" ") }));
    const end = logs.at(-1) === -Infinity ? words.zero : shareOf(logs.at(-1));
    parts.push(part("circle", { cx: right + 8, cy: heights[n], r: 4, fill: colour }));
    parts.push(part("text", { class: "end", x: right + 16, y: heights[n] + 4 }, `${name} ${end}`));
  });
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren(...parts);
}
