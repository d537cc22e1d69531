// What each step of a layer is made of, by the names of its diagram: as lstm_viz/models/ take apart
// RNN, LSTM and GRU (`dissect_forward`), of a pass that the browser made.

/**
 * Name -> (k, u) => the value at a step's place in the order in which the layer ran, and a unit's place: of
 * some units, and of the steps that a diagram has, which are `first` and those after it (of a layer that reads
 * from the end, all before the first). Nothing is computed before it is asked for: a diagram shows one place.
 */
export function dissected(pass, { units, first, steps, reverse }) {
  const { H, blocks, kind } = pass;
  const R = blocks.length * H;
  const timeOf = (k) => (reverse ? steps - 1 - k : first + k);
  const of = (value) => (k, u) => value(timeOf(k), units[u]);
  const state = (values) => (t, unit) => values[t * H + unit];
  const before = (values) => (t, unit) => values[(t + (reverse ? 1 : -1)) * H + unit] ?? 0;
  const h = state(pass.hidden);
  const made = { h_before: of(before(pass.hidden)), h: of(h) };
  const terms = {};
  blocks.forEach((gate, block) => {
    const at = (t, unit) => t * R + block * H + unit;
    const [x, u, b] = [(t, j) => pass.x[at(t, j)], (t, j) => pass.u[at(t, j)], (t, j) => pass.b[block * H + j]];
    terms[gate] = { x, u, b };
    Object.assign(made, { [`${gate}.x`]: of(x), [`${gate}.u`]: of(u), [`${gate}.b`]: of(b) });
    made[`${gate}.a`] = of((t, j) => x(t, j) + u(t, j) + b(t, j));
  });
  const gate = Object.fromEntries(Object.entries(pass.gates).map(([name, values]) => [name, state(values)]));
  for (const [name, value] of Object.entries(gate)) made[name] = of(value);
  if (kind === "lstm") Object.assign(made, lstm(gate, state(pass.cell), before(pass.cell), of));
  if (kind === "gru") Object.assign(made, gru(gate, terms.candidate, before(pass.hidden), of));
  return made;
}

function lstm({ forget: f, input: i, candidate: g, output: o }, c, c_before, of) {
  return {
    c_before: of(c_before),
    kept: of((t, j) => f(t, j) * c_before(t, j)),
    added: of((t, j) => i(t, j) * g(t, j)),
    c_new: of(c),
    c: of(c),
    shown: of(c),
    tanh_c: of((t, j) => Math.tanh(c(t, j))),
    h_new: of((t, j) => o(t, j) * Math.tanh(c(t, j))),
  };
}

/** The reset gate stands between the recurrent term of the candidate and the rest. */
function gru({ reset: r, update: z, candidate: n }, { x, u, b }, h_before, of) {
  const past = (t, j) => r(t, j) * u(t, j);
  return {
    past: of(past),
    "candidate.a": of((t, j) => x(t, j) + b(t, j) + past(t, j)),
    fresh: of((t, j) => 1 - z(t, j)),
    kept: of((t, j) => z(t, j) * h_before(t, j)),
    added: of((t, j) => (1 - z(t, j)) * n(t, j)),
  };
}
