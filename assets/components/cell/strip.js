// A strip through time: what the unit holds and reads, or the size of its gradient.
import { typeScale } from "../film/room.js";
import { number } from "../ticks.js";

const SPACE = "http://www.w3.org/2000/svg";
const HEIGHT = 104;
const EDGE = { left: 64, right: 10, top: 24, bottom: 10 };

export class Strip {
  constructor(root, pick, point) {
    Object.assign(this, { root, pick, width: 0 });
    const place = (event) => {
      const { left } = root.getBoundingClientRect();
      const inner = this.width - EDGE.left - EDGE.right;
      const share = (event.clientX - left - EDGE.left) / inner;
      return Math.min(Math.max(Math.round(share * (this.steps - 1)), 0), this.steps - 1);
    };
    root.onpointerdown = (event) => (root.setPointerCapture(event.pointerId), pick(place(event)));
    root.onpointermove = (event) => (event.buttons ? pick : point)(place(event));
    root.onpointerleave = () => point(undefined);
    this.watch = new ResizeObserver(() => this.redraw?.());
    this.watch.observe(root);
  }

  show(numbers, u, direction, look) {
    const draw = () => this.draw(numbers, u, direction, look);
    this.redraw = () => {
      if (Math.abs(this.root.clientWidth - this.width) < 1) return;
      draw();
      this.cursor(this.k);
    };
    draw();
  }

  draw(numbers, u, direction, look) {
    const { header } = numbers;
    Object.assign(this, { numbers, u, direction, steps: header.steps, width: this.root.clientWidth });
    const svg = make("svg", { width: this.width, height: HEIGHT, "aria-hidden": "true" });
    const lines = direction === "forward" ? this.values(look) : this.gradients(look);
    const all = lines.flatMap(({ values }) => values).filter(Number.isFinite);
    let [low, high] = [Math.min(...all), Math.max(...all)];
    if (direction === "forward") [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 1, high + 1] : [0, 1];
    Object.assign(this, { low, high, line: lines[0] });
    if (low < 0 && high > 0) svg.append(make("line", { class: "zero", x1: EDGE.left, x2: this.width - EDGE.right, y1: this.y(0), y2: this.y(0) }));
    for (const k of header.marks) svg.append(make("rect", { class: "mark", x: this.x(k) - 5, y: EDGE.top - 6, width: 10, height: HEIGHT - EDGE.top + 6 }));
    for (const { values, colour, dashed } of lines) {
      svg.append(make("path", { d: this.path(values), stroke: colour, class: dashed ? "dashed" : "" }));
    }
    for (const value of [low, high]) svg.append(text(number(value, 2), EDGE.left - 8, this.y(value), "end"));
    let x = EDGE.left;
    for (const { name, colour } of lines.filter((line) => line.name)) {
      svg.append(text(name, x, 10, "start", colour));
      x += 16 + 8.5 * typeScale() * name.length;
    }
    this.rule = make("line", { class: "cursor", y1: EDGE.top - 6, y2: HEIGHT });
    this.dot = make("circle", { r: 5, fill: lines[0].colour });
    svg.append(this.rule, this.dot);
    this.root.replaceChildren(svg);
  }

  values(look) {
    const { numbers, u } = this;
    const { header, arrays } = numbers;
    const steps = [...Array(header.steps).keys()];
    const state = steps.map((k) => numbers.at(header.state, k, u));
    const colour = look.colours[header.state === "c" ? "cell" : "hidden"];
    const lines = [{ values: state, colour, name: header.strip.forward }];
    if (header.inputs === null) return lines;
    const [, D] = arrays[header.inputs].shape;
    for (let d = 0; d < D; d++) {
      const values = steps.map((k) => arrays[header.inputs].values[k * D + d]);
      lines.push({ values, colour: look.colours.series, dashed: d > 0, name: d ? "" : header.words.input });
    }
    return lines;
  }

  gradients(look) {
    const { numbers, u } = this;
    const { header } = numbers;
    const values = [...Array(header.steps).keys()].map((k) => numbers.log(header.gradient, k, u));
    const colour = look.colours[header.gradient === "dc" ? "grad_cell" : "grad_hidden"];
    return [{ values, colour, name: header.strip.backward }];
  }

  x(k) {
    return EDGE.left + (k * (this.width - EDGE.left - EDGE.right)) / Math.max(this.steps - 1, 1);
  }

  y(value) {
    return EDGE.top + ((this.high - value) * (HEIGHT - EDGE.top - EDGE.bottom)) / (this.high - this.low);
  }

  path(values) {
    let pen = "M";
    return values
      .map((value, k) => {
        if (!Number.isFinite(value)) return (pen = "M"), "";
        const point = `${pen}${this.x(k).toFixed(1)} ${this.y(value).toFixed(1)}`;
        pen = "L";
        return point;
      })
      .join("");
  }

  cursor(k) {
    this.k = k;
    if (!this.rule) return;
    const value = this.line.values[k];
    for (const end of ["x1", "x2"]) this.rule.setAttribute(end, this.x(k));
    this.dot.setAttribute("cx", this.x(k));
    this.dot.setAttribute("cy", Number.isFinite(value) ? this.y(value) : -20);
  }

  close() {
    this.watch.disconnect();
  }
}

function make(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function text(words, x, y, anchor, colour = "") {
  const made = make("text", { x, y, "text-anchor": anchor, "dominant-baseline": "central" });
  made.textContent = words;
  if (colour) made.style.fill = colour;
  return made;
}
