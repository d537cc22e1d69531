// The numbers of one step: looked up, and written into sentences and equations.
import { fixed, number } from "../ticks.js";

export class Numbers {
  constructor({ header, arrays }) {
    Object.assign(this, { header, arrays, U: header.units.length });
  }

  has(name) {
    return name in this.header.signals;
  }

  /** A signal's value at a step's place k and a unit's place u. */
  at(name, k, u) {
    const { array, exponent, value: made } = this.header.signals[name];
    if (made) return made(k, u);
    const value = this.arrays[array].values[k * this.U + u];
    return exponent === undefined ? value : value * 2 ** this.arrays[exponent].values[k * this.U + u];
  }

  /** log10 of its size; -Infinity for 0. It does not end where float32 does. */
  log(name, k, u) {
    const { array, exponent } = this.header.signals[name];
    const size = Math.log10(Math.abs(this.arrays[array].values[k * this.U + u]));
    return exponent === undefined ? size : size + Math.LOG10E * Math.LN2 * this.arrays[exponent].values[k * this.U + u];
  }

  /** How much of its line a value fills: 0..1; gradients by their powers of ten. */
  share(name, k, u) {
    const { gradient, reach } = this.header.signals[name];
    const share = gradient
      ? 1 + (this.log(name, k, u) - this.header.top) / this.header.decades
      : Math.abs(this.at(name, k, u)) / reach;
    return Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) : 0;
  }

  /** Its number beside a line. */
  label(name, k, u) {
    const value = this.at(name, k, u);
    return this.header.signals[name].gradient ? number(value, 2) : short(value);
  }

  /** `{f} · {c}` with the values in their places; see `models/diagram.py`. */
  fill(template, k, u) {
    return template.replace(/\{([^}]+)\}/g, (_, inside, offset) => {
      if (/ [+=] /.test(inside)) return this.sum(inside, k, u);
      if (inside.endsWith("%")) return percent(this.at(inside.slice(0, -1), k, u));
      if (inside.startsWith("-")) return number(-this.at(inside.slice(1), k, u), 3);
      const text = number(this.at(inside, k, u), 3);
      return text.startsWith("−") && template.slice(0, offset).endsWith("· ") ? `(${text})` : text;
    });
  }

  /** Terms with equally many decimals, so that their sum is what one sees. */
  sum(inside, k, u) {
    const [left, result] = inside.split(" = ");
    const names = left.split(" + ");
    const values = names.map((name) => this.at(name, k, u));
    const total = result && this.at(result, k, u);
    const largest = Math.max(...[...values, total || 0].map(Math.abs).filter(Number.isFinite), 0);
    const decimals = Math.max(2, 1 - Math.floor(Math.log10(largest || 1)));
    const tiny = (value) => value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals;
    const write = (value) => (decimals > 4 ? number(value, 3) : tiny(value) ? number(value, 2) : fixed(value, decimals));
    const terms = values.map((value, place) => {
      const text = write(value);
      if (place === 0) return text;
      return text.startsWith("−") ? ` − ${text.slice(1)}` : ` + ${text}`;
    });
    return terms.join("") + (result ? ` = ${write(total)}` : "");
  }

  /** The words of the first case that fits; see `models/diagram.py`. */
  said(cases, k, u) {
    const fits = ({ signal, low, below }) => {
      const value = signal && this.at(signal, k, u);
      return !signal || ((low === null || value >= low) && (below === null || value < below));
    };
    const found = cases.find(fits);
    return found ? this.fill(found.words, k, u) : "";
  }

  /** What is said of an operation: { equation, numbers, means }. */
  telling(id, direction, _k, _u) {
    return this.header.operations[id][direction];
  }

  /** The step told in sentences. */
  told(direction, k, u) {
    const said = this.header.clauses[direction].map((cases) => this.said(cases, k, u));
    return said.filter(Boolean).join(" ");
  }
}

/** A number as labels show it. */
export function short(value) {
  const size = Math.abs(value);
  if (value === 0 || (size >= 0.005 && size < 10)) return fixed(value, 2);
  return number(value, size < 1 ? 1 : size < 1e5 ? 3 : 2);
}

function percent(share) {
  const size = 100 * share;
  const close = share !== 1 && share !== 0 && (Math.abs(size - 100) < 1 || Math.abs(size) < 1);
  return `${close ? number(size, size > 50 ? 4 : 2) : fixed(size, 0)}%`;
}

/** `c_{t−1}` as HTML nodes. */
export function subscripts(text) {
  const parts = text.split(/_(?:\{([^}]*)\}|(\w))/g);
  return parts.flatMap((part, place) => {
    if (!part) return [];
    if (place % 3 === 0) return [document.createTextNode(part)];
    const low = document.createElement("sub");
    low.textContent = part;
    return [low];
  });
}

/** The same for who hears it. */
export const plain = (text) => text.replace(/_(?:\{([^}]*)\}|(\w))/g, (_, a, b) => ` ${a ?? b}`);
