// Icons: strokes on a grid of 24, in the colour of the text beside them.

import { html } from "../vendor/preact.js";

const SHAPES = {
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.6-1.9L20 20",
  photo: "M4 6h16v13H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 9.5h.01",
  camera: "M4 8h3l1.5-2.5h7L17 8h3v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  edit: "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
  close: "M6 6l12 12M18 6L6 18",
  crop: "M7 3v14h14M3 7h14v14",
  code: "M8.5 7 4 12l4.5 5M15.5 7 20 12l-4.5 5",
  check: "M5 12.5 10 17 19 7",
  upload: "M12 16V5M7.5 9 12 4.5 16.5 9M5 16v3.5h14V16",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  restore: "M5 5v5h5M5.5 10A7 7 0 1 1 5 14",
  filter: "M4 6h16M7 12h10M10 18h4",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  table: "M4 5h16v14H4zM4 10h16M4 14.5h16M9.5 10v9",
  compare: "M4 5h7v14H4zM13 5h7v14h-7z",
  warning: "M12 4 21 19.5H3zM12 10v4.5M12 17h.01",
};

/** @param {{ name: keyof typeof SHAPES }} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${SHAPES[name]} /></svg>`;
}
