// Boxes on a picture, in shares of its sides.

/** The style of an element that covers a box. @param {Corners} corners @param {{ width: number, height: number }} size */
export function placed([x1, y1, x2, y2], { width, height }) {
  const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  return {
    left: share(x1, width),
    top: share(y1, height),
    width: share(x2 - x1, width),
    height: share(y2 - y1, height),
  };
}

/** @param {BoxJson | undefined} box @returns {Corners} */
export function cornersOf(box) {
  const { x1, y1, x2, y2 } = box ?? {};
  return [Number(x1 ?? 0), Number(y1 ?? 0), Number(x2 ?? 0), Number(y2 ?? 0)];
}
