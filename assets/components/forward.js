// The forward pass of RNN, LSTM and GRU networks in float64: the equations of lstm_viz/models/, with
// the weights of one frame. A letter is what it is there: W and U weigh x_t and h_{t-1}, b is the bias.

const BLOCKS = {
  rnn_tanh: ["candidate"],
  rnn_relu: ["candidate"],
  lstm: ["input", "forget", "candidate", "output"],
  gru: ["reset", "update", "candidate"],
};
const sigmoid = (a) => 1 / (1 + Math.exp(-a));

/**
 * What a network makes of one example.
 *
 * `model`: { kind, layers, bidirectional, readout: "last" | "mean" | "every", symbols }; `weights`:
 * PyTorch's name -> { shape, values }; `x`: T x D numbers, or T codes where there are symbols.
 * `silenced`: layer -> units whose h is 0; `held`: [{ layer, gate, unit, t, value }] gates that are
 * set, at all steps where t is null.
 * -> { steps, layers: name -> see `layerPass`, and what it `read`, output: P numbers, or T x P }
 */
export function forward(model, weights, x, { silenced = {}, held = [] } = {}) {
  const symbols = model.symbols > 0;
  const width = weights["recurrent.weight_ih_l0"].shape[1];
  const steps = symbols ? x.length : x.length / width;
  let read = { values: x, width, steps, symbols };
  const layers = {};
  for (let level = 0; level < model.layers; level++) {
    const ways = (model.bidirectional ? ["", "_reverse"] : [""]).map((way) => {
      const name = `recurrent.l${level}${way}`;
      const set = { silent: silenced[name] ?? [], held: held.filter(({ layer }) => layer === name) };
      const pass = layerPass(model.kind, parametersOf(weights, `l${level}${way}`), read, set, way !== "");
      return (layers[name] = { ...pass, read });
    });
    read = joined(ways, steps);
  }
  return { steps, layers, output: output(model, weights, read, steps) };
}

function parametersOf(weights, suffix) {
  const [W, U, b_x, b_h] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => weights[`recurrent.${name}_${suffix}`]);
  return { W: W.values, U: U.values, b_x: b_x.values, b_h: b_h.values, H: U.shape[1] };
}

/** The h of all directions beside each other, T x width. */
function joined(ways, steps) {
  if (ways.length === 1) return { values: ways[0].hidden, width: ways[0].H, steps };
  const [{ H }] = ways;
  const values = new Float64Array(steps * 2 * H);
  for (let t = 0; t < steps; t++) ways.forEach(({ hidden }, k) => values.set(hidden.subarray(t * H, t * H + H), (2 * t + k) * H));
  return { values, width: 2 * H, steps };
}

/** W x_t of all rows of W for all t: (T, R). */
function fromInput(W, rows, { values, width, steps, symbols }) {
  const found = new Float64Array(steps * rows);
  for (let t = 0; t < steps; t++) {
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      if (symbols) sum = W[r * width + values[t]];
      else for (let d = 0; d < width; d++) sum += W[r * width + d] * values[t * width + d];
      found[t * rows + r] = sum;
    }
  }
  return found;
}

/**
 * One layer in one direction -> { kind, H, steps, reverse, gates: name -> T x H, cell, hidden, and the terms of
 * its pre-activations: blocks, x (T x R) and u (T x R) of R = blocks x H, b (R) }. All are in the order of
 * the input, also where the layer reads it from the end.
 */
function layerPass(kind, { W, U, b_x, b_h, H }, read, { silent, held }, reverse) {
  const blocks = BLOCKS[kind];
  const { steps } = read;
  const R = blocks.length * H;
  const own = kind === "gru" ? 2 * H : R; // from here on b_h stays with U h, behind the reset gate
  const made = (size) => new Float64Array(size);
  const pass = { kind, H, steps, reverse, blocks, x: fromInput(W, R, read), u: made(steps * R), b: made(R), hidden: made(steps * H) };
  for (let r = 0; r < R; r++) pass.b[r] = b_x[r] + (r < own ? b_h[r] : 0);
  pass.cell = kind === "lstm" ? made(steps * H) : null;
  pass.gates = kind.startsWith("rnn") ? {} : Object.fromEntries(blocks.map((name) => [name, made(steps * H)]));
  const step = { lstm: lstmStep, gru: gruStep }[kind] ?? rnnStep;
  let h = made(H);
  let c = made(H);
  for (let k = 0; k < steps; k++) {
    const t = reverse ? steps - 1 - k : k;
    for (let r = 0; r < R; r++) {
      let sum = r < own ? 0 : b_h[r];
      for (let j = 0, at = r * H; j < H; j++) sum += U[at + j] * h[j];
      pass.u[t * R + r] = sum;
    }
    const set = held.filter((each) => each.t === null || each.t === t);
    step(pass, t, h, c, (gate, unit, value) => set.findLast((each) => each.gate === gate && each.unit === unit)?.value ?? value, set.length > 0);
    for (const unit of silent) pass.hidden[t * H + unit] = 0;
    h = pass.hidden.subarray(t * H, t * H + H);
    if (pass.cell) c = pass.cell.subarray(t * H, t * H + H);
  }
  return pass;
}

