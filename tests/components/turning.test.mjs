// Paths in space: what turns keeps its distances, and unturned it is the picture of two components.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOX, CORNERS, nearest, seenFrom, turned } from "../../assets/components/space/turning.js";

const SIZE = { width: 900, height: 430 };
const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);

test("unturned, a point lies to the right by its first coordinate and up by its second", () => {
  const { x, y, z } = turned([0.5, -0.25, 1], { yaw: 0, pitch: 0 });
  assert.deepEqual([x, y, z], [0.5 * BOX[0], -0.25 * BOX[1], BOX[2]]);
  const [left, right] = [-0.5, 0.5].map((a) => seenFrom({ yaw: 0, pitch: 0 }, SIZE)([a, 0.5, 0]));
  assert.ok(left.x < right.x && left.y === right.y && left.y < SIZE.height / 2);
});

test("a turn keeps all distances, and a quarter brings the third axis to the first one's place", () => {
  const [a, b] = [[0.3, -1, 0.8], [-0.4, 0.2, 0.1]];
  const still = apart(...[a, b].map((each) => turned(each, { yaw: 0, pitch: 0 })));
  const moved = apart(...[a, b].map((each) => turned(each, { yaw: 1.1, pitch: -0.7 })));
  assert.ok(Math.abs(still - moved) < 1e-12);
  assert.ok(Math.abs(turned([0, 0, 1], { yaw: Math.PI / 2, pitch: 0 }).x - BOX[2]) < 1e-12);
});

test("what is nearer is drawn larger and counts as nearer", () => {
  const [far, near] = [-1, 1].map((c) => seenFrom({ yaw: 0, pitch: 0 }, SIZE)([1, 0, c]));
  assert.ok(near.near > far.near && near.x > far.x);
});

test("the whole box is within the picture however it is turned, and fills it", () => {
  for (const yaw of [-2, -0.5, 0, 0.7, 1.6, 3])
    for (const pitch of [-1.5, -0.3, 0, 0.3, 1])
      for (const size of [SIZE, { width: 300, height: 430 }]) {
        const places = CORNERS.map(seenFrom({ yaw, pitch }, size));
        const [x, y] = ["x", "y"].map((what) => Math.max(...places.map((each) => Math.abs(each[what] - size[what === "x" ? "width" : "height"] / 2))));
        assert.ok(x <= size.width / 2 - 29 && y <= size.height / 2 - 29, `${yaw} ${pitch}: ${x} ${y}`);
        assert.ok(x > size.width / 2 - 31 || y > size.height / 2 - 31);
      }
});

test("the nearest point counts within its distance alone", () => {
  const places = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
  assert.equal(nearest(places, { x: 7, y: 1 }, 14), 1);
  assert.equal(nearest(places, { x: 40, y: 0 }, 14), -1);
  assert.equal(nearest([], { x: 0, y: 0 }, 14), -1);
});
