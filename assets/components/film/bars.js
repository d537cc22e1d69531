// The bars above a film: one clock for the training, one for the time within the sequence, the
// order of the units, and the help.
import { element } from "../dom.js";
import { Player } from "../player.js";

const WHOLE = 10; // seconds for a whole sequence at single speed

export class Bars {
  constructor(root, view) {
    this.view = view;
    const [training, time] = ["bar training", "bar time"].map((name) => root.appendChild(element("div", name)));
    this.roots = { training, time };
    this.training = new Player(training, () => view.turn(), () => view.restTraining());
    this.time = new Player(time, (t) => view.pick({ t }), () => view.teller.soon({}));
    this.live = element("button", "live");
    this.live.type = "button";
    this.live.onclick = () => this.follow();
    training.append(this.live);
    this.sort = element("select", "sort");
    this.sort.onchange = () => view.sortBy(this.sort.value);
    this.help = element("button", "help", "?");
    this.help.type = "button";
    this.told = element("div", "told");
    this.told.hidden = true;
    this.help.onclick = () => (this.told.hidden = !this.told.hidden);
    time.append(this.sort, this.help);
    root.append(this.told);
    this.wanted = undefined; // a training step, or -1 for the newest
  }

  get clock() {
    return this.header.transport?.clock ?? [];
  }

  /** The training step that is drawn. */
  get step() {
    return this.clock[this.training.index]?.[0] ?? -1;
  }

  get following() {
    return this.wanted === -1;
  }

  show(header) {
    const first = !this.header;
    this.header = header;
    const { transport, words, sorts, steps } = header;
    this.roots.training.hidden = !transport;
    if (transport) this.showTraining(transport, words, first);
    else this.training.stop();
    this.time.show({
      count: steps, rate: Math.max(6, steps / WHOLE), name: words.time, what: words.step, words,
      say: (t) => `t = ${t}`,
    });
    this.time.label.style.minWidth = `${2.4 + 0.6 * String(steps).length}em`;
    this.sort.hidden = !sorts.length;
    this.sort.setAttribute("aria-label", words.sort);
    this.sort.replaceChildren(...sorts.map(([key, name]) => new Option(`${words.sort} ${name}`, key, false, key === header.sort)));
    this.help.title = words.help;
    this.help.setAttribute("aria-label", words.help);
    this.told.replaceChildren(...[words.keys, words.exact].map((text) => element("p", "", text)));
  }

  showTraining(transport, words, first) {
    if (this.view.accepts("step", transport.step)) this.wanted = transport.step;
    const { clock } = transport;
    const before = this.before ?? -1;
    this.training.show({
      count: clock.length, rate: transport.rate, name: words.training, what: words.moment, words,
      say: (index) => clock[index]?.[1] ?? "",
    });
    this.training.label.style.minWidth = `${Math.max(...clock.map(([, label]) => label.length), 1) * 0.46}em`;
    // Thinning moves places, never steps.
    const stands = this.following && !this.training.playing ? clock.length - 1 : this.indexOf(first ? this.wanted : before);
    this.training.index = this.wanted >= 0 && !this.training.playing ? this.indexOf(this.wanted) : stands;
    this.training.draw();
    this.live.hidden = !transport.live;
    this.live.textContent = words.live;
    this.live.title = words.follow;
    this.live.setAttribute("aria-pressed", String(this.following));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (first && transport.autoplay && !still) this.training.start(0);
  }

  /** The last place on the clock that is not after a step; the newest for -1. */
  indexOf(step) {
    if (step < 0) return this.clock.length - 1;
    return Math.max(0, this.clock.findLastIndex(([at]) => at <= step));
  }

  /** The place was left to someone's hand: it stays there, or follows at the end of a live run. */
  stand() {
    this.before = this.step;
    const last = this.training.index === this.training.count - 1;
    this.wanted = last && !this.header.transport?.live ? -1 : this.step;
    this.live.setAttribute("aria-pressed", String(this.following));
  }

  follow() {
    this.training.stop();
    this.wanted = -1;
    this.training.go(this.clock.length - 1);
    this.wanted = -1;
    this.live.setAttribute("aria-pressed", "true");
    this.view.restTraining();
  }

  close() {
    this.training.stop();
    this.time.stop();
  }
}
