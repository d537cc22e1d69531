// The loss over the training, small, above the bar that moves through it.

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

export class Sparkline {
  /** Takes the place of a slider, and the slider in. */
  constructor(slider) {
    this.root = document.createElement("div");
    this.root.className = "rail";
    slider.replaceWith(this.root);
    this.root.innerHTML = '<div class="spark"><svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"></svg></div>';
    [this.plot, this.svg] = [this.root.firstChild, this.root.querySelector("svg")];
    this.paths = ["all", "done"].map((name) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("class", name);
      return this.svg.appendChild(path);
    });
    this.root.append(slider);
  }

  show(values, title) {
    const drawn = sparkline(values);
    this.plot.hidden = !drawn;
    this.plot.title = title;
    for (const path of this.paths) path.setAttribute("d", drawn);
  }

  /** How much of it lies behind, from 0 to 1. */
  stand(share) {
    this.root.style.setProperty("--behind", `${100 * share}%`);
  }
}
