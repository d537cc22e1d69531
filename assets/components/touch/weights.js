// The networks of a run's frames, brought by the feed when somebody asks "what if": first the one in
// the frame that is shown, then the others, where they are small.
import { feed } from "../feed.js";

const ROOM = 4 * 2 ** 20; // bytes of all frames together up to which all are brought
const PAUSE = 150; // ms between two wishes for single ones

export class Weights {
  /** `came(step)` is called with each that arrives; `others` are steps whose weights nobody asks for here. */
  constructor(topic, others, came) {
    Object.assign(this, { topic, others, came, held: new Map(), steps: [], all: false });
  }

  /** The weights in the frame of a training step: name -> { shape, values }; undefined while they are on their way. */
  at(step, steps) {
    this.steps = steps;
    const here = this.held.get(step);
    if (!here && this.wanted !== step) {
      this.wanted = step;
      if (!this.all) this.timer ??= setTimeout(() => this.ask(), this.leave ? PAUSE : 0);
    }
    return here;
  }

  /** The film shows other moments of the run. */
  know(others) {
    const same = others.length === this.others.length;
    this.others = others;
    if (!same && this.leave) this.ask();
  }

  ask() {
    this.timer = null;
    this.leave?.();
    this.leave = feed().watch(this.topic, (message) => this.take(message), () => this.have());
  }

  /** The steps that the feed need not send. */
  have() {
    return [...this.others, ...(this.all ? this.held.keys() : this.steps.filter((step) => step !== this.wanted))];
  }

  take({ header, arrays }) {
    if (!arrays) return;
    const size = arrays.reduce((sum, { values }) => sum + values.byteLength, 0);
    this.held.set(header.step, Object.fromEntries(header.names.map((name, k) => [name, arrays[k]])));
    const fits = size * this.steps.length <= ROOM;
    while (!fits && this.held.size * size > ROOM) this.held.delete(this.held.keys().next().value);
    if (fits && !this.all) {
      this.all = true;
      this.ask();
    }
    this.came(header.step);
  }

  close() {
    clearTimeout(this.timer);
    this.leave?.();
    Object.assign(this, { timer: null, leave: null, all: false, wanted: undefined });
  }
}
