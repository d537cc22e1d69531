// Untrained RNN, LSTM and GRU as the knobs make them: one layer of H units that reads one number a step.
// Weights are drawn as lstm_viz/models/initialisation.py does, from a seeded generator: the same knobs
// give the same network in every browser.

export const H = 32;
export const CELLS = ["rnn", "lstm", "gru"];
const GATES = { rnn: ["candidate"], lstm: ["input", "forget", "candidate", "output"], gru: ["reset", "update", "candidate"] };
const KEEPS = { lstm: "forget", gru: "update" }; // the gate that keeps the state
const SEED = 7;
const SQUARINGS = 40;

/** Numbers in [0, 1) from a whole number (mulberry32). */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (next) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const filled = (size, make) => Float64Array.from({ length: size }, make);

/** What every network reads: T numbers from a normal distribution, the first ones of a longer input. */
export function inputOf(steps) {
  const next = uniform(SEED + 1000);
  return filled(steps, () => normal(next));
}

/** Rows orthogonal to each other, evenly distributed among all such matrices. */
function orthogonal(next) {
  const Q = filled(H * H, () => normal(next));
  for (let r = 0; r < H; r++) {
    const row = Q.subarray(r * H, r * H + H);
    for (let k = 0; k < 2 * r; k++) { // twice: once leaves what rounding left
      const other = Q.subarray((k % r) * H, (k % r) * H + H);
      let along = 0;
      for (let j = 0; j < H; j++) along += row[j] * other[j];
      for (let j = 0; j < H; j++) row[j] -= along * other[j];
    }
    const size = Math.hypot(...row);
    for (let j = 0; j < H; j++) row[j] /= size;
  }
  return Q;
}

/** The largest |eigenvalue|: lim ‖A^n‖^(1/n), n = 2^40 by squaring (Gelfand's formula). */
export function spectralRadius(A) {
  const size = Math.sqrt(A.length);
  let power = A;
  let log = 0; // of the factors taken out of the power, as a share of its exponent
  for (let k = 0; k < SQUARINGS; k++) {
    const norm = Math.hypot(...power);
    if (!norm) return 0;
    log += Math.log(norm) / 2 ** k;
    const unit = power.map((value) => value / norm);
    power = new Float64Array(A.length);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const a = unit[i * size + j];
        for (let m = 0; m < size; m++) power[i * size + m] += a * unit[j * size + m];
      }
    }
  }
  return Math.exp(log);
}

const drawn = new Map();

/** A cell's weights as it starts, with the radius of each gate's block of W_hh: drawn once. */
function begun(cell, start) {
  const key = `${cell}/${start}`;
  if (!drawn.has(key)) drawn.set(key, begin(cell, start));
  return drawn.get(key);
}

function begin(cell, start) {
  const gates = GATES[cell];
  const next = uniform(SEED + CELLS.indexOf(cell));
  const most = 1 / Math.sqrt(H);
  const even = (size) => filled(size, () => most * (2 * next() - 1));
  const R = gates.length * H;
  const weights = { W: even(R), U: even(R * H), b_x: even(R), b_h: even(R) };
  const blocks = gates.map((_, k) => weights.U.subarray(k * H * H, (k + 1) * H * H));
  if (start === "orthogonal") for (const block of blocks) block.set(orthogonal(next));
  if (start === "identity") {
    blocks[gates.indexOf("candidate")].forEach((_, k, block) => (block[k] = k % (H + 1) ? 0 : 1));
    if (cell === "rnn") weights.b_x.fill(0), weights.b_h.fill(0);
  }
  return { ...weights, times: filled(H, next), radii: blocks.map(spectralRadius) };
}

/** The radius of the RNN's W_hh where no knob sets it. */
export const ownRadius = ({ start, scale }) => begun("rnn", start).radii[0] * scale;

/**
 * A cell's weights by PyTorch's names, as `forward` takes them.
 *
 * `knobs`: { start: "default" | "orthogonal" | "identity" | "chrono", scale (of all weights and
 * biases), radius (of each gate's block of W_hh, null as it is), bias (b_f of the LSTM), length (T) }.
 */
export function weightsOf(cell, { start, scale, radius, bias, length }) {
  const { W, U, b_x, b_h, times, radii } = begun(cell, start);
  const gates = GATES[cell];
  const factor = (k) => (radius === null ? scale : radius / radii[Math.floor(k / (H * H))]);
  const scaled = (values) => values.map((value) => value * scale);
  const [into, own] = [scaled(b_x), scaled(b_h)];
  const set = (gate, value) => {
    const at = gates.indexOf(gate) * H;
    for (let j = 0; j < H; j++) (into[at + j] = value(j)), (own[at + j] = 0);
  };
  if (start === "chrono" && KEEPS[cell]) {
    const log = (j) => Math.log(1 + times[j] * Math.max(length - 2, 0));
    set(KEEPS[cell], log);
    if (cell === "lstm") set("input", (j) => -log(j));
  } else if (cell === "lstm") set("forget", () => bias);
  const R = gates.length * H;
  const named = (shape, values) => ({ shape, values });
  return {
    "recurrent.weight_ih_l0": named([R, 1], scaled(W)),
    "recurrent.weight_hh_l0": named([R, H], U.map((value, k) => value * factor(k))),
    "recurrent.bias_ih_l0": named([R], into),
    "recurrent.bias_hh_l0": named([R], own),
    "readout.weight": named([1, H], new Float64Array(H)),
    "readout.bias": named([1], new Float64Array(1)),
  };
}
