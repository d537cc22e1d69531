// A bar that moves through something step by step: a slider, and buttons that play it.
import { element, iconButton } from "./dom.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const ICONS = {
  play: "M4 2.5v11l9.5-5.5z",
  pause: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z",
  back: "M3 3h2v10H3zM13 3v10L6 8z",
  forward: "M11 3h2v10h-2zM3 3v10l7-5z",
  loop: "M11.5 1.5 14.5 4l-3 2.5V4.8H5.2A2.2 2.2 0 0 0 3 7v1H1.4V7a3.8 3.8 0 0 1 3.8-3.8h6.3zM4.5 14.5 1.5 12l3-2.5v1.7h6.3A2.2 2.2 0 0 0 13 9V8h1.6v1a3.8 3.8 0 0 1-3.8 3.8H4.5z",
};

export class Player {
  /** `turn(index)` draws a place; `rest()` is called when it is left standing there. */
  constructor(root, turn, rest = () => {}) {
    Object.assign(this, { root, turn, rest, index: 0, count: 0, way: 1, playing: false, looping: true });
    this.name = element("span", "name");
    this.play = iconButton("play", ICONS.play);
    this.back = iconButton("back", ICONS.back);
    this.forward = iconButton("forward", ICONS.forward);
    this.slider = element("input", "slider");
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.label = element("output", "label");
    this.speed = element("select", "speed");
    for (const speed of SPEEDS) this.speed.append(new Option(`${speed}×`, speed, speed === 1, speed === 1));
    this.loop = iconButton("loop", ICONS.loop);
    root.append(this.name, this.play, this.back, this.forward, this.slider, this.label, this.speed, this.loop);
    this.play.onclick = () => this.toggle();
    this.back.onclick = () => this.step(-1);
    this.forward.onclick = () => this.step(1);
    this.loop.onclick = () => ((this.looping = !this.looping), this.draw());
    this.slider.oninput = () => this.jump(Number(this.slider.value));
    this.slider.onchange = () => this.rest();
    this.slider.onkeydown = (event) => {
      if (event.key === " ") event.preventDefault(), this.toggle();
    };
  }

  /** What it moves through: how many places, how many a second, and what each is called. */
  show({ count, rate, name, what, say, words }) {
    Object.assign(this, { count, rate, say, words });
    this.index = Math.min(this.index, count - 1);
    this.name.textContent = name;
    this.slider.max = Math.max(count - 1, 1);
    this.slider.setAttribute("aria-label", what);
    this.speed.setAttribute("aria-label", `${name}: ${words.speed}`);
    for (const [each, key] of [[this.back, "back"], [this.forward, "forward"], [this.loop, "loop"]]) label(each, name, words[key]);
    this.draw();
  }

  /** Another component moved here. */
  hear(index) {
    this.stop();
    this.index = index;
    this.draw();
  }

  /** Stand somewhere else, by someone's hand. */
  jump(index) {
    this.stop();
    this.go(index);
  }

  step(by) {
    this.jump(Math.min(Math.max(this.index + by, 0), this.count - 1));
    this.rest();
  }

  go(index) {
    this.index = index;
    this.draw();
    this.turn(index);
  }

  toggle() {
    if (this.playing) {
      this.stop();
      this.rest();
    } else this.start(this.index === this.ends[1] ? this.ends[0] : this.index);
  }

  /** Where playing begins, and where it ends. */
  get ends() {
    const last = this.count - 1;
    return this.way > 0 ? [0, last] : [last, 0];
  }

  start(index) {
    this.playing = true;
    this.due = performance.now();
    this.go(index);
    const tick = (now) => {
      if (!this.playing) return;
      this.clock = requestAnimationFrame(tick);
      const pause = 1000 / (this.rate * Number(this.speed.value));
      const passed = Math.floor((now - this.due) / pause);
      if (passed < 1) return;
      this.due += passed * pause;
      const next = this.index + this.way * passed; // a slow screen leaves places out, and keeps the time
      const [begin, end] = this.ends;
      if (next >= 0 && next < this.count) this.go(next);
      else if (this.index !== end) this.go(end);
      else if (this.looping) this.go(begin);
      else this.toggle();
    };
    this.clock = requestAnimationFrame(tick);
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.clock);
    if (this.words) this.draw();
  }

  draw() {
    const doing = this.playing ? "pause" : "play";
    if (this.drawn !== doing) {
      this.drawn = doing;
      this.play.querySelector("path").setAttribute("d", ICONS[doing]);
    }
    label(this.play, this.name.textContent, this.words[doing]);
    this.loop.setAttribute("aria-pressed", String(this.looping));
    this.slider.value = this.index;
    this.slider.style.setProperty("--done", `${(100 * this.index) / Math.max(this.count - 1, 1)}%`);
    this.label.textContent = this.say(this.index);
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
  }
}

function label(button, name, words) {
  button.setAttribute("aria-label", `${name}: ${words}`);
  button.title = words;
}
