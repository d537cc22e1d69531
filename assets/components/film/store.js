// The films that this browser tab holds. A frame travels once and stays here, also while another
// page is shown.

const LIMIT = 128 * 2 ** 20;
const held = new Map(); // film -> { frames: Map(training step -> frame), clock: Map(step -> [step, epoch, loss]) }, the last used at the end

/** What is held of a film, which counts as used. */
function of(name) {
  const film = held.get(name) ?? { frames: new Map(), clock: new Map() };
  held.delete(name);
  held.set(name, film);
  return film;
}

/** Take in what a film brings and let go what it has no more; -> { frames, clock, missing: steps }. */
export function keep(film, arrays) {
  const { frames, clock } = of(film.id);
  film.sent.forEach((step, k) => frames.set(step, frameOf(film.signals, arrays, k)));
  film.sent = [];
  for (const place of film.clock) clock.set(place[0], place);
  film.clock = [];
  // What came since the page was made, it does not know of.
  const last = film.frames.at(-1) ?? -1;
  film.frames = [...film.frames, ...[...frames.keys()].filter((step) => step > last).sort((a, b) => a - b)];
  const wanted = new Set(film.frames);
  for (const each of [frames, clock]) for (const step of each.keys()) if (!wanted.has(step)) each.delete(step);
  forget();
  return { frames, clock, missing: film.frames.filter((step) => !frames.has(step)) };
}

/** Take in one frame as the feed brings it. */
export function take({ header, arrays }) {
  const { frames, clock } = of(header.topic);
  frames.set(header.clock[0], frameOf(header.signals, arrays, 0));
  clock.set(header.clock[0], header.clock);
}

/** The steps of a film's frames that are here. */
export const stepsOf = (name) => [...(held.get(name)?.frames.keys() ?? [])];

/** Signal -> { values, ends, scale, rows: each unit's own ends } of the k-th frame in a message. */
function frameOf(signals, arrays, k) {
  const frame = {};
  for (const [name, { array, scale, ends, rows }] of Object.entries(signals)) {
    frame[name] = { values: slice(arrays[array], k), ends: ends[k], scale };
    if (rows !== undefined) frame[name].rows = slice(arrays[rows], k);
  }
  return frame;
}

/** The k-th slice of an array, as a copy: a view would keep the whole message. */
function slice({ shape, values }, k) {
  const size = values.length / shape[0];
  return values.slice(k * size, (k + 1) * size);
}

function forget() {
  let total = [...held.values()].reduce((sum, film) => sum + bytesOf(film), 0);
  for (const [name, film] of held) {
    if (total <= LIMIT || held.size === 1) return;
    total -= bytesOf(film);
    held.delete(name);
  }
}

function bytesOf({ frames }) {
  const [first] = frames.values();
  if (!first) return 0;
  return frames.size * Object.values(first).reduce((sum, signal) => sum + signal.values.byteLength, 0);
}
