// Paths of a state in three directions: dragged they turn, a click on a dot goes to its time step.
import { element } from "../dom.js";
import { Reporter } from "../reporter.js";
import { channels, readTheme } from "../theme.js";
import { drawBox, drawShape } from "./drawing.js";
import { nearest, seenFrom } from "./turning.js";

const START = { yaw: -0.4, pitch: 0.22 };
const TURN = 0.008; // radians a pixel
const KEYS = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
const STILL = 4; // px that a click may move
const WITHIN = 14; // px from a dot

export class Space {
  constructor(host) {
    Object.assign(this, { host, view: { ...START }, pointed: -1 });
    this.hear = () => this.soon();
    this.reporter = new Reporter(host, (what, value) => this.report(what, value));
    this.canvas = element("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.key = element("div", "key");
    host.replaceChildren(this.canvas, this.key);
    this.canvas.onpointerdown = (event) => this.take(event);
    this.canvas.onpointermove = (event) => this.move(event);
    this.canvas.onpointerup = (event) => this.release(event);
    this.canvas.onpointercancel = () => (this.held = null);
    this.canvas.onpointerleave = () => this.point(-1);
    this.canvas.ondblclick = () => this.turn(START);
    this.canvas.onkeydown = (event) => this.press(event);
    this.resized = new ResizeObserver(() => this.soon());
    this.resized.observe(this.canvas);
  }

  show(data) {
    this.data = data;
    this.selection = this.reporter.join(data.subject, this.hear);
    if (this.reporter.accepts("t", data.cursor) && data.cursor !== null) this.selection.set({ t: data.cursor }, this.hear);
    this.canvas.setAttribute("aria-label", data.words.summary);
    this.key.replaceChildren(element("span", "", data.words.t), element("span", "", "0"), element("i"), element("span", "", String(data.own.length - 1)));
    this.soon();
  }

  take(event) {
    this.held = { x: event.offsetX, y: event.offsetY, view: { ...this.view }, moved: false };
    this.canvas.setPointerCapture(event.pointerId);
  }

  move({ offsetX, offsetY }) {
    if (!this.held) return this.point(nearest(this.places ?? [], { x: offsetX, y: offsetY }, WITHIN));
    const [right, down] = [offsetX - this.held.x, offsetY - this.held.y];
    this.held.moved ||= Math.hypot(right, down) > STILL;
    if (this.held.moved) this.turn({ yaw: this.held.view.yaw + TURN * right, pitch: this.held.view.pitch + TURN * down });
    return undefined;
  }

  release({ offsetX, offsetY }) {
    const clicked = this.held && !this.held.moved;
    this.held = null;
    const t = clicked ? nearest(this.places ?? [], { x: offsetX, y: offsetY }, WITHIN) : -1;
    if (t >= 0 && t < this.data.own.length) this.pick(t);
  }

  press(event) {
    const { own } = this.data;
    const now = this.selection.now.t ?? 0;
    if (event.key in KEYS && event.shiftKey) this.pick(Math.min(Math.max(now + Math.sign(KEYS[event.key][0] + KEYS[event.key][1]), 0), own.length - 1));
    else if (event.key in KEYS) this.turn({ yaw: this.view.yaw + KEYS[event.key][0], pitch: this.view.pitch + KEYS[event.key][1] });
    else if (event.key === "Home") this.turn(START);
    else return;
    event.preventDefault();
  }

  pick(t) {
    this.selection.set({ t }, this.hear);
    this.reporter.now({ t });
    this.soon();
  }

  point(place) {
    if (place === this.pointed) return;
    this.pointed = place;
    this.canvas.style.cursor = place < 0 ? "grab" : place < this.data.own.length ? "pointer" : "help";
    this.soon();
  }

  turn({ yaw, pitch }) {
    this.view = { yaw, pitch: Math.min(Math.max(pitch, -1.5), 1.5) };
    this.soon();
  }

  /** With the next picture of the browser. */
  soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { canvas, data, view } = this;
    if (!data || !canvas.clientWidth) return;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const sharp = window.devicePixelRatio || 1;
    Object.assign(canvas, { width: size.width * sharp, height: size.height * sharp });
    const ink = canvas.getContext("2d");
    ink.scale(sharp, sharp);
    const theme = readTheme(this.host);
    const look = data.looks[theme.name];
    const at = seenFrom(view, size);
    ink.font = `13px ${theme.font}`;
    drawBox(ink, at, data, look);
    for (const path of data.others) this.line(ink, path.map(at), look.ink, 0.35, 1);
    const own = data.own.map(at);
    this.line(ink, own, look.ink, 1, 1.4);
    this.places = [...own, ...data.points.map(({ at: point }) => at(point))];
    this.dots(ink, own, look);
    data.points.forEach((each, k) => drawShape(ink, this.places[own.length + k], each, look.text));
    this.tip(ink, theme);
    this.key.style.setProperty("--ramp", `linear-gradient(90deg, ${look.low}, ${look.full})`);
    const t = this.selection.now.t;
    Object.assign(canvas.dataset, { yaw: view.yaw.toFixed(3), pitch: view.pitch.toFixed(3), t: t ?? "", places: JSON.stringify(own.map(({ x, y }) => [Math.round(x), Math.round(y)])) });
  }

  line(ink, places, colour, opacity, width) {
    Object.assign(ink, { strokeStyle: colour, globalAlpha: opacity, lineWidth: width });
    ink.beginPath();
    for (const { x, y } of places) ink.lineTo(x, y);
    ink.stroke();
    ink.globalAlpha = 1;
  }

  /** The time steps, those behind first; rings around marked ones, and a larger one where the reader is. */
  dots(ink, places, look) {
    const ends = [look.low, look.full].map(channels);
    const order = places.map((_, t) => t).sort((a, b) => places[a].near - places[b].near);
    for (const t of order) {
      const { x, y, near } = places[t];
      const share = t / Math.max(1, places.length - 1);
      const mixed = ends[0].map((low, k) => Math.round(low + share * (ends[1][k] - low)));
      ink.fillStyle = `rgb(${mixed.slice(0, 3).join(" ")})`;
      ink.beginPath();
      ink.arc(x, y, 3 + 2.5 * near, 0, 2 * Math.PI);
      ink.fill();
      if (this.data.marked.includes(t)) this.ring(ink, places[t], 8, look.text);
      if (t === this.selection.now.t) this.ring(ink, places[t], 11, look.text);
    }
  }

  ring(ink, { x, y }, radius, colour) {
    Object.assign(ink, { strokeStyle: colour, lineWidth: 2 });
    ink.beginPath();
    ink.arc(x, y, radius, 0, 2 * Math.PI);
    ink.stroke();
  }

  tip(ink, theme) {
    const place = this.places[this.pointed];
    if (!place) return;
    const t = this.pointed;
    const said = t < this.data.own.length ? `t = ${t}` : this.data.points[t - this.data.own.length].said;
    const width = ink.measureText(said).width + 16;
    const left = Math.min(place.x + 14, this.canvas.clientWidth - width);
    Object.assign(ink, { fillStyle: theme.page, strokeStyle: theme.border, lineWidth: 1 });
    ink.beginPath();
    ink.roundRect(left, place.y - 30, width, 24, 4);
    ink.fill();
    ink.stroke();
    Object.assign(ink, { fillStyle: theme.text, textAlign: "left", textBaseline: "middle" });
    ink.fillText(said, left + 8, place.y - 18);
  }

  close() {
    this.resized.disconnect();
    this.reporter.close();
    cancelAnimationFrame(this.frame);
  }
}
