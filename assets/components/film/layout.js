// Where everything goes: a function of the header, the pinned units and the width alone, so that
// new frames move nothing.
import { endText, reachOf } from "./rows.js";

export const SIZE = {
  title: 15, text: 13, line: 22, gap: 16, left: 68, inner: 30, right: 16, between: 14,
  axis: 46, ticks: 26, near: 7, letters: 18, tight: { line: 18, near: 3 }, bar: 96, swatch: 20, name: 28, course: 40,
};

export const FONT = {
  title: (theme) => `600 ${SIZE.title}px ${theme.font}`,
  text: (theme) => `${SIZE.text}px ${theme.font}`,
};

/**
 * -> { width, height, axis, top, courses: [{ row, heads, plot }], films: [{ film, left, right,
 * rows: [{ row, heads, plot, unit }] }] }; the films begin at `top`.
 */
export function arrange(header, pinned, width, theme, measure, heightOf = (row) => row.height) {
  const courses = header.courses.map((row, k) => course(row, k, header, width, theme, measure));
  const top = Math.max(0, ...courses.map(({ plot }) => plot.y + plot.height + SIZE.course + SIZE.gap));

  const many = header.films.length;
  const each = (width - SIZE.left + SIZE.inner - SIZE.between * (many - 1)) / many;
  const films = header.films.map((film, k) => {
    const start = k * (each + SIZE.between) + SIZE.left - SIZE.inner;
    return { film, index: k, left: start + SIZE.inner, right: start + each - SIZE.right, rows: [] };
  });
  let y = top + (many > 1 ? SIZE.name : 0);
  for (let k = 0; k < header.films[0].rows.length; k++) {
    for (const unit of panels(header.films[0].rows[k], pinned)) y = place(films, k, unit, y, header, theme, measure, heightOf);
  }
  y -= gapOf(header);
  // All of them or none: some of the symbols would read as a sequence.
  const letters = 8 * header.steps <= films[0].right - films[0].left ? header.letters : null;
  const axis = header.fits ? SIZE.ticks : SIZE.axis; // the bar of time below has the axis' title
  const below = header.films[0].rows.length ? axis + (letters ? SIZE.letters : 0) : 0;
  return { width, top, courses, films, letters, axis: y, height: y + below };
}

const gapOf = (header) => (header.tight ? SIZE.tight.near : header.fits ? SIZE.near : SIZE.gap);
const lineOf = (header) => (header.tight ? SIZE.tight.line : SIZE.line);

/** A row is drawn once, the pinned units' row once for each of them, or for the newest; null where none is pinned. */
function panels(row, pinned) {
  if (row.kind !== "pinned") return [undefined];
  return pinned.length ? pinned.slice(row.newest ? -1 : 0) : [null];
}

/**
 * The same with rows that share a room: all are stretched alike, between their least and their most. Of
 * pinned units for which there is no room, the newest have their lines; of more rows than there is room
 * for, the words stand closer.
 */
export function fit(header, pinned, width, theme, measure, room) {
  const least = arrange(header, pinned, width, theme, measure, (row) => stretched(row, 0));
  if (least.height > room && pinned.length > 1) return fit(header, pinned.slice(1), width, theme, measure, room);
  if (least.height > room && !header.tight) return fit({ ...header, tight: true }, pinned, width, theme, measure, room);
  const loose = arrange(header, pinned, width, theme, measure);
  const plots = loose.films[0].rows.filter(({ plot }) => plot.height);
  const high = (factor) => plots.reduce((sum, { row }) => sum + stretched(row, factor), 0);
  const rest = room - loose.height + high(1);
  let [low, most] = [0, 4];
  for (let k = 0; k < 24; k++) {
    const middle = (low + most) / 2;
    if (high(middle) > rest) most = middle;
    else low = middle;
  }
  return arrange(header, pinned, width, theme, measure, (row) => stretched(row, low));
}

/** A row's height; what a map shows is read by its colours, so that it needs less than a line. */
function stretched(row, factor) {
  const [least, most] = LIMITS[row.kind] ?? LIMITS.lines;
  return Math.round(Math.min(Math.max(row.height * factor, least), most));
}

const LIMITS = { heat: [18, 260], trained: [60, 320], lines: [30, 200] };

/** Put the k-th row of every film at y; where the next one begins. */
function place(films, k, unit, y, header, theme, measure, heightOf) {
  if (unit === null) {
    for (const { film, rows, left, right } of films) {
      const plot = { x: left, y: y + lineOf(header), width: right - left, height: 0 };
      const heads = film === header.films[0] ? [{ kind: "hint", text: header.words.pin, x: left, y }] : [];
      rows.push({ row: film.rows[k], heads, plot, unit });
    }
    return y + lineOf(header) + gapOf(header);
  }
  const first = films[0].film.rows[k];
  const placed = films.map((at) => ({ at, ...heading(at.film.rows[k], first, unit, at, header, theme, measure) }));
  const lines = Math.max(...placed.map((head) => head.lines));
  const height = Math.max(...placed.map(({ at }) => heightOf(at.film.rows[k])));
  const top = y + lines * lineOf(header) + 2;
  for (const { at, heads } of placed) {
    for (const head of heads) head.y += y;
    const plot = { x: at.left, y: top, width: at.right - at.left, height };
    const row = at.film.rows[k];
    at.rows.push({ row: unit === undefined ? row : { ...row, ends: endsOf(unit, placed, k) }, heads, plot, unit });
  }
  return top + height + gapOf(header);
}

