// The box around paths in space, with its axes; and the marks of points at which a state rests.

import { CORNERS } from "./turning.js";

const AWAY = 16; // px of a number from its axis

/** The edges of the box along one of the axes, by what lies on the others. */
const along = (axis) => CORNERS.filter((corner) => corner[axis] < 0).map((low) => [low, low.map((each, k) => (k === axis ? 1 : each))]);

export function drawBox(ink, at, { axes }, look) {
  Object.assign(ink, { strokeStyle: look.ink, lineWidth: 1 });
  for (const edges of [0, 1, 2].map(along)) {
    for (const [from, to] of edges) {
      const [a, b] = [at(from), at(to)];
      ink.globalAlpha = 0.12 + 0.2 * ((a.near + b.near) / 2);
      ink.beginPath();
      ink.moveTo(a.x, a.y);
      ink.lineTo(b.x, b.y);
      ink.stroke();
    }
  }
  ink.globalAlpha = 1;
  Object.assign(ink, { fillStyle: look.ink, textAlign: "center", textBaseline: "middle" });
  axes.forEach((axis, k) => drawAxis(ink, at, k, axis));
}

/** The outermost edge bears the numbers and the name: the leftmost of the upright ones, the lowest of the others. */
function drawAxis(ink, at, k, { name, low, high }) {
  const drawn = along(k).map((edge) => edge.map(at));
  const sum = (edge, what) => edge[0][what] + edge[1][what];
  const [from, to] = k === 1 ? drawn.reduce((a, b) => (sum(b, "x") < sum(a, "x") ? b : a)) : drawn.reduce((a, b) => (sum(b, "y") > sum(a, "y") ? b : a));
  const middle = at([0, 0, 0]);
  const normal = { x: to.y - from.y, y: from.x - to.x };
  const length = Math.hypot(normal.x, normal.y);
  if (length < 40) return; // it points at the reader: nothing can be read along it
  const side = Math.sign(normal.x * ((from.x + to.x) / 2 - middle.x) + normal.y * ((from.y + to.y) / 2 - middle.y)) || 1;
  const off = (share, far) => [from.x + share * (to.x - from.x) + (side * far * normal.x) / length, from.y + share * (to.y - from.y) + (side * far * normal.y) / length];
  ink.fillText(low, ...off(0.03, AWAY));
  ink.fillText(high, ...off(0.97, AWAY));
  const slope = Math.atan2(to.y - from.y, to.x - from.x);
  ink.save();
  ink.translate(...off(0.5, AWAY));
  ink.rotate(Math.abs(slope) > Math.PI / 2 ? slope + Math.PI : slope);
  ink.fillText(name, 0, 0);
  ink.restore();
}

const R = 6;
const PATHS = {
  circle: (ink) => ink.arc(0, 0, R, 0, 2 * Math.PI),
  cross: (ink) => [-1, 1].forEach((s) => (ink.moveTo(-R, -s * R), ink.lineTo(R, s * R))),
  diamond: (ink) => polygon(ink, [[0, -R - 1], [R + 1, 0], [0, R + 1], [-R - 1, 0]]),
  square: (ink) => ink.rect(-R, -R, 2 * R, 2 * R),
  "triangle-up": (ink) => polygon(ink, [[0, -R], [R, R], [-R, R]]),
  "triangle-down": (ink) => polygon(ink, [[0, R], [R, -R], [-R, -R]]),
};

function polygon(ink, corners) {
  corners.forEach(([x, y], k) => (k ? ink.lineTo(x, y) : ink.moveTo(x, y)));
  ink.closePath();
}

/** A point of its kind's shape, hollow where the state only lingers. */
export function drawShape(ink, { x, y }, { shape, rests }, colour) {
  ink.save();
  ink.translate(x, y);
  Object.assign(ink, { strokeStyle: colour, fillStyle: colour, lineWidth: 2 });
  ink.beginPath();
  PATHS[shape](ink);
  if (rests) ink.fill();
  ink.stroke();
  ink.restore();
}