const preactivation = ({ x, u, b }, at, r) => x[at + r] + u[at + r] + b[r];

function rnnStep(pass, t, _h, _c) {
  const { H, hidden, kind } = pass;
  for (let j = 0; j < H; j++) {
    const a = preactivation(pass, t * H, j);
    hidden[t * H + j] = kind === "rnn_tanh" ? Math.tanh(a) : Math.max(a, 0);
  }
}

function lstmStep(pass, t, _h, c, setTo, some) {
  const { H, gates, cell, hidden } = pass;
  const at = 4 * t * H;
  for (let j = 0; j < H; j++) {
    let i = sigmoid(preactivation(pass, at, j));
    let f = sigmoid(preactivation(pass, at, H + j));
    let g = Math.tanh(preactivation(pass, at, 2 * H + j));
    let o = sigmoid(preactivation(pass, at, 3 * H + j));
    if (some) [i, f, g, o] = [setTo("input", j, i), setTo("forget", j, f), setTo("candidate", j, g), setTo("output", j, o)];
    const k = t * H + j;
    [gates.input[k], gates.forget[k], gates.candidate[k], gates.output[k]] = [i, f, g, o];
    cell[k] = f * c[j] + i * g;
    hidden[k] = o * Math.tanh(cell[k]);
  }
}

function gruStep(pass, t, h, _c, setTo, some) {
  const { H, gates, hidden, x, u, b } = pass;
  const at = 3 * t * H;
  for (let j = 0; j < H; j++) {
    let r = sigmoid(preactivation(pass, at, j));
    let z = sigmoid(preactivation(pass, at, H + j));
    if (some) [r, z] = [setTo("reset", j, r), setTo("update", j, z)];
    const n3 = 2 * H + j;
    let n = Math.tanh(x[at + n3] + b[n3] + r * u[at + n3]);
    if (some) n = setTo("candidate", j, n);
    const k = t * H + j;
    [gates.reset[k], gates.update[k], gates.candidate[k]] = [r, z, n];
    hidden[k] = (1 - z) * n + z * h[j];
  }
}

/** W·pool(h) + b, or W h_t + b at every step. */
function output({ readout, bidirectional }, weights, { values, width }, steps) {
  const [{ shape: [P], values: W }, { values: b }] = [weights["readout.weight"], weights["readout.bias"]];
  const pooled = readout === "every" ? values : pool(readout, bidirectional, values, width, steps);
  const count = pooled.length / width;
  const found = new Float64Array(count * P);
  for (let k = 0; k < count; k++) {
    for (let p = 0; p < P; p++) {
      let total = b[p];
      for (let j = 0; j < width; j++) total += W[p * width + j] * pooled[k * width + j];
      found[k * P + p] = total;
    }
  }
  return found;
}

/** One vector of all h_t: where each direction ends, or the mean over the steps. */
function pool(readout, bidirectional, values, width, steps) {
  const last = values.slice((steps - 1) * width);
  if (readout === "last") {
    if (bidirectional) last.set(values.subarray(width / 2, width), width / 2); // backward it ends at the first
    return last;
  }
  const mean = new Float64Array(width);
  for (let t = 0; t < steps; t++) for (let j = 0; j < width; j++) mean[j] += values[t * width + j] / steps;
  return mean;
}

/**
 * Outputs as the answers of a frame: numbers, the probability of the second class, or the likeliest
 * classes' codes; (P) or (T).
 */
export function answersOf(problem, output, classes) {
  if (problem === "regression") return output;
  if (problem === "binary") return Float64Array.from(output, sigmoid);
  return Float64Array.from({ length: output.length / classes }, (_, t) => {
    const scores = output.subarray(t * classes, (t + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
}
