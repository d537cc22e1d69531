// Mouse, touch and keyboard. Handlers are set once, when the component mounts.

export class Hands {
  constructor(view) {
    this.view = view;
    const { plot } = view;
    plot.onpointermove = (event) => this.hover(event);
    plot.onpointerleave = () => this.leave();
    plot.onpointerdown = (event) => this.press(event);
    plot.onpointerup = plot.onpointercancel = () => (this.dragging = false);
    plot.onkeydown = (event) => this.key(event);
  }

  /** Where the pointer is: the time step, and the row under it with its unit. */
  place(event) {
    const { layout, header, plot } = this.view;
    if (!layout) return null;
    const box = plot.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (x < layout.left || x > layout.right || y > layout.axis) return null;
    const share = (x - layout.left) / (layout.right - layout.left);
    const t = Math.min(Math.floor(share * header.steps), header.steps - 1);
    const under = layout.rows.find((row) => y >= row.plot.y && y <= row.plot.y + row.plot.height);
    if (under?.row.kind !== "heat") return { t, x, y, row: under?.row };
    const { row, plot: area } = under;
    const index = Math.min(Math.floor(((y - area.y) / area.height) * row.labels.length), row.labels.length - 1);
    return { t, x, y, row, index, unit: row.picks ? row.labels[index] : undefined };
  }

  hover(event) {
    const { view } = this;
    view.hover = this.place(event);
    if (this.dragging && view.hover) view.pick({ t: view.hover.t });
    if (view.layout) view.redrawOverlay();
  }

  leave() {
    this.view.hover = null;
    if (this.view.layout) this.view.redrawOverlay();
  }

  press(event) {
    const place = event.button === 0 && this.place(event);
    if (!place) return;
    this.dragging = true;
    this.view.pick({ t: place.t, ...(place.unit === undefined ? {} : { unit: place.unit }) }, 0);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { view } = this;
    const last = view.header.steps - 1;
    const step = (by) => Math.min(Math.max((view.t ?? (by > 0 ? -1 : last + 1)) + by, 0), last);
    const moves = {
      ArrowLeft: () => view.pick({ t: step(-1) }),
      ArrowRight: () => view.pick({ t: step(1) }),
      ArrowUp: () => view.pick({ unit: this.nextUnit(-1) }),
      ArrowDown: () => view.pick({ unit: this.nextUnit(1) }),
      Home: () => view.pick({ t: 0 }),
      End: () => view.pick({ t: last }),
      " ": () => view.transport.toggle(),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  }

  nextUnit(by) {
    const { header, unit } = this.view;
    const labels = header.rows.find((row) => row.picks)?.labels;
    if (!labels) return unit;
    const at = labels.indexOf(unit);
    return at < 0 ? labels[by > 0 ? 0 : labels.length - 1] : labels[Math.min(Math.max(at + by, 0), labels.length - 1)];
  }
}
