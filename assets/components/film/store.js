// The films that this browser tab holds. A frame travels once and stays here, also while another
// page is shown; what is missing all the same is asked for.

const LIMIT = 128 * 2 ** 20;
const held = new Map(); // film -> Map(training step -> frame), the last used at the end

/** Take in the frames that a film brings; all it has, and the steps that are still missing. */
export function keep(film, arrays) {
  const frames = held.get(film.id) ?? new Map();
  held.delete(film.id);
  held.set(film.id, frames);
  film.sent.forEach((step, k) => frames.set(step, frameOf(film.signals, arrays, k)));
  const wanted = new Set(film.frames);
  for (const step of frames.keys()) if (!wanted.has(step)) frames.delete(step);
  forget();
  return { frames, missing: film.frames.filter((step) => !frames.has(step)) };
}

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
  let total = [...held.values()].reduce((sum, frames) => sum + bytesOf(frames), 0);
  for (const [name, frames] of held) {
    if (total <= LIMIT || held.size === 1) return;
    total -= bytesOf(frames);
    held.delete(name);
  }
}

function bytesOf(frames) {
  const [first] = frames.values();
  if (!first) return 0;
  return frames.size * Object.values(first).reduce((sum, signal) => sum + signal.values.byteLength, 0);
}
