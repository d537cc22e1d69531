// Seen by nobody: lets the server draw the page anew when what its words and buttons depend on has
// changed, and tells it when there is no way for the feed. A key waits until then: one that is pressed
// where "paused" is read, beside a button that still pauses, is meant for the button that comes.
import { feed, whenIdle } from "./feed.js";
import { keys } from "./keys.js";

const AGAIN = 5000; // ms after which the same change is told once more: its answer may be lost

const pulses = new WeakMap();

class Pulse {
  constructor(host) {
    Object.assign(this, { host, told: "", at: 0 });
    this.minding = feed().mind(() => this.compare());
    keys().pulses.add(this);
  }

  show({ state, phases, down }) {
    Object.assign(this, { phases, down });
    if (state !== this.state) {
      this.leave?.();
      [this.state, this.now] = [state, null];
      this.leave = feed().watch(state, ({ header }) => ((this.now = header.runs), this.compare()));
    }
    this.compare();
  }

  /** Compare what the page was drawn with and what is. */
  compare() {
    if (this.phases && feed().down !== this.down) this.tell(`down ${feed().down}`, "down", feed().down);
    if (this.old) this.tell(JSON.stringify(Object.entries(this.now).map(([run, { phase }]) => [run, phase])), "changed", true);
  }

  /** Whether the page was drawn with what no longer is. */
  get old() {
    return Boolean(this.now) && Object.keys(this.phases).some((run) => this.phases[run] !== this.now[run]?.phase);
  }

  tell(what, name, value) {
    if (what === this.told && performance.now() - this.at < AGAIN) return;
    Object.assign(this, { told: what, at: performance.now() });
    whenIdle(this.host, () => (name === "changed" ? this.trigger : this.report)(name, value));
    clearTimeout(this.again);
    this.again = setTimeout(() => this.host.isConnected && this.compare(), AGAIN + 100);
  }

  close() {
    this.leave?.();
    this.minding();
    keys().pulses.delete(this);
    clearTimeout(this.again);
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector(".pulse");
  if (!host || !data) return undefined;
  if (!pulses.has(host)) pulses.set(host, new Pulse(host));
  const pulse = pulses.get(host);
  [pulse.report, pulse.trigger] = [setStateValue, setTriggerValue];
  pulse.show(data);
  // A superseded call must not end what its successor uses.
  return () => setTimeout(() => host.isConnected || pulse.close());
}
