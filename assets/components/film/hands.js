// Mouse, touch and keyboard. Handlers are set once, when the component mounts.
import { stepAt } from "./axes.js";
import { labelAt } from "./rows.js";

export class Hands {
  constructor(view) {
    this.view = view;
    const { plot } = view;
    plot.onpointermove = (event) => this.hover(event);
    plot.onpointerleave = () => this.leave();
    plot.onpointerdown = (event) => this.press(event);
    plot.onpointerup = plot.onpointercancel = () => this.release();
    plot.onkeydown = (event) => this.key(event);
    for (const bar of [view.bars.root, view.bars.under]) bar.addEventListener("keydown", () => this.leave()); // as below
  }

  /** Where the pointer is: the film, the time step, the row under it with its unit or frame. */
  place(event) {
    const { layout, header } = this.view;
    if (!layout) return null;
    const [x, y] = this.pixels(event);
    if (y < layout.top) return this.course(x, y);
    const at = layout.films.find(({ left, right }) => x >= left && x <= right);
    if (!at || y > layout.axis) return null;
    const share = (x - at.left) / (at.right - at.left);
    const t = Math.min(Math.floor(share * header.steps), header.steps - 1);
    const place = { t, x, y, at, share };
    const under = at.rows.find((each) => y >= each.plot.y && y <= each.plot.y + each.plot.height);
    if (!under) return place;
    const { row, plot: area } = under;
    const part = Math.min((y - area.y) / area.height, 1 - 1e-9);
    if (row.kind === "heat") {
      const label = labelAt(row, Math.floor(part * row.labels.length));
      return { ...place, row, label, unit: row.picks ? label : undefined };
    }
    if (row.kind === "trained") return { ...place, row, step: at.film.steps[Math.floor(part * at.film.steps.length)] };
    return { ...place, row, unit: under.unit };
  }

  pixels(event) {
    const box = this.view.plot.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top].map((each) => each / this.view.scale);
  }

  /** The training step under the pointer, in what is drawn over the training; nothing where the axis is another one. */
  course(x, y) {
    const under = this.view.layout.courses.find(({ plot }) => x >= plot.x && x <= plot.x + plot.width && y >= plot.y && y <= plot.y + plot.height);
    if (!under) return null;
    const at = stepAt(under.row, under.plot, x);
    return { t: null, x, y, row: under.row, at, step: under.row.ticks ? undefined : at };
  }

  /** The same place once more, where something else may lie now. */
  again() {
    if (this.view.hover && this.last) this.view.hover = this.place(this.last);
  }

  hover(event) {
    const { view } = this;
    this.last = event;
    view.hover = this.place(event);
    if (view.touch.grabbed) return view.touch.drag(...this.pixels(event));
    if (this.dragging && view.hover) this.drag(view.hover);
    if (view.layout) this.point(view.hover);
  }

  leave() {
    this.view.hover = null;
    if (this.view.layout) this.point(null);
  }

  /** What lies under the pointer is drawn, here and by all others. */
  point(place) {
    const { view } = this;
    const { unit, t, step } = place ?? {};
    const before = view.selection.pointed.step;
    const at = step === undefined || this.dragging ? undefined : view.selection.nearest(step);
    view.selection.point({ unit, t: t ?? undefined, step: at }, view.hear);
    view.bars.training.peek(at);
    if (at === before) view.redrawOverlay();
    else view.turn();
  }

  press(event) {
    const place = event.button === 0 && this.place(event);
    if (!place) return;
    if (this.view.touch.press(place)) {
      this.view.plot.setPointerCapture(event.pointerId);
      return this.view.pick({ t: place.t });
    }
    this.dragging = place;
    if (place.step !== undefined) this.point(place);
    if (place.row?.kind === "heat" && place.unit !== undefined) this.view.pin(place.unit);
    this.drag(place);
  }

  drag(place) {
    if (this.dragging.row?.kind === "course" && place.row?.kind !== "course") return;
    if (place.t !== null) this.view.pick({ t: place.t });
    if (place.step !== undefined) this.view.goTo(place.step);
  }

  release() {
    this.view.touch.release();
    if (this.dragging?.step !== undefined) this.view.restTraining();
    this.dragging = null;
  }

  /** In curves over the training alone, the keys lead from one moment to the next. */
  moment(event) {
    const { selection, layout } = this.view;
    const row = layout.courses.find(({ row: each }) => !each.ticks)?.row;
    const moments = selection.steps.length ? selection.steps : [...(row?.lines[0]?.at ?? [])];
    const here = moments.findLastIndex((step) => step <= (selection.now.at ?? Infinity));
    const place = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: moments.length - 1 }[event.key];
    if (!row || place === undefined || !moments.length) return;
    event.preventDefault();
    this.leave();
    this.view.goTo(moments[Math.min(Math.max(place, 0), moments.length - 1)]);
    this.view.restTraining();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== this.view.plot) return;
    if (!this.view.header.films[0].rows.length) this.moment(event);
    else if (this.act(event)) event.preventDefault();
  }

  /** Do what a key asks for; whether it asks for anything. */
  act({ key, shiftKey }) {
    const { view } = this;
    const { training, time } = view.bars;
    const last = view.header.steps - 1;
    const step = (by) => Math.min(Math.max((view.t ?? (by > 0 ? -1 : last + 1)) + by, 0), last);
    const plain = {
      ArrowLeft: () => view.pick({ t: step(-1) }),
      ArrowRight: () => view.pick({ t: step(1) }),
      ArrowUp: () => view.nextUnit(-1),
      ArrowDown: () => view.nextUnit(1),
      Home: () => view.pick({ t: 0 }),
      End: () => view.pick({ t: last }),
      Enter: () => view.unpin(view.pinned.at(-1)),
      " ": () => (view.header.playback ? training : time).toggle(),
    };
    const shifted = {
      ArrowLeft: () => training.step(-1),
      ArrowRight: () => training.step(1),
      Home: () => training.step(-training.count),
      End: () => training.step(training.count),
      " ": () => time.toggle(),
    };
    const move = (shiftKey ? shifted : plain)[key] ?? view.touch.key(key);
    if (!move) return false;
    this.leave(); // whoever uses the keys looks at the lines
    if (key === "ArrowLeft" || key === "ArrowRight") if (!shiftKey) time.stop();
    move();
    return true;
  }
}
