// The bar that moves through the moments of a training, and follows them while they come.
import { element } from "./dom.js";
import { Player } from "./player.js";

export class Training extends Player {
  /** `accepts(what, value)` says whether the server's value counts; `turn` and `rest` as a Player's. */
  constructor(root, accepts, turn, rest) {
    super(root, () => (this.stand(), turn()), rest);
    this.accepts = accepts;
    this.live = element("button", "live");
    this.live.type = "button";
    this.live.onclick = () => this.follow();
    root.append(this.live);
    this.wanted = undefined; // a training step, or -1 for the newest
  }

  get moments() {
    return this.transport?.clock ?? [];
  }

  /** The training step it stands at. */
  get at() {
    return this.moments[this.index]?.[0] ?? -1;
  }

  get following() {
    return this.wanted === -1;
  }

  /** The clock as the server knows it now; null where there is nothing to move through. */
  showClock(transport, words) {
    const first = !this.transport;
    this.transport = transport;
    this.root.hidden = !transport;
    if (!transport) return this.stop();
    if (this.accepts("step", transport.step)) this.wanted = transport.step;
    const { clock } = transport;
    const before = this.before ?? -1;
    this.show({
      count: clock.length, rate: transport.rate, name: words.training, what: words.moment, words,
      say: (index) => clock[index]?.[1] ?? "",
    });
    this.label.style.minWidth = `${Math.max(...clock.map(([, label]) => label.length), 1) * 0.46}em`;
    // Thinning moves places, never steps.
    const stands = this.following && !this.playing ? clock.length - 1 : this.indexOf(first ? this.wanted : before);
    this.index = this.wanted >= 0 && !this.playing ? this.indexOf(this.wanted) : stands;
    this.draw();
    this.live.hidden = !transport.live;
    this.live.textContent = words.live;
    this.live.title = words.follow;
    this.live.setAttribute("aria-pressed", String(this.following));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (first && transport.autoplay && !still) this.start(0);
  }

  /** The last place on the clock that is not after a step; the newest for -1. */
  indexOf(step) {
    if (step < 0) return this.moments.length - 1;
    return Math.max(0, this.moments.findLastIndex(([at]) => at <= step));
  }

  /** The place was left to someone's hand: it stays there, or follows at the end of a live run. */
  stand() {
    this.before = this.at;
    const last = this.index === this.count - 1;
    this.wanted = last && !this.transport?.live ? -1 : this.at;
    this.live.setAttribute("aria-pressed", String(this.following));
  }

  follow() {
    this.stop();
    this.go(this.moments.length - 1);
    this.wanted = -1;
    this.live.setAttribute("aria-pressed", "true");
    this.rest();
  }
}
