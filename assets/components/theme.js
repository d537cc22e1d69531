// Streamlit's theme variables, and the ramps that belong to them.

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

export function channels(colour) {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data];
}

export function readTheme(host) {
  const style = getComputedStyle(host);
  const read = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
  const page = read("background-color", "#ffffff");
  const [red, green, blue] = channels(page);
  return {
    name: 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110 ? "dark" : "light",
    page,
    text: read("text-color", "#1b2733"),
    border: read("border-color", "#d3dbe3"),
    accent: read("primary-color", "#1f3f5f"),
    font: read("font", "system-ui, sans-serif"),
  };
}

/** 256 colours as little-endian RGBA words: entry 0 is what has no value, 1..255 the ramp. */
export function lookup(stops) {
  const colours = stops.map(channels);
  const table = new Uint32Array(256);
  for (let code = 1; code < 256; code++) {
    const place = ((code - 1) / 254) * (colours.length - 1);
    const k = Math.min(Math.floor(place), colours.length - 2);
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(colours[k][c] + (place - k) * (colours[k + 1][c] - colours[k][c])));
    table[code] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return table;
}

export function hatching(context, theme) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const ink = tile.getContext("2d");
  ink.fillStyle = theme.page;
  ink.fillRect(0, 0, 6, 6);
  ink.globalAlpha = 0.18;
  ink.fillStyle = theme.text;
  ink.fillRect(0, 0, 6, 6);
  ink.globalAlpha = 0.55;
  ink.strokeStyle = theme.text;
  ink.lineWidth = 1.2;
  ink.beginPath();
  for (const shift of [-6, 0, 6]) ink.moveTo(shift - 1, 7), ink.lineTo(shift + 7, -1);
  ink.stroke();
  return context.createPattern(tile, "repeat");
}