/** What changed over the training, for all films together: above them, beside each other. */
function course(row, k, header, width, theme, measure) {
  const each = (width - SIZE.right + SIZE.between) / header.courses.length - SIZE.between;
  const left = k * (each + SIZE.between) + SIZE.left;
  const right = left - SIZE.left + each;
  const { heads, lines } = heading(row, null, undefined, { left, right }, header, theme, measure);
  const y = Math.max(lines * lineOf(header), SIZE.text / 2) + 2; // half of a number stands above the plot
  return { row, heads, plot: { x: left, y, width: right - left, height: row.height } };
}

/** The scale of a unit's panel: that of this unit in all films, through the whole training. */
function endsOf(unit, placed, k) {
  const found = placed.map(({ at }) => reachOf(at.film.rows[k], unit, at.film));
  return [Math.min(...found.map(([low]) => low)), Math.max(...found.map(([, high]) => high))];
}

/** The words and legend above a plot, wrapped where the width asks for it. */
function heading(row, first, unit, { left, right, film }, header, theme, measure) {
  const room = right - left;
  const title = unit === undefined ? row.title : `${header.words.unit} ${unit}`;
  const titles = title ? wrap(title, room, FONT.title(theme), measure) : [];
  const heads = titles.map((text, line) => ({ kind: "title", text, x: left, y: line * lineOf(header) }));
  const own = legend(row, header, film);
  const words = (items) => JSON.stringify(items.map(({ text, ends, colour }) => [text, ends, colour]));
  const said = first && row !== first && row.title === first.title && words(own) === words(legend(first, header, film)); // beside it
  const items = (said ? [] : own).map((item) => ({ ...item, width: itemWidth(item, theme, measure) }));
  const total = items.reduce((sum, item) => sum + item.width + SIZE.gap, -SIZE.gap);
  const closer = unit === undefined ? 0 : 30;
  const beside = titles.length === 1 ? measure(title, FONT.title(theme)) + 24 + closer : 0;
  let line = titles.length <= 1 && beside + total <= room ? 0 : titles.length;
  let x = line === 0 ? right - total : left;
  for (const item of items) {
    if (x > left && x + item.width > right + 1) [x, line] = [left, line + 1];
    heads.push({ ...item, x, y: line * lineOf(header) });
    x += item.width + SIZE.gap;
  }
  if (row.worked) heads.push(worked(row, heads, [left, right], lineOf(header), theme, measure));
  return { heads, lines: heads.length ? Math.max(...heads.map((head) => head.y / lineOf(header))) + 1 : 0 };
}

/** The place of an example in numbers: between the title and the legend, or on a line of its own. */
function worked(row, heads, [left, right], line, theme, measure) {
  const first = heads.filter(({ y }) => y === 0);
  const title = first.find(({ kind }) => kind === "title");
  const x = title ? left + measure(title.text, FONT.title(theme)) + SIZE.gap : left;
  const end = Math.min(right, ...first.filter((head) => head !== title).map((head) => head.x)) - SIZE.gap;
  const one = heads.filter(({ kind }) => kind === "title").length < 2;
  const fits = one && x + measure(row.worked.replace("{answer}", "−0.00"), FONT.text(theme)) <= end;
  const below = Math.max(-line, ...heads.map(({ y }) => y)) + line;
  return { kind: "worked", text: row.worked, x: fits ? x : left, y: fits ? 0 : below };
}

/** What the legend of a row holds. */
export function legend(row, header, film) {
  if (row.kind === "heat" && row.codes) return []; // a symbol is there, or it is not
  if (row.kind === "heat" || row.kind === "trained") {
    const bar = { kind: "bar", signal: row.signal, ends: [endText(row, 0), endText(row, 1)] };
    return missing(row, film) ? [bar, { kind: "missing", text: header.words.missing }] : [bar];
  }
  if (row.kind === "pinned") {
    return row.signals.map((signal) => ({ kind: "line", signal, text: header.looks[signal].name }));
  }
  const lines = (row.lines ?? []).filter((line) => line.name);
  if (lines.length === 1 && row.title === lines[0].name) return [];
  return lines.map((line) => ({ kind: "line", ...line, text: line.name }));
}

const GAPS = { heat: [0], trained: [NaN, Infinity] }; // how the places of a map look that have no value

/** Whether a map has places without a value, at any frame. */
function missing(row, film) {
  if (row.codes) return row.codes.includes(0);
  return [...film.held.values()].some((frame) => lacks(row, frame));
}

/** Whether it has some in this frame. */
export function lacks(row, frame) {
  const signal = frame[row.source];
  return (signal.missing ??= GAPS[row.kind].some((gap) => signal.values.includes(gap)));
}

/**
 * What the axes and legends of a header's films say, as text: while it stays, a new frame moves nothing that stands
 * still. null where each frame moves something.
 */
export function standing({ films, courses, letters }, layout) {
  if (courses.length || films.some(({ rows }) => rows.some(({ kind }) => kind === "trained"))) return null;
  const said = films.map((film) => film.rows.map((row) => [row.ends, row.reach, row.scale, row.kind === "heat" && missing(row, film)]));
  const panels = layout.films.flatMap(({ film, rows }) => rows.filter(({ row, unit }) => row.kind === "pinned" && unit !== null).map(({ row, unit }) => reachOf(row, unit, film)));
  return JSON.stringify([said, panels, letters], (_, value) => (typeof value === "number" ? String(value) : value));
}

function itemWidth(item, theme, measure) {
  const font = FONT.text(theme);
  if (item.kind !== "bar") return SIZE.swatch + 6 + measure(item.text, font);
  return SIZE.bar + 12 + item.ends.reduce((sum, end) => sum + measure(end, font), 0);
}

export function wrap(text, room, font, measure) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (lines.at(-1) && measure(longer, font) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
