// Starts the page.

import { html, render } from "./vendor/preact.js";
import { App } from "./app.js";
import { followLinks } from "./router.js";

followLinks();
render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
