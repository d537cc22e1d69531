// The browser's half of lstm_viz/figures/wire.py.

const TYPES = { float32: Float32Array, uint8: Uint8Array };
export const LEVELS = 255;

/** Bytes -> { header, arrays }; an array is { frames, rows, steps, values }. */
export function decode(data) {
  const bytes = data.slice(); // a copy starts at offset 0, where a Float32Array may start
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = header.arrays.map(({ offset, shape, type }) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { shape, values: new TYPES[type](bytes.buffer, 4 + length + offset, count) };
  });
  return { header, arrays };
}

/** One frame of an array: the frame itself in a film, all of it otherwise. */
export function frameOf(array, film, frame) {
  if (!film) return array.values;
  const size = array.values.length / array.shape[0];
  const at = Math.min(Math.max(frame, 0), array.shape[0] - 1);
  return array.values.subarray(at * size, (at + 1) * size);
}

/** A heat map's code as the value in the middle of its level; NaN for 0. */
export function restore(code, row) {
  if (code === 0) return NaN;
  const [low, high] = row.scale === "log" ? [Math.log10(row.low), Math.log10(row.high)] : [row.low, row.high];
  const middle = low + ((code - 0.5) * (high - low)) / LEVELS;
  return row.scale === "log" ? 10 ** middle : middle;
}
