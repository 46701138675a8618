// The frame of all pages: header, the page of the address, and what stands in its place while nobody is signed in.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { AccountContext, may, openAccount, useAccount } from "./account/account.js";
import { call, signedOut, unreachable } from "./api/call.js";
import { useLoaded } from "./parts/loaded.js";
import { Empty, Failure, Loading, Toast, Unloaded } from "./parts/notices.js";
import { address, useRoute } from "./router.js";
import * as search from "./search/page.js";
import { texts } from "./texts.js";
import { ThemeSwitch } from "./theme_switch.js";

/** @typedef {{ section: string, id: string, params: URLSearchParams }} Place */

/** Each page with its title and its module. But for searches, which are what most come for, a module is fetched once it is gone to. */
const PAGES = /** @type {Record<string, { title: string, open: () => Promise<any> }>} */ ({
  "": { title: texts.search.title, open: async () => search },
  search: { title: texts.search.title, open: async () => search },
  catalogue: { title: texts.catalogue.title, open: () => import("./catalogue/page.js") },
  items: { title: texts.catalogue.item, open: () => import("./catalogue/item.js") },
  photos: { title: texts.catalogue.photo, open: () => import("./catalogue/photo.js") },
  products: { title: texts.catalogue.product, open: () => import("./catalogue/product.js") },
  upload: { title: texts.catalogue.add, open: () => import("./catalogue/upload.js") },
  compare: { title: texts.search.compare, open: () => import("./search/compare.js") },
  taxonomy: { title: texts.taxonomy.title, open: () => import("./catalogue/taxonomy.js") },
  review: { title: texts.review.title, open: () => import("./review/page.js") },
  outfits: { title: texts.outfits.title, open: () => import("./outfits/page.js") },
  transfer: { title: texts.transfer.title, open: () => import("./transfer/page.js") },
  jobs: { title: texts.jobs.title, open: () => import("./jobs/page.js") },
  account: { title: texts.account.title, open: () => import("./account/page.js") },
  admin: { title: texts.admin.title, open: () => import("./admin/page.js") },
});

const openSignIn = () => import("./account/sign_in.js");

export function App() {
  const { path, params } = useRoute();
  const account = useLoaded(openAccount, []);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    const leave = () => setGone(true);
    signedOut.addEventListener("signed-out", leave);
    return () => signedOut.removeEventListener("signed-out", leave);
  }, []);
  const enter = () => (setGone(false), account.reload());
  const [section = "", id = ""] = path.split("/");
  return html`
    <${AccountContext.Provider} value=${account.data ?? {}}>
      <a class="skip" href="#content">${texts.app.skip}</a>
      <${Header} section=${section} signedOut=${gone} />
      <main id="content" tabindex="-1">
        ${gone
          ? html`<${Opened} open=${openSignIn} onSignedIn=${enter} token=${params.get("token") ?? ""} reset=${params.get("reset") ?? ""} />`
          : html`<${Content} account=${account} place=${{ section, id, params }} />`}
      </main>
      <${Toast} />
    <//>
  `;
}

/** @param {{ account: Loaded<object>, place: Place }} props */
function Content({ account, place }) {
  const { section, id } = place;
  const known = PAGES[section];
  useNewPage(`${section === "" ? "search" : section}/${id}`, known?.title ?? "");
  if (!account.data) return html`<${Unloaded} loaded=${account} />`;
  if (!known) return html`<${Empty} level="h1" title=${texts.app.notFound}><p>${texts.app.notFoundHint}</p><a class="button strong" href=${address("")}>${texts.search.title}</a><//>`;
  return html`<${Opened} key=${`${section}/${id}`} open=${known.open} id=${id} params=${place.params} />`;
}

/** A page, once it is here; what else it is given is for the page. @param {any} props */
function Opened({ open, ...props }) {
  const page = useLoaded(open, []);
  if (page.error) return html`<${Failure} error=${unreachable()} retry=${() => location.reload()} />`;
  return page.data ? html`<${page.data.Page} ...${props} />` : html`<${Loading} />`;
}

/** Names the window, and leads those who do not see to the new page's beginning. @param {string} key @param {string} title */
function useNewPage(key, title) {
  const before = useRef(key);
  useEffect(() => {
    document.title = texts.app.title(title);
    if (before.current !== key) document.getElementById("content")?.focus({ preventScroll: true });
    before.current = key;
  }, [key, title]);
}

/** @param {{ section: string, signedOut: boolean }} props */
function Header({ section, signedOut }) {
  const account = useAccount();
  const { me } = account;
  const link = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string[]} */ sections) => html`
    <a href=${address(name)} aria-current=${sections.includes(section) ? "page" : undefined}>${text}</a>
  `;
  return html`
    <header class="top">
      <a class="brand" href=${address("")}>${texts.app.name}</a>
      <nav aria-label=${texts.app.menu}>
        ${link("search", texts.search.title, ["", "search", "compare"])}
        ${link("catalogue", texts.catalogue.title, ["catalogue", "items", "photos", "products", "upload", "transfer", "taxonomy"])}
        ${may(account, "READ") && !signedOut && link("outfits", texts.outfits.title, ["outfits"])}
        ${may(account, "REVIEW") && !signedOut && link("review", texts.review.title, ["review"])}
        ${may(account, "READ") && !signedOut && link("jobs", texts.jobs.title, ["jobs"])}
        ${may(account, "ADMIN") && !signedOut && link("admin", texts.admin.short, ["admin"])}
      </nav>
      <div class="top-end">
        <a class="quiet-link" href="/docs" target="_blank" rel="noreferrer">${texts.app.api}</a>
        <${ThemeSwitch} />
        ${me?.user && !signedOut && html`<a class="button small plain" href=${address("account")} title=${me.user.email}>${texts.account.title}</a>
          <${SignOut} email=${me.user.email ?? ""} />`}
      </div>
    </header>
  `;
}

/** @param {{ email: string }} props */
function SignOut({ email }) {
  const leave = () => call("AccountService/SignOut", {}).then(() => signedOut.dispatchEvent(new Event("signed-out")));
  return html`<button type="button" class="button small" title=${texts.account.signedInAs(email)} onClick=${leave}>${texts.account.signOut}</button>`;
}
