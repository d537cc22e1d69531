// Where everything goes: a function of the header and the width alone, so that updates move nothing.

export const SIZE = { title: 15, text: 13, line: 22, gap: 16, left: 68, right: 16, axis: 46, letters: 18, bar: 96, swatch: 20 };

export const FONT = {
  title: (theme) => `600 ${SIZE.title}px ${theme.font}`,
  text: (theme) => `${SIZE.text}px ${theme.font}`,
};

/** header -> { width, height, left, right, rows: [{ row, heads, plot }], axis } */
export function arrange(header, width, theme, measure) {
  const left = SIZE.left;
  const right = width - SIZE.right;
  let y = 0;
  const rows = header.rows.map((row) => {
    const { heads, lines } = arrangeHead(row, header, left, right, theme, measure);
    for (const head of heads) head.y += y;
    y += lines * SIZE.line + 2;
    const plot = { x: left, y, width: right - left, height: row.height };
    y += row.height + SIZE.gap;
    return { row, heads, plot };
  });
  y -= SIZE.gap;
  return { width, left, right, rows, axis: y, height: y + SIZE.axis + (header.letters ? SIZE.letters : 0) };
}

/** The words and legend above a plot, wrapped where the width asks for it. */
function arrangeHead(row, header, left, right, theme, measure) {
  const room = right - left;
  const named = row.kind === "unit" ? `${row.title} · ${header.words.unit} 9999` : row.title; // room for any unit
  const title = row.title ? wrap(row.title, room, FONT.title(theme), measure) : [];
  const heads = title.map((text, line) => ({ kind: "title", text, x: left, y: line * SIZE.line }));
  const items = legend(row, header).map((item) => ({ ...item, width: itemWidth(item, theme, measure) }));
  const total = items.reduce((sum, item) => sum + item.width + SIZE.gap, -SIZE.gap);
  const beside = title.length === 1 ? measure(named, FONT.title(theme)) + 24 : 0;
  let line = title.length <= 1 && beside + total <= room ? 0 : title.length;
  let x = line === 0 ? right - total : left;
  for (const item of items) {
    if (x > left && x + item.width > right + 1) [x, line] = [left, line + 1];
    heads.push({ ...item, x, y: line * SIZE.line });
    x += item.width + SIZE.gap;
  }
  return { heads, lines: heads.length ? Math.max(...heads.map((head) => head.y / SIZE.line)) + 1 : 0 };
}

/** What the legend of a row holds. */
export function legend(row, header) {
  if (row.kind === "heat") {
    const bar = { kind: "bar", signal: row.signal, ends: row.ends };
    return row.missing ? [bar, { kind: "missing", text: header.words.missing }] : [bar];
  }
  const lines = row.lines.filter((line) => line.name);
  if (lines.length === 1 && row.title === lines[0].name) return [];
  return lines.map((line) => ({ kind: "line", ...line, text: line.name }));
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
