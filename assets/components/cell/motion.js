// What moves in the diagram while time goes on: a value runs along each way, as large as it was
// measured, and arrives where the others do; gates are valves that let through what they measured.

const SPACE = "http://www.w3.org/2000/svg";
const CYCLE = 480; // ms in which a value crosses the diagram
const RADII = [2.5, 11];
const LAG = 0.22; // of a cycle in which a way off the belt is run through
const FADE = 0.1; // of a cycle in which a value fades where it ends
const OPEN = 90; // degrees between a valve that is shut and one that is open

/** A polyline that is run along: its length, and the point at a share of it. */
export class Route {
  constructor(d) {
    this.points = [...d.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    this.ends = [0];
    for (let k = 1; k < this.points.length; k++) this.ends.push(this.ends[k - 1] + distance(this.points[k - 1], this.points[k]));
  }

  at(share) {
    const far = Math.min(Math.max(share, 0), 1) * this.ends.at(-1);
    const k = Math.max(1, this.ends.findIndex((end) => end >= far));
    const [a, b] = [this.points[k - 1], this.points[k]];
    const part = (far - this.ends[k - 1]) / (this.ends[k] - this.ends[k - 1] || 1);
    return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])];
  }

  /** The degrees in which it arrives: 0 from the left or the right, 90 from above or below. */
  get angle() {
    const [[x0, y0], [x, y]] = this.points.slice(-2);
    return Math.abs(x - x0) >= Math.abs(y - y0) ? 0 : 90;
  }
}

const distance = ([a, b], [c, d]) => Math.hypot(a - c, b - d);

/**
 * When, in a cycle from 0 to 1, a way is run through: what meets in an operation arrives together,
 * for it lies as far to the right. Backward it is the other way round.
 */
export function span(route, width, belt, backward) {
  const [first, last] = [route.points[0][0], route.points.at(-1)[0]].map((x) => x / width);
  if (backward) return belt ? [1 - last, 1 - first] : [1 - last, 1 - last + LAG];
  return belt ? [first, last] : [Math.max(0, last - LAG), last];
}

export class Motion {
  constructor(root) {
    Object.assign(this, { root, tokens: [], valves: [], phase: 0 });
  }

  /** Another diagram was drawn. */
  show({ header, ways, operations }) {
    this.stop();
    const svg = this.root.querySelector("svg");
    this.width = svg.viewBox.baseVal.width;
    const layer = svg.insertBefore(make("g", { class: "tokens", "aria-hidden": "true" }), svg.querySelector(".op, .port"));
    const routes = Object.entries(header.ways).map(([id, way]) => ({ way, route: new Route(ways[id].querySelector(".line").getAttribute("d")) }));
    this.tokens = routes.map(({ way, route }) => ({ way, route, circle: layer.appendChild(make("circle", { r: 0 })) }));
    this.valves = routes.filter(({ way }) => isGate(operations[way.forward])).flatMap((each) => this.valve(each, routes, operations));
  }

  /** Where a gate meets what it lets through: a flap in the operation's circle. */
  valve({ way, route }, routes, operations) {
    const end = route.points.at(-1);
    const place = Object.values(operations).find((each) => each.querySelector(".sign")?.textContent === "×" && distance(centreOf(each), end) < 30);
    if (!place) return [];
    const other = routes.find((each) => each.way !== way && distance(each.route.points.at(-1), centreOf(place)) < 30);
    const [x, y] = centreOf(place);
    const flap = make("line", { class: "flap", x1: x - 20, x2: x + 20, y1: y, y2: y });
    flap.style.transformOrigin = `${x}px ${y}px`;
    flap.style.setProperty("--look", operations[way.forward].style.getPropertyValue("--look"));
    place.insertBefore(flap, place.querySelector(".sign"));
    return [{ name: way.forward, flap, flow: other?.route.angle ?? 0 }];
  }

  /** Take in what is drawn now. */
  set(numbers, look, [k, u, direction]) {
    const backward = direction === "backward";
    for (const { name, flap, flow } of this.valves) {
      const open = numbers.has(name) ? Math.min(Math.max(numbers.at(name, k, u), 0), 1) : 1;
      flap.style.transform = `rotate(${flow + OPEN * (1 - open)}deg)`;
    }
    for (const token of this.tokens) {
      const name = backward ? token.way.backward : token.way.forward;
      const there = Boolean(name) && numbers.has(name);
      const share = there ? numbers.share(name, k, u) : 0;
      token.radius = there && share > 0 ? RADII[0] + (RADII[1] - RADII[0]) * share : 0;
      token.span = span(token.route, this.width, token.way.belt, backward);
      token.circle.style.fill = !backward && there && numbers.at(name, k, u) < 0 ? look.negative : look.colours[backward ? token.way.grad : token.way.look];
    }
    this.backward = backward;
  }

  /** Time went on a step, so many ms after the last one. */
  step(passed) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const now = performance.now();
    this.until = now + Math.max(CYCLE * (1 - this.phase), passed < 2 * CYCLE ? 1.5 * passed : 0);
    if (this.clock) return;
    this.last = now;
    this.phase = 0;
    const tick = (at) => {
      this.phase = (this.phase + Math.max(0, at - this.last) / CYCLE) % 1;
      this.last = at;
      if (at >= this.until) return this.stop();
      this.draw();
      this.clock = requestAnimationFrame(tick);
    };
    this.clock = requestAnimationFrame(tick);
  }

  draw() {
    for (const { circle, route, radius, span: [begin, end] } of this.tokens) {
      const share = (this.phase - begin) / (end - begin || 1);
      const over = (this.phase - end) / FADE;
      const seen = radius > 0 && share >= 0 && over < 1;
      circle.setAttribute("r", seen ? radius : 0);
      if (!seen) continue;
      const [x, y] = route.at(this.backward ? 1 - share : share);
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
      circle.style.opacity = over > 0 ? 1 - over : 1;
    }
  }

  stop() {
    cancelAnimationFrame(this.clock);
    this.clock = null;
    this.phase = 0;
    for (const { circle } of this.tokens) circle.setAttribute("r", 0);
  }
}

/** Whether an operation is a gate between 0 and 1: σ, or one that somebody sets. */
const isGate = (operation) => Boolean(operation?.matches(".gate")) && !["tanh", "="].includes(operation.querySelector(".sign").textContent);

function centreOf(operation) {
  const circle = operation.querySelector("circle:not(.target)");
  return [Number(circle?.getAttribute("cx") ?? NaN), Number(circle?.getAttribute("cy") ?? NaN)];
}

function make(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
