// The loss over the training, small, above the bar that moves through it.
import { element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** The path of values, null where there is none, in a box of 100 by 100: the lowest at the bottom, the axis logarithmic. */
export function sparkline(values) {
  const known = values.filter((value) => value > 0);
  if (known.length < 2) return "";
  const [low, high] = [Math.log(Math.min(...known)), Math.log(Math.max(...known))];
  let pen = "M";
  return values
    .map((value, place) => {
      if (!(value > 0)) return (pen = "M"), "";
      const x = (100 * place) / (values.length - 1);
      const y = high > low ? (100 * (high - Math.log(value))) / (high - low) : 50;
      const drawn = `${pen}${x.toFixed(2)} ${y.toFixed(2)}`;
      pen = "L";
      return drawn;
    })
    .join("");
}

/** The place from which on no loss is above that of `guessing`; -1 where there is none, or no way there. */
export function foundOut(losses, guessing) {
  const last = losses.findLastIndex((loss) => loss === null || loss > guessing);
  return last < 0 || last === losses.length - 1 ? -1 : last + 1;
}

export class Sparkline {
  /** Takes the place of a slider, and the slider in; `go(place)` leads to a moment, `peek` is told which lies under the pointer. */
  constructor(slider, go, peek) {
    this.root = element("div", "rail");
    slider.replaceWith(this.root);
    this.root.innerHTML = '<div class="spark"><svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"></svg></div>';
    this.moment = element("button", "moment");
    this.moment.type = "button";
    this.moment.onclick = () => go(this.place);
    [this.plot, this.svg] = [this.root.firstChild, this.root.querySelector("svg")];
    this.paths = ["all", "done"].map((name) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      return this.svg.appendChild(path);
    });
    this.plot.append(this.moment);
    this.root.append(slider);
    this.plot.onpointermove = (event) => peek(this.under(event));
    this.plot.onpointerleave = () => peek(undefined);
    this.plot.onclick = (event) => event.target === this.moment || go(this.under(event));
  }

  under({ clientX }) {
    const { left, width } = this.plot.getBoundingClientRect();
    const share = Math.min(Math.max((clientX - left) / width, 0), 1);
    return Math.round(share * (this.count - 1));
  }

  /** `found` is what is said of the moment at a place. */
  show(values, title, guessing, found) {
    const drawn = sparkline(values);
    this.count = values.length;
    this.place = guessing ? foundOut(values, guessing) : -1;
    this.moment.hidden = this.place < 0;
    if (this.place >= 0) {
      this.moment.style.left = `${(100 * this.place) / (values.length - 1)}%`;
      this.moment.title = found(this.place);
      this.moment.setAttribute("aria-label", this.moment.title);
    }
    this.plot.hidden = !drawn;
    this.plot.title = title;
    for (const path of this.paths) path.setAttribute("d", drawn);
  }

  /** How much of it lies behind, from 0 to 1. */
  stand(share) {
    this.root.style.setProperty("--behind", `${100 * share}%`);
  }
}
