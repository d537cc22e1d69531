// The presenter's own buttons, in a corner of the screen; they fade while nobody moves.
import { element, iconButton } from "../dom.js";

const REST = 2500; // ms without a hand on the mouse
const ICONS = {
  back: "M10.5 2.5 5 8l5.5 5.5z",
  next: "M5.5 2.5 11 8l-5.5 5.5z",
  theme: "M8 1.5a6.5 6.5 0 1 0 0 13zM8 0a8 8 0 1 1 0 16A8 8 0 0 1 8 0z",
  restart: "M8 2.5a5.5 5.5 0 1 1-5.4 6.6h1.6A4 4 0 1 0 8 4v2.5L4.2 3.2 8 0z",
  leave: "M3.4 2.3 8 6.9l4.6-4.6 1.1 1.1L9.1 8l4.6 4.6-1.1 1.1L8 9.1l-4.6 4.6-1.1-1.1L6.9 8 2.3 3.4z",
};
const STYLE = `
.bar { position: fixed; z-index: 1000000; right: 0.5rem; bottom: 0.25rem; display: flex; align-items: center; gap: 0.25rem;
  padding: 0.125rem 0.25rem; border: 1px solid currentColor; border-radius: 0.5rem; font: 0.875rem/1 system-ui, sans-serif; transition: opacity 0.3s; }
.bar.resting:not(:focus-within, :hover) { opacity: 0; }
button { width: 1.375rem; height: 1.375rem; border: 0; border-radius: 0.375rem; background: none; color: inherit; cursor: pointer; }
button:hover { background: color-mix(in srgb, currentColor 15%, transparent); }
button:focus-visible { outline: 2px solid currentColor; }
svg { width: 0.75rem; height: 0.75rem; fill: currentColor; vertical-align: middle; }
output { min-width: 3.5em; text-align: center; font-variant-numeric: tabular-nums; }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }`;

export class ControlBar {
  constructor(presenter) {
    this.host = element("div");
    this.host.dataset.testid = "lstm_viz.presenter";
    const root = this.host.attachShadow({ mode: "open" });
    this.root = element("div", "bar");
    this.root.setAttribute("role", "toolbar");
    this.where = element("output");
    const acts = {
      back: () => presenter.turn(-1), next: () => presenter.turn(1), restart: () => presenter.restart(),
      theme: () => presenter.theme(), leave: () => presenter.leave(),
    };
    this.buttons = Object.fromEntries(Object.keys(acts).map((name) => [name, iconButton(name, ICONS[name])]));
    for (const [name, act] of Object.entries(acts)) this.buttons[name].onclick = act;
    const { back, next, ...others } = this.buttons;
    this.root.append(back, this.where, next, ...Object.values(others));
    root.append(element("style", "", STYLE), this.root);
    document.addEventListener("pointermove", () => this.wake());
  }

  open(words) {
    this.root.setAttribute("aria-label", words.label);
    for (const [name, button] of Object.entries(this.buttons)) {
      button.title = words[name];
      button.setAttribute("aria-label", words[name]);
    }
    document.body.append(this.host);
    this.wake();
  }

  close() {
    this.host.remove();
  }

  say(at, count) {
    this.where.textContent = `${at + 1} / ${count}`;
    this.wake();
  }

  wake() {
    const { backgroundColor, color } = getComputedStyle(document.querySelector('[data-testid="stApp"]'));
    Object.assign(this.root.style, { backgroundColor, color });
    this.root.classList.remove("resting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.root.classList.add("resting"), REST);
  }
}
