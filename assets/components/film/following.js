// What a film takes from the feed: its frames, which of them a thinned film still has, and what
// changed over the training.
import { feed, whenIdle } from "../feed.js";
import { courses } from "./rows.js";
import { stepsOf, take } from "./store.js";

export class Following {
  constructor(view) {
    Object.assign(this, { view, leaving: new Map() });
  }

  /** Follow the films of a header, and no others. */
  follow(header) {
    const wanted = new Map(header.films.filter(({ run }) => run).map(({ id }) => [id, (message) => this.frame(message)]));
    if (header.curves) wanted.set(header.curves, (message) => this.curves(message));
    if (header.state) wanted.set(header.state, (message) => this.state(message));
    for (const [topic, leave] of this.leaving) if (!wanted.has(topic)) leave(), this.leaving.delete(topic);
    for (const [topic, hear] of wanted) {
      if (!this.leaving.has(topic)) this.leaving.set(topic, feed().watch(topic, hear, () => stepsOf(topic)));
    }
    if (wanted.size) this.minding ??= feed().mind(() => this.tell());
    this.tell();
  }

  /** Let the server know when there is no way for the feed, and when there is one again. */
  tell() {
    const { down } = feed();
    if (!this.minding || down === this.view.header.down || down === this.told) return;
    this.told = down;
    whenIdle(this.view.host, () => this.view.report("down", feed().down));
  }

  frame(message) {
    take(message);
    const [step] = message.header.clock;
    for (const film of this.view.header.films) {
      if (film.id !== message.header.topic || film.frames.includes(step)) continue;
      film.frames = [...film.frames, step].sort((a, b) => a - b);
    }
    this.view.arrived();
  }

  curves({ header, arrays }) {
    if (!header.courses) return; // its runs are gone
    this.view.header.courses = courses(header.courses, arrays);
    this.view.arrived();
  }

  state({ header: { runs } }) {
    for (const film of this.view.header.films) {
      const now = runs[film.run];
      if (!now) continue;
      const last = now.steps.at(-1) ?? -1;
      film.frames = [...now.steps, ...film.frames.filter((step) => step > last)];
      film.active = now.active;
    }
    this.view.arrived();
  }

  close() {
    for (const leave of this.leaving.values()) leave();
    this.leaving.clear();
    this.minding?.();
  }
}
