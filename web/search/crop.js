// A crop that is moved by a pointer or by keys; all in pixels of the picture.

/** @typedef {"move" | "nw" | "ne" | "sw" | "se"} Part what is moved: the whole crop or one of its corners */
/** @typedef {{ width: number, height: number }} Size */

const MIN_SIDE_PX = 16;
const STEP = 0.02;
const FINE_STEP = 0.005;

/** The crop after a part of it went so far, within the picture. @param {Corners} corners @param {Part} part @param {number} dx @param {number} dy @param {Size} size @returns {Corners} */
export function moved([x1, y1, x2, y2], part, dx, dy, size) {
  if (part === "move") {
    const right = clamp(dx, -x1, size.width - x2);
    const down = clamp(dy, -y1, size.height - y2);
    return [x1 + right, y1 + down, x2 + right, y2 + down];
  }
  const [left, right] = side(x1, x2, part.endsWith("w"), dx, size.width);
  const [top, bottom] = side(y1, y2, part.startsWith("n"), dy, size.height);
  return [left, top, right, bottom];
}

/** How far an arrow key moves, or null for another key. @param {KeyboardEvent} event @param {Size} size @returns {[number, number] | null} */
export function keyStep(event, size) {
  const directions = /** @type {Record<string, [number, number]>} */ ({
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  });
  const [x, y] = directions[event.key] ?? [0, 0];
  const step = Math.max(size.width, size.height) * (event.shiftKey ? FINE_STEP : STEP);
  return x || y ? [x * step, y * step] : null;
}

/** The crop that is there first: the garment's box, else the middle of the picture. @param {Corners | null} around @param {Size} size @returns {Corners} */
export function firstCrop(around, { width, height }) {
  return around ?? [width * 0.2, height * 0.2, width * 0.8, height * 0.8];
}

/** Both ends of a side after one of them moved; they keep their order and a least distance. @param {number} low @param {number} high @param {boolean} first @param {number} by @param {number} limit @returns {[number, number]} */
function side(low, high, first, by, limit) {
  const fixed = first ? high : low;
  const end = clamp((first ? low : high) + by, 0, limit);
  const [start, stop] = [Math.min(fixed, end), Math.max(fixed, end)];
  if (stop - start >= MIN_SIDE_PX) return [start, stop];
  const begin = clamp(start, 0, Math.max(0, limit - MIN_SIDE_PX));
  return [begin, Math.min(limit, begin + MIN_SIDE_PX)];
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
