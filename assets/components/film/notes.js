// Words over a film: the tooltip, what a screen reader hears, the buttons that close a unit's panel.
import { courseReadings, placeText, readings } from "./overlay.js";
import { element, iconButton } from "../dom.js";
import { number } from "../ticks.js";

const READ_AFTER = 350; // ms of rest before a screen reader hears of a move

/** Where on its axis a course was read: in epochs, or by what its axis says there. */
function courseText({ x, perEpoch, ticks }, step) {
  if (!ticks) return `${x} ${number(step / perEpoch, 4)}`;
  return ticks.reduce((best, each) => (Math.abs(each[0] - step) < Math.abs(best[0] - step) ? each : best), ticks[0])?.[1] ?? "";
}

export class Notes {
  constructor(view) {
    this.view = view;
    this.box = view.host.querySelector(".tip");
    this.reading = view.host.querySelector(".reading");
    this.root = view.host.querySelector(".closers");
  }

  tip() {
    const { view, box } = this;
    const { hover, header } = view;
    const course = hover?.row?.kind === "course" ? courseReadings(hover) : [];
    box.hidden = !hover || (hover.t === null && !course.length);
    if (box.hidden) return;
    const unit = hover.unit ?? view.someUnit;
    const lines = course.length ? course : readings(header, hover.at, unit, hover.t, hover);
    const rows = lines.map(({ name, text, bound, signal, colour, here }) => {
      const line = element("div", here ? "here" : "");
      const dot = element("i");
      dot.style.background = colour?.[view.theme.name] ?? view.pen.colour(signal);
      line.append(dot, element("span", "", name ?? header.looks[signal].name), element("b", "", text));
      if (here && bound) line.append(element("small", "", bound));
      return line;
    });
    const place = element("strong", "", course.length ? courseText(hover.row, course[0].at) : placeText(header, hover.t, unit, hover));
    if (view.touch.under(hover)) rows.push(element("small", "", header.touch.words.drag));
    if (header.untouchable && hover.row?.reads) rows.push(element("small", "why", header.untouchable));
    box.replaceChildren(place, ...rows);
    const { offsetWidth: wide, offsetHeight: high } = box;
    const { layout, scale } = view;
    const [x, y] = [hover.x * scale, hover.y * scale];
    const right = x + 18 + wide <= layout.width * scale;
    box.style.left = `${Math.max(0, right ? x + 18 : x - 18 - wide)}px`;
    box.style.top = `${Math.max(0, Math.min(y + 14, layout.height * scale - high))}px`;
  }

  /** A button at the panel of each pinned unit. */
  closers(layout) {
    const { view } = this;
    const [{ rows, left }] = layout.films;
    const panels = rows.filter(({ row, unit }) => row.kind === "pinned" && unit !== null);
    const buttons = panels.map(({ unit, heads }) => {
      const made = element("button", "closer", "×");
      Object.assign(made, { type: "button", title: view.header.words.unpin });
      made.setAttribute("aria-label", `${view.header.words.unpin} ${unit}`);
      view.pen.context.font = `600 15px ${view.theme.font}`;
      const wide = view.pen.context.measureText(heads[0].text).width;
      [made.style.left, made.style.top] = [left + wide + 6, heads[0].y].map((each) => `${each * view.scale}px`);
      made.onpointerdown = (event) => event.stopPropagation();
      made.onclick = () => view.unpin(unit);
      return view.touch.what ? [made, this.silencer(unit, made)] : [made];
    });
    this.root.replaceChildren(...buttons.flat());
  }

  /** The button that silences a unit, beside the one that closes its panel. */
  silencer(unit, closer) {
    const { what, about } = this.view.touch;
    const made = iconButton("silence", "M2 6h3l4-3.5v11L5 10H2zM11 6l3.5 4M14.5 6 11 10");
    made.title = about.words.silence;
    made.setAttribute("aria-label", `${about.words.silence} (${unit})`);
    made.setAttribute("aria-pressed", String(what.isSilent(about.layer, unit)));
    [made.style.left, made.style.top] = [`calc(${closer.style.left} + 24px)`, closer.style.top];
    made.onpointerdown = (event) => event.stopPropagation();
    made.onclick = () => what.silence(about.layer, unit);
    return made;
  }

  readPlace() {
    const { view } = this;
    const unit = view.someUnit;
    this.readOut(() => {
      const values = view.t === null ? [] : readings(view.header, view.layout.films[0], unit, view.t, null);
      const place = placeText(view.header, view.t, unit, null);
      return `${place}: ${values.map(({ name, text }) => `${name} ${text}`).join(", ")}`;
    });
  }

  readOut(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.reading.textContent = typeof text === "string" ? text : text()), READ_AFTER);
  }

  close() {
    clearTimeout(this.timer);
  }
}
