// Chooses between the system's theme, the light and the dark one.

import { html, useState } from "./vendor/preact.js";
import { Icon } from "./parts/icons.js";
import { texts } from "./texts.js";

const ICONS = /** @type {const} */ ({ system: "system", light: "sun", dark: "moon" });
const NAMES = /** @type {(keyof typeof ICONS)[]} */ (Object.keys(ICONS));
const KEY = "armoire-theme"; // as theme.js reads it

export function ThemeSwitch() {
  const [chosen, setChosen] = useState(() => /** @type {keyof typeof ICONS} */ (document.documentElement.dataset["theme"] ?? "system"));
  const next = NAMES[(NAMES.indexOf(chosen) + 1) % NAMES.length] ?? "system";
  const choose = () => {
    apply(next);
    setChosen(next);
  };
  const label = `${texts.app.theme.label}: ${texts.app.theme[chosen]}`;
  return html`<button type="button" class="button icon-only plain" aria-label=${label} title=${label} onClick=${choose}>
    <${Icon} name=${ICONS[chosen]} />
  </button>`;
}

/** @param {keyof typeof ICONS} theme */
function apply(theme) {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is off: the theme lasts as long as the page.
  }
}
