// The code of the drawings that the next scenes of the story need is fetched while the first one is read.
const SCENES = ".st-key-scenes";

class Scenes {
  constructor() {
    this.watch = new MutationObserver(() => this.look());
    this.watch.observe(document.body, { childList: true, subtree: true });
    this.look();
  }

  look() {
    if (!document.querySelector(SCENES)) return;
    this.watch.disconnect();
    import("./film.js").catch(() => {});
    for (const name of ["film", "touch"]) fetch(new URL(`./${name}.css`, import.meta.url)).catch(() => {});
  }
}

const KEY = Symbol.for("lstm_viz.scenes"); // each component has a copy of this file, the page these scenes

export const scenes = () => (globalThis[KEY] ??= new Scenes());
