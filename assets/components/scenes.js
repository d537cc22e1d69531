// The story's scenes: the next ones' code is fetched while the first one is read, and a scene stays on the
// screen until what follows it is drawn.
const SCENES = ".st-key-scenes";
const BUTTONS = `${SCENES} [data-testid="stBaseButton-tertiary"]`;
const TURNS = `${BUTTONS}, ${SCENES} [role="radio"][aria-checked="false"]`;
const KEYS = { b: 0, n: -1 }; // which of the buttons they press
const TYPING = "textarea, input:not([type=range], [type=checkbox], [type=radio])";
const LATEST = 800; // ms after which a scene is shown though it is not drawn
const OFTEN = 10; // ms
const RESTS = '[data-testid="stApp"][data-test-script-state="notRunning"]';
const TO_COME = '[data-testid="stSkeleton"]';
const MOUNTED = '[data-testid="stMain"] [data-testid="stBidiComponentIsolated"]';
const DRAWN = ".film[data-missing], .cell:not(.waiting):has(svg), :not(.film, .cell)";
const FIGURES = ".film, .cell";
const UNSEEN = ".address";
const AT_ONCE = `::view-transition { pointer-events: none; }
::view-transition-group(*), ::view-transition-old(*), ::view-transition-new(*) { animation: none !important; }`;

class Scenes {
  constructor() {
    this.latest = LATEST;
    this.watch = new MutationObserver(() => this.look());
    this.watch.observe(document.body, { childList: true, subtree: true });
    this.look();
    if (!document.startViewTransition) return;
    document.head.append(Object.assign(document.createElement("style"), { textContent: AT_ONCE }));
    document.addEventListener("click", ({ target }) => target.closest?.(TURNS) && this.hold(), { capture: true });
    document.addEventListener("keydown", (event) => this.key(event), { capture: true });
  }

  look() {
    if (!document.querySelector(SCENES)) return;
    this.watch.disconnect();
    import("./film.js").catch(() => {});
    for (const name of ["film", "touch"]) fetch(new URL(`./${name}.css`, import.meta.url)).catch(() => {});
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].matches?.(TYPING)) return;
    const button = [...document.querySelectorAll(BUTTONS)].at(KEYS[event.key.toLowerCase()] ?? Infinity);
    if (button && !button.disabled) this.hold();
  }

  /** Nothing is painted until the next scene is drawn. */
  hold() {
    if (this.held || document.hidden) return;
    const before = sentence();
    const { ready, finished } = document.startViewTransition(() => this.until(() => sentence() !== before && isDrawn()));
    this.held = finished.catch(() => {}).then(() => (this.held = null));
    ready.catch(() => {});
  }

  /** By the clock, for meanwhile there are no frames to count. */
  until(holds) {
    const began = performance.now();
    return new Promise((done) => {
      const look = () => (holds() || performance.now() - began > this.latest ? done() : setTimeout(look, OFTEN));
      look();
    });
  }
}

const sentence = () => document.querySelector(".st-key-scene h4")?.textContent;

function isDrawn() {
  if (!document.querySelector(RESTS) || document.querySelector(TO_COME)) return false;
  const parts = [...document.querySelectorAll(MOUNTED)].map(({ shadowRoot }) => shadowRoot?.querySelector("div[class]"));
  const seen = (part) => part.matches(UNSEEN) || getComputedStyle(part).visibility === "visible";
  if (!parts.every((part) => part?.matches(DRAWN) && seen(part))) return false;
  const figures = parts.filter((part) => part.matches(FIGURES)); // presented, they are shown one by one
  return !figures.length || figures.some((part) => part.getClientRects().length);
}

const KEY = Symbol.for("lstm_viz.scenes"); // each component has a copy of this file, the page these scenes

export const scenes = () => (globalThis[KEY] ??= new Scenes());
