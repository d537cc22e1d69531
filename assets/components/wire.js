// The browser's half of lstm_viz/figures/packing.py.

const TYPES = { float32: Float32Array, uint8: Uint8Array };
export const LEVELS = 255;

/** Bytes -> { header, arrays }; an array is { shape, values }. */
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

/** A code as the value in the middle of its level between these ends; NaN for 0. */
export function restore(code, [low, high]) {
  return code === 0 ? NaN : low + ((code - 0.5) * (high - low)) / LEVELS;
}
