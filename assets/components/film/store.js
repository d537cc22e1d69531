// The films that this browser tab holds. A moment travels once and stays here, also while another
// page is shown; what is missing all the same is asked for.

const LIMIT = 128 * 2 ** 20;
const films = new Map(); // name -> Map(training step -> moment), the last used at the end

/** Take in the moments that a column brings; its film, and the steps that are still missing. */
export function keep(column, arrays) {
  const film = films.get(column.film) ?? new Map();
  films.delete(column.film);
  films.set(column.film, film);
  column.sent.forEach((step, k) => film.set(step, momentOf(column.tracks, arrays, k)));
  const wanted = new Set(column.moments);
  for (const step of film.keys()) if (!wanted.has(step)) film.delete(step);
  forget();
  return { film, missing: column.moments.filter((step) => !film.has(step)) };
}

/** Track name -> { values, ends, scale, rows: each unit's own ends } of the k-th moment in a message. */
function momentOf(tracks, arrays, k) {
  const moment = {};
  for (const [name, { array, scale, ends, rows }] of Object.entries(tracks)) {
    moment[name] = { values: part(arrays[array], k), ends: ends[k], scale };
    if (rows !== undefined) moment[name].rows = part(arrays[rows], k);
  }
  return moment;
}

/** The k-th of an array's parts, as a copy: a view would keep the whole message. */
function part({ shape, values }, k) {
  const size = values.length / shape[0];
  return values.slice(k * size, (k + 1) * size);
}

function forget() {
  let total = [...films.values()].reduce((sum, film) => sum + bytesOf(film), 0);
  for (const [name, film] of films) {
    if (total <= LIMIT || films.size === 1) return;
    total -= bytesOf(film);
    films.delete(name);
  }
}

function bytesOf(film) {
  const [first] = film.values();
  if (!first) return 0;
  return film.size * Object.values(first).reduce((sum, track) => sum + track.values.byteLength, 0);
}
