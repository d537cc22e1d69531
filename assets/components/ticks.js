// Ticks and numbers.

const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

const minus = (text) => text.replace("-", "−");

export function power(exponent) {
  return "10" + [...String(exponent)].map((digit) => SUPERSCRIPT[digit]).join("");
}

/** A number in at most `digits` significant digits, as a reader would write it. */
export function number(value, digits = 3) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return minus(String(Number(value.toPrecision(digits))));
  const [digitsPart, exponent] = value.toExponential(digits - 1).split("e");
  const mantissa = Number(digitsPart);
  return mantissa === 1 ? power(Number(exponent)) : `${minus(String(mantissa))}·${power(Number(exponent))}`;
}

/** The same with a fixed number of decimals, while it is short: columns of numbers keep their place. */
export function fixed(value, decimals) {
  if (!(Math.abs(value) < 1e5)) return number(value);
  const text = value.toFixed(decimals);
  return minus(Number(text) === 0 ? (0).toFixed(decimals) : text);
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `size`. */
export function roundUp(size) {
  const base = 10 ** Math.floor(Math.log10(size));
  return base * [1, 2, 5, 10].find((multiple) => multiple * base >= size * (1 - 1e-9));
}

/** Round values from low to high, at most `count`. */
export function linearTicks(low, high, count) {
  const step = roundUp((high - low) / Math.max(count, 1));
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    const decimals = Math.max(0, -Math.floor(Math.log10(step)));
    ticks.push({ value: k * step, text: step < 1e-3 || step >= 1e5 ? number(k * step) : fixed(k * step, decimals) });
  }
  return ticks;
}

/** Whole exponents from low to high (logarithms), at most `count`. */
export function logTicks(low, high, count) {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  if (last <= first) return closeTicks(low, high);
  const step = Math.max(1, Math.ceil(roundUp(Math.max(1, (last - first) / Math.max(count, 1)))));
  const ticks = [];
  for (let k = last; k >= first; k -= step) ticks.push({ value: k, text: power(k) });
  return ticks.reverse();
}

/** Within about a decade: numbers of one digit. */
function closeTicks(low, high) {
  const ticks = [];
  for (let k = Math.floor(low); k <= high; k++) {
    for (let digit = 1; digit < 10; digit++) {
      const value = k + Math.log10(digit);
      if (value >= low - 1e-9 && value <= high + 1e-9) ticks.push({ value, text: number(digit * 10 ** k) });
    }
  }
  return ticks;
}

/** Indices 0..size-1 to label: round steps, and the last one always. */
export function indexTicks(size, count) {
  const step = Math.max(1, [1, 2, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100, 200, 500, 1000].find((s) => size / s <= count) ?? size);
  const ticks = [];
  for (let k = 0; k < size; k += step) ticks.push(k);
  const last = size - 1;
  if (ticks.at(-1) !== last) {
    if (ticks.length > 1 && last - ticks.at(-1) < step * 0.6) ticks.pop();
    ticks.push(last);
  }
  return ticks;
}
