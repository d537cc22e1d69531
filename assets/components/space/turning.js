// Points of a box seen from somewhere: turned, and drawn smaller the farther away they are.

const EYE = 8; // distance of the eye from the middle of the box, whose half is about 1
export const BOX = [2.6, 1, 1.2]; // halves of the box: each axis has its own scale

export const CORNERS = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z])));
const MARGIN = 30; // px around the box, for what its axes say

/** A point with coordinates in -1..1, turned: { x to the right, y up, z towards the reader }. */
export function turned([a, b, c], { yaw, pitch }) {
  const [x, y, z] = [a * BOX[0], b * BOX[1], c * BOX[2]];
  const [right, towards] = [x * Math.cos(yaw) + z * Math.sin(yaw), z * Math.cos(yaw) - x * Math.sin(yaw)];
  return {
    x: right,
    y: y * Math.cos(pitch) - towards * Math.sin(pitch),
    z: y * Math.sin(pitch) + towards * Math.cos(pitch),
  };
}

/** Point -> where it is seen in a picture of this size, which the box fills, and how near it is: 0 far, 1 near. */
export function seenFrom(view, { width, height }) {
  const reach = Math.hypot(...BOX);
  const flat = (point) => {
    const { x, y, z } = turned(point, view);
    const near = EYE / (EYE - z);
    return { x: x * near, y: y * near, near: (z / reach + 1) / 2 };
  };
  const corners = CORNERS.map(flat);
  const fits = (space, what) => (space / 2 - MARGIN) / Math.max(...corners.map((each) => Math.abs(each[what])));
  const scale = Math.max(1, Math.min(fits(width, "x"), fits(height, "y")));
  return (point) => {
    const { x, y, near } = flat(point);
    return { x: width / 2 + x * scale, y: height / 2 - y * scale, near };
  };
}

/** The place of the nearest of several, if it lies within so many pixels. */
export function nearest(places, { x, y }, within) {
  let best = -1;
  let least = within;
  places.forEach((each, k) => {
    const apart = Math.hypot(each.x - x, each.y - y);
    if (apart <= least) [best, least] = [k, apart];
  });
  return best;
}
