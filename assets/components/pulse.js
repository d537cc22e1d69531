// Seen by nobody: lets the server draw the page anew when what its words and buttons depend on has
// changed, and tells it when there is no way for the feed.
import { feed, whenIdle } from "./feed.js";

const AGAIN = 5000; // ms after which the same change is told once more: its answer may be lost

const pulses = new WeakMap();

class Pulse {
  constructor(host) {
    Object.assign(this, { host, told: "", at: 0 });
    this.minding = feed().mind(() => this.compare());
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
    if (!this.now) return;
    const now = Object.fromEntries(Object.entries(this.now).map(([run, { phase }]) => [run, phase]));
    const same = Object.keys(this.phases).every((run) => this.phases[run] === now[run]);
    if (!same) this.tell(JSON.stringify(now), "changed", true);
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
