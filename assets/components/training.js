// The bar that moves through the frames of a training, and follows them while they come.
import { element } from "./dom.js";
import { Player } from "./player.js";
import { Sparkline } from "./sparkline.js";
import { fixed } from "./ticks.js";

/** "epoch {epoch:.1f}" with its values, as Python's `format` writes it. */
const fill = (template, values) =>
  template.replace(/\{(\w+)(?::\.(\d)f)?\}/g, (_, name, digits) =>
    digits === undefined ? values[name] : fixed(values[name] ?? NaN, Number(digits)),
  );

const LONGEST = 34; // letters of a moment that have their room whatever is said

export class Training extends Player {
  /** `accepts(what, value)` says whether the server's value counts; `turn` and `rest` as a Player's; `point(step)` is told the moment under the pointer. */
  constructor(root, accepts, turn, rest, point) {
    super(root, () => (this.stand(), turn()), rest);
    this.accepts = accepts;
    this.spark = new Sparkline(this.slider, (place) => (this.jump(place), this.rest()), (place) => point(this.frames[place]?.[0]));
    this.live = element("button", "live");
    this.live.type = "button";
    this.live.onclick = () => this.follow();
    root.append(this.live);
    this.wanted = undefined; // a training step, or -1 for the newest
  }

  get frames() {
    return this.playback?.frames ?? [];
  }

  /** The training step it stands at. */
  get at() {
    return this.frames[this.index]?.[0] ?? -1;
  }

  get following() {
    return this.wanted === -1;
  }

  /** The playback as the server knows it now; null where there is nothing to move through. Its loss is that of `one` run, or is not drawn. */
  showPlayback(playback, words, one = true) {
    const first = !this.playback;
    this.playback = playback;
    this.root.hidden = !playback;
    if (!playback) return this.stop();
    playback.frames = playback.clock.map(([step, epoch, loss]) => [step, playback.labels[step] ?? fill(playback.label, { step, epoch, loss }), epoch]);
    if (this.accepts("step", playback.step)) this.wanted = playback.step;
    const { frames } = playback;
    const losses = one ? playback.clock.map(([, , loss]) => loss) : [];
    this.spark.show(losses, words.loss, playback.guessing, (place) => words.found.replace("{place}", frames[place][1]));
    const before = this.before ?? -1;
    this.show({
      count: frames.length, rate: playback.rate, name: words.training, what: words.frame, words,
      say: (index) => frames[index]?.[1] ?? "",
    });
    const longest = Math.max(...frames.map(([, label]) => label.length), 1);
    this.label.style.minWidth = `${Math.min(longest, LONGEST) * 0.46}em`; // a longer one is cut, and said in full by its title
    // Thinning moves places, never steps.
    const stands = this.following && !this.playing ? frames.length - 1 : this.indexOf(first ? this.wanted : before);
    this.index = this.wanted >= 0 && !this.playing ? this.indexOf(this.wanted) : stands;
    this.draw();
    this.live.hidden = !playback.live;
    this.live.textContent = words.live;
    this.live.title = words.follow;
    this.live.setAttribute("aria-pressed", String(this.following));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const ended = this.wasLive && !playback.live;
    this.wasLive = playback.live;
    if (first) this.halt = playback.halt;
    if (still || (this.playing && !ended)) return;
    if (first && playback.autoplay) this.start(this.indexOf(playback.begin));
    else if (ended && playback.replay) this.start(0);
  }

  /** Playing stops where it was told to, once; from there on it goes as any other. */
  go(index) {
    const halt = this.halt === null ? -1 : this.indexOf(this.halt);
    const arrived = this.playing && this.index < halt && index >= halt;
    super.go(arrived ? halt : index);
    if (!arrived) return;
    this.halt = null;
    this.toggle();
  }

  draw() {
    super.draw();
    this.peek(this.peeked);
    this.label.title = this.label.textContent;
    this.spark?.stand(this.index / Math.max(this.count - 1, 1));
  }

  /** The place of the last frame that is not after a step; the newest for -1. */
  indexOf(step) {
    if (step < 0) return this.frames.length - 1;
    return Math.max(0, this.frames.findLastIndex(([at]) => at <= step));
  }

  /** Another component moved to a training step (-1: the newest), at which frame `at` is drawn. */
  hear({ step, at }) {
    if (!this.playback) return;
    this.stop();
    [this.wanted, this.before] = [step, at];
    this.index = this.indexOf(at ?? step);
    this.live.setAttribute("aria-pressed", String(this.following));
    this.draw();
  }

  /** Say the moment that lies under a pointer, also while others come; that of its own place for undefined. */
  peek(step) {
    this.peeked = step;
    if (!this.playback) return;
    this.label.textContent = this.say(step === undefined ? this.index : this.indexOf(step));
  }

  /** The place was left to someone's hand: it stays there, or follows at the end of a live run. */
  stand() {
    this.before = this.at;
    const last = this.index === this.count - 1;
    this.wanted = last && !this.playback?.live ? -1 : this.at;
    this.live.setAttribute("aria-pressed", String(this.following));
  }

  follow() {
    this.stop();
    this.go(this.frames.length - 1);
    this.wanted = -1;
    this.live.setAttribute("aria-pressed", "true");
    this.rest();
  }
}
