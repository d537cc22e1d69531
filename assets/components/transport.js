// The bar that moves through training: in the browser where the data holds every frame (client),
// by asking for another frame where it holds one (server).

const ASK_AFTER = 120; // ms of rest while the slider is dragged
const ANSWER_WITHIN = 4000; // ms after which an unanswered request is given up
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const ICONS = { play: "M4 2.5v11l9.5-5.5z", pause: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" };

export class Transport {
  /** `turn(frame)` draws a frame held here; `ask(frame)` asks the server, -1 for the newest. */
  constructor(root, turn, ask) {
    Object.assign(this, { root, turn, ask, frame: 0, playing: false, held: false, asked: null, given: undefined });
    this.play = element("button", "play", { type: "button" });
    this.icon = icon(this.play);
    this.slider = element("input", "slider", { type: "range", min: 0, step: 1 });
    this.label = element("output", "label");
    this.speed = element("select", "speed");
    for (const speed of SPEEDS) this.speed.append(new Option(`${speed}×`, speed, speed === 1, speed === 1));
    this.live = element("button", "live", { type: "button" });
    root.append(this.play, this.slider, this.label, this.speed, this.live);
    this.play.onclick = () => this.toggle();
    this.slider.oninput = () => this.drag(Number(this.slider.value));
    this.slider.onchange = () => this.go(Number(this.slider.value), 0);
    this.slider.onpointerdown = () => (this.held = true);
    this.slider.onpointerup = this.slider.onpointercancel = () => (this.held = false);
    this.live.onclick = () => this.follow();
    this.slider.onkeydown = (event) => {
      if (event.key === " ") event.preventDefault(), this.toggle();
    };
  }

  get count() {
    return this.header?.labels.length ?? 0;
  }

  get following() {
    return this.header?.live && this.wanted === -1;
  }

  /** New data: the position moves only where its user left it to the server. */
  show(header, words) {
    const first = !this.header;
    this.header = header;
    this.root.hidden = !header;
    if (!header) return this.stop();
    this.words = words;
    this.slider.max = Math.max(this.count - 1, 1);
    this.slider.setAttribute("aria-label", words.frame);
    this.speed.setAttribute("aria-label", words.speed);
    this.live.textContent = words.live;
    this.live.title = words.follow;
    this.live.hidden = !header.live;
    this.label.style.minWidth = `${Math.max(...header.labels.map((label) => label.length), 1) * 0.56}em`;
    if (header.mode === "client") this.showFilm(header, first);
    else this.showServed(header);
    this.draw();
  }

  showFilm(header, first) {
    if (first || header.index !== this.given) this.wanted = header.index;
    this.given = header.index;
    if (this.wanted === -1 && !this.playing) this.frame = this.count - 1;
    else if (this.wanted >= 0) [this.frame, this.wanted] = [this.wanted, null];
    this.frame = Math.min(this.frame, this.count - 1);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (first && header.autoplay && !still) this.start(0);
  }

  showServed(header) {
    const answered = this.asked === null || header.index === this.asked;
    if (!answered && performance.now() - this.askedAt < ANSWER_WITHIN) return;
    if (answered) this.asked = null;
    if (this.held) return;
    this.wanted = header.index;
    this.frame = header.index === -1 ? this.count - 1 : Math.min(header.index, this.count - 1);
  }

  drag(frame) {
    this.stop();
    this.go(frame);
  }

  go(frame, wait = ASK_AFTER) {
    this.frame = this.wanted = frame;
    this.draw();
    if (this.header.mode === "client") return this.turn(frame);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.request(frame), wait);
    return undefined;
  }

  request(frame) {
    [this.asked, this.askedAt] = [frame, performance.now()];
    this.ask(frame);
  }

  follow() {
    this.stop();
    clearTimeout(this.timer);
    [this.frame, this.wanted] = [this.count - 1, -1];
    this.draw();
    if (this.header.mode === "client") this.turn(this.frame);
    else this.request(-1);
  }

  toggle() {
    if (!this.header) return;
    if (this.playing) this.stop();
    else this.start(this.frame >= this.count - 1 ? 0 : this.frame);
    this.draw();
  }

  start(frame) {
    this.playing = true;
    this.due = performance.now();
    this.go(frame, 0);
    const tick = (now) => {
      if (!this.playing) return;
      this.clock = requestAnimationFrame(tick);
      const waiting = this.asked !== null && now - this.askedAt < ANSWER_WITHIN;
      const pause = 1000 / (this.header.rate * Number(this.speed.value));
      if (now - this.due < pause || waiting) return;
      this.due = Math.max(this.due + pause, now - pause);
      this.go((this.frame + 1) % this.count, 0);
    };
    this.clock = requestAnimationFrame(tick);
  }

  stop() {
    this.playing = false;
    cancelAnimationFrame(this.clock);
  }

  draw() {
    const { words } = this;
    const doing = this.playing ? "pause" : "play";
    this.icon.setAttribute("d", ICONS[doing]);
    this.play.setAttribute("aria-label", words[doing]);
    this.play.title = words[doing];
    this.slider.value = this.frame;
    this.slider.style.setProperty("--done", `${(100 * this.frame) / Math.max(this.count - 1, 1)}%`);
    this.label.textContent = this.header.labels[this.frame] ?? "";
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
    this.live.setAttribute("aria-pressed", String(Boolean(this.following)));
  }

  close() {
    this.stop();
    clearTimeout(this.timer);
  }
}

function element(tag, name, attributes = {}) {
  const made = document.createElement(tag);
  made.className = name;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function icon(button) {
  const space = "http://www.w3.org/2000/svg";
  const picture = button.appendChild(document.createElementNS(space, "svg"));
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  return picture.appendChild(document.createElementNS(space, "path"));
}
