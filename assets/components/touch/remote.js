// What a network makes of a changed example where the browser cannot tell: the server is asked, one
// question at a time, the newest next.
import { feed } from "../feed.js";

export class Remote {
  /** `topic` is the feed's, with "{step}" in it; `came()` is called with each answer. */
  constructor(topic, came) {
    Object.assign(this, { topic, came, found: null, asked: null, failed: "" });
  }

  /** What is known of a "what if" at a training step: the newest answer, `pending` while another one is awaited. */
  pass(what, step) {
    const [version, topic] = [what.version, this.topic.replace("{step}", step)];
    const current = this.found && this.found.version === version && this.found.topic === topic;
    if (!current) this.ask(what, topic);
    return this.found?.topic === topic && this.found.layers ? { ...this.found, pending: !current } : null;
  }

  ask(what, topic) {
    if (this.asked) return; // it is asked again when the answer is here
    const changed = [...what.changed].map(([at, value]) => [Math.floor(at / what.width), at % what.width, value]);
    this.asked = { version: what.version, topic };
    const question = { asked: what.version, inputs: changed, silenced: what.silenced };
    this.leave = feed().watch(topic, (message) => this.take(message), () => [], question);
  }

  take({ header, arrays }) {
    const { asked } = this;
    if (header.asked !== asked?.version) return;
    this.leave();
    this.asked = null;
    this.failed = header.failed ?? "";
    this.found = { ...asked, ...(arrays && passOf(header, arrays, asked.topic)) };
    this.came();
  }

  close() {
    this.leave?.();
    Object.assign(this, { asked: null, found: null, failed: "" });
  }
}

/** The same as `forward` gives, of one layer and of the units that are kept. */
function passOf({ names, units }, [answer, ...signals], topic) {
  const gates = Object.fromEntries(names.map((name, k) => [name, signals[k].values]));
  const [, , layer] = topic.split("/");
  const seen = { gates, units, H: units.length, steps: signals[0].shape[0] };
  return { layers: { [layer]: seen }, answers: answer.values };
}
