// Where the numbers of a moment of the training come from: the feed, one question at a time, once the
// reader rests there; while the moments go on and on, now and then.
import { feed } from "../feed.js";

const REST = 150; // ms at a moment after which it is asked for
const PAUSE = [1000, 3]; // ms between two questions without a rest; times what the last answer took
const PATIENCE = 5000; // ms after which a question is asked again: the trainer may just have begun
const KEPT = 12; // moments

export class Source {
  /** `take(message, topic)` gets what was asked for. */
  constructor(take) {
    Object.assign(this, { take, known: new Map(), asked: null, took: 0 });
  }

  /** The cell under this name is wanted; `stays` where it is that of the newest frame. */
  want(topic, stays = false) {
    if (topic === this.wanted) return;
    if (this.stays) this.stop();
    Object.assign(this, { wanted: topic, stays });
    if (!this.asked) clearTimeout(this.timer);
    const known = this.known.get(topic);
    if (known) {
      this.since = undefined;
      this.take(known, topic);
    } else if (!this.asked) this.soon();
  }

  soon() {
    const now = performance.now();
    this.since ??= this.took ? now : -Infinity; // the first one waits for nothing
    const pause = Math.max(PAUSE[0], PAUSE[1] * this.took);
    this.timer = setTimeout(() => this.ask(), now - this.since > pause ? 0 : REST);
  }

  ask() {
    const topic = (this.asked = this.wanted);
    const at = performance.now();
    this.leave = feed().watch(topic, (message) => this.answered(message, topic, at));
    this.timer = setTimeout(() => (this.stop(), this.ask()), PATIENCE);
  }

  answered(message, topic, at) {
    this.known.set(topic, message);
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value);
    if (topic === this.asked) {
      this.took = performance.now() - at;
      const last = topic === this.wanted;
      if (last && this.stays) clearTimeout(this.timer), (this.asked = null);
      else this.stop();
      this.since = undefined;
      if (!last) this.soon();
    }
    this.take(message, topic);
  }

  stop() {
    clearTimeout(this.timer);
    this.leave?.();
    this.leave = this.asked = null;
  }

  close() {
    this.stop();
    this.wanted = undefined;
  }
}
