// One figure at a time, on the whole screen: what is left of the page is hidden, and its type grows.
import { ControlBar } from "./bar.js";
import { figuresOf, playersOf } from "./figures.js";
import { chosenTheme, isDark, switchTheme } from "./theme_switch.js";

const PRESENTING = "presenting";
const CHART = '[data-testid="stVegaLiteChart"]';
const MAIN = '[data-testid="stMainBlockContainer"]';
const SCENES = '.st-key-scenes [data-testid="stBaseButton-tertiary"]';
const REST = 150; // ms without a change after which the figures are looked for again
const SETTLED = 5000; // ms in which a scene is drawn
const LARGEST = 2.2; // times the size that a chart has on the page
const NARROWEST = 720; // px for which a chart is made
const CLEARLY = 1.02; // of the room over the height, from which on a figure can be larger
const TRIES = 3; // to make it larger
const TYPING = "textarea, select, [contenteditable=true], input:not([type=range], [type=checkbox], [type=radio])";
const TURNS = { PageDown: 1, PageUp: -1 };
const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Presenter {
  constructor() {
    Object.assign(this, { active: false, at: 0, parts: [], enlarged: [], words: {} });
    window.addEventListener("keydown", (event) => this.key(event), { capture: true });
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || this.leave());
    this.watching = new MutationObserver(() => this.changed());
    this.growing = new ResizeObserver(() => this.grown()); // also late, and with the window
  }

  begin() {
    if (this.active) return;
    this.active = true;
    this.at = 0;
    this.before = null; // the theme, once it was switched
    document.activeElement?.blur();
    this.bar ??= new ControlBar(this);
    this.bar.open(this.words);
    document.documentElement.requestFullscreen?.().catch(() => {}); // without it the page's frame is hidden
    this.show();
    this.watching.observe(document.querySelector(MAIN), { childList: true, subtree: true });
  }

  leave() {
    if (!this.active) return;
    this.active = false;
    this.watching.disconnect();
    this.clear();
    this.bar.close();
    if (this.before) switchTheme(this.before);
    if (document.fullscreenElement) document.exitFullscreen();
  }

  /** The next figure or the one before; beyond the last, the next scene of a page that has some. */
  turn(way) {
    const [back, next] = this.ends();
    if (this.at + way >= this.count && next) this.scene(next);
    else if (this.at + way < 0 && back) this.scene(back);
    else this.show(this.at + way);
  }

  /** The buttons of a page's scenes that lead on and can be pressed. */
  ends() {
    const buttons = [...document.querySelectorAll(SCENES)];
    return [buttons.at(0), buttons.at(-1)].map((each) => (each?.disabled ? undefined : each));
  }

  scene(button) {
    button.click();
    this.at = 0;
    this.turned = performance.now();
  }

  /** The page was drawn anew, at once or bit by bit. */
  changed() {
    const gone = this.parts.some((part) => !part.isConnected);
    if (gone || performance.now() - (this.turned ?? -Infinity) <= SETTLED) this.soon();
  }

  soon() {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.active && this.show(), REST);
  }

  /** What lays itself out again, made smaller, may be higher than it was measured, or less high. */
  grown() {
    clearTimeout(this.fitting);
    this.fitting = setTimeout(() => this.active && this.fit(), REST);
  }

  show(at = this.at) {
    this.clear();
    document.documentElement.classList.add(PRESENTING);
    const figures = figuresOf(document.querySelector(MAIN), this.room);
    this.count = figures.length;
    this.at = Math.max(0, Math.min(at, this.count - 1));
    this.parts = figures[this.at];
    this.tries = TRIES;
    for (const part of this.parts) {
      part.dataset.presented = "";
      for (let above = part.parentElement; above && above !== document.body; above = above.parentElement) above.dataset.presents = "";
    }
    this.enlarge();
    this.fit();
    for (const part of this.parts) this.growing.observe(part);
    this.bar.say(this.at, this.count);
  }

  /** Pixels from the top of the figure to its end. */
  get height() {
    const boxes = this.parts.map((part) => part.getBoundingClientRect());
    return Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
  }

  /** Pixels of the screen for a figure: its buttons lie below it. */
  get room() {
    const { paddingTop, paddingBottom } = getComputedStyle(document.querySelector(MAIN));
    return innerHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  }

  /** A chart's own type does not grow with the page's: it is drawn smaller, and enlarged as a whole. */
  enlarge() {
    const charts = this.parts.flatMap((part) => [...part.querySelectorAll(CHART)]);
    const drawn = charts.reduce((sum, chart) => Math.max(sum, chart.getBoundingClientRect().height), 1);
    const wide = Math.max(1, ...charts.map((chart) => chart.getBoundingClientRect().width));
    const zoom = Math.max(1, Math.min(LARGEST, wide / NARROWEST, (this.room - this.height + drawn) / drawn));
    for (const chart of charts) {
      const part = chart.closest('[data-testid="stElementContainer"]');
      part.style.setProperty("--zoom", zoom);
      this.enlarged.push(part);
    }
  }

  /**
   * What is still higher than the screen, such as a page of settings, is made smaller as a whole; and larger
   * again where it was measured before it had laid itself out, a few times only: it may do so each time.
   */
  fit() {
    const zoom = Number(this.parts[0].style.zoom) || 1;
    const share = Math.floor((1000 * this.room) / this.height) / 1000;
    const back = share >= CLEARLY && zoom < 1 && this.tries-- > 0;
    if (share < 1 || back) for (const part of this.parts) part.style.zoom = Math.min(1, share * zoom);
  }

  clear() {
    this.growing.disconnect();
    clearTimeout(this.fitting);
    document.documentElement.classList.remove(PRESENTING);
    for (const each of document.querySelectorAll("[data-presents]")) delete each.dataset.presents;
    for (const part of this.parts) {
      delete part.dataset.presented;
      part.style.zoom = "";
    }
    for (const part of this.enlarged.splice(0)) part.style.removeProperty("--zoom");
  }

  /** Play the figure from its beginning. */
  restart() {
    const [bar] = playersOf(this.parts).filter((each) => each.getClientRects().length);
    const slider = bar?.querySelector("input[type=range]");
    if (!slider) return;
    slider.value = slider.min;
    slider.dispatchEvent(new Event("input"));
    bar.querySelector("button.play").click();
  }

  theme() {
    this.before ??= chosenTheme();
    switchTheme(isDark() ? "Light" : "Dark");
  }

  key(event) {
    const [target] = event.composedPath();
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.(TYPING)) return;
    const act = this.active ? this.acts(event) : event.key.toLowerCase() === "f" && this.label && (() => this.begin());
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) act();
  }

  /** What a key does: arrows are a film's where one has the focus. */
  acts({ key }) {
    const focus = document.activeElement;
    const free = !focus || focus === document.body || focus === this.bar.host;
    const way = TURNS[key] ?? (free ? ARROWS[key] : undefined);
    if (way) return () => this.turn(way);
    return { escape: () => this.leave(), f: () => this.leave(), t: () => this.theme(), r: () => this.restart() }[key.toLowerCase()];
  }

  get label() {
    return this.words.label;
  }
}

const KEY = Symbol.for("lstm_viz.presenter"); // each component has a copy of this file, the page one presenter

export const presenter = () => (globalThis[KEY] ??= new Presenter());
