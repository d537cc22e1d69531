// The gradient that enters at the last step alone, on its way back through one layer: what
// `lstm_viz.gradient_flow` measures, in logarithms, so that 10^-400 is still a number.
import { forward } from "../forward.js";
import { CELLS, H, inputOf, weightsOf } from "./networks.js";

/** Cell -> log10 of the norm k steps back, (T); -Infinity where it is exactly 0. */
export function curvesOf(knobs) {
  return Object.fromEntries(CELLS.map((cell) => [cell, curveOf(cell, knobs)]));
}

function curveOf(cell, knobs) {
  const weights = weightsOf(cell, knobs);
  const kind = cell === "rnn" ? `rnn_${knobs.nonlinearity}` : cell;
  const model = { kind, layers: 1, bidirectional: false, readout: "last", symbols: 0 };
  const pass = forward(model, weights, inputOf(knobs.length)).layers["recurrent.l0"];
  return logNorms(pass, weights["recurrent.weight_hh_l0"].values);
}

/**
 * log10 ‖∂L_T/∂h_t‖₂, of an LSTM ‖∂L_T/∂(h_t, c_t)‖₂, from a vector of length 1 with equal parts at
 * the last step; dL/dc_t without its way through h_t, which is counted there.
 */
export function logNorms(pass, U) {
  const { steps, kind } = pass;
  const back = { lstm: lstmBack, gru: gruBack }[kind] ?? rnnBack;
  const found = new Float64Array(steps).fill(-Infinity);
  let state = { h: new Float64Array(H).fill(1 / Math.sqrt(H)), c: new Float64Array(H) };
  let log = 0;
  for (let t = steps - 1; t >= 0; t--) {
    const size = Math.hypot(...state.h, ...state.c);
    if (!size) break;
    log += Math.log10(size);
    found[steps - 1 - t] = log;
    if (t > 0) state = back(pass, t, U, { h: state.h.map((v) => v / size), c: state.c.map((v) => v / size) });
  }
  return found;
}

/** Uᵀδ, added to what is there. */
function through(U, delta, into) {
  delta.forEach((value, r) => {
    if (value) for (let j = 0; j < H; j++) into[j] += value * U[r * H + j];
  });
  return into;
}

function rnnBack({ kind, hidden }, t, U, { h, c }) {
  const slope = (value) => (kind === "rnn_tanh" ? 1 - value * value : Number(value > 0));
  return { h: through(U, h.map((value, j) => value * slope(hidden[t * H + j])), new Float64Array(H)), c };
}

function lstmBack({ gates, cell }, t, U, { h, c }) {
  const delta = new Float64Array(4 * H);
  const before = new Float64Array(H);
  for (let j = 0; j < H; j++) {
    const k = t * H + j;
    const [i, f, g, o] = [gates.input[k], gates.forget[k], gates.candidate[k], gates.output[k]];
    const squashed = Math.tanh(cell[k]);
    const total = c[j] + h[j] * o * (1 - squashed * squashed);
    delta[j] = total * g * i * (1 - i);
    delta[H + j] = total * cell[k - H] * f * (1 - f);
    delta[2 * H + j] = total * i * (1 - g * g);
    delta[3 * H + j] = h[j] * squashed * o * (1 - o);
    before[j] = total * f;
  }
  return { h: through(U, delta, new Float64Array(H)), c: before };
}

function gruBack({ gates, hidden, u }, t, U, { h, c }) {
  const delta = new Float64Array(3 * H);
  const before = new Float64Array(H);
  for (let j = 0; j < H; j++) {
    const k = t * H + j;
    const [r, z, n] = [gates.reset[k], gates.update[k], gates.candidate[k]];
    const candidate = h[j] * (1 - z) * (1 - n * n);
    delta[j] = candidate * u[3 * t * H + 2 * H + j] * r * (1 - r);
    delta[H + j] = h[j] * (hidden[k - H] - n) * z * (1 - z);
    delta[2 * H + j] = candidate * r;
    before[j] = h[j] * z;
  }
  return { h: through(U, delta, before), c };
}
