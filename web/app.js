// The frame of all pages: header, the page of the address, and what stands in its place while nobody is signed in.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { AccountContext, may, openAccount, useAccount } from "./account/account.js";
import { SignInPage } from "./account/sign_in.js";
import { call, signedOut } from "./api/call.js";
import { CataloguePage } from "./catalogue/page.js";
import { ItemPage } from "./catalogue/item.js";
import { PhotoPage } from "./catalogue/photo.js";
import { ProductPage } from "./catalogue/product.js";
import { UploadPage } from "./catalogue/upload.js";
import { useLoaded } from "./parts/loaded.js";
import { Empty, Failure, Loading, Toast } from "./parts/notices.js";
import { address, useRoute } from "./router.js";
import { ReviewPage } from "./review/page.js";
import { SearchPage } from "./search/page.js";
import { texts } from "./texts.js";
import { ThemeSwitch } from "./theme_switch.js";

/** @typedef {{ section: string, id: string, params: URLSearchParams }} Place */

const PAGES = /** @type {Record<string, { title: string, page: any }>} */ ({
  "": { title: texts.search.title, page: SearchPage },
  search: { title: texts.search.title, page: SearchPage },
  catalogue: { title: texts.catalogue.title, page: CataloguePage },
  items: { title: texts.catalogue.item, page: ItemPage },
  photos: { title: texts.catalogue.photo, page: PhotoPage },
  products: { title: texts.catalogue.product, page: ProductPage },
  review: { title: texts.review.title, page: ReviewPage },
  upload: { title: texts.upload.title, page: UploadPage },
});

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
          ? html`<${SignInPage} onSignedIn=${enter} token=${params.get("token") ?? ""} />`
          : html`<${Content} account=${account} place=${{ section, id, params }} />`}
      </main>
      <${Toast} />
    <//>
  `;
}

/** @param {{ account: import("./parts/loaded.js").Loaded<object>, place: Place }} props */
function Content({ account, place }) {
  const { section, id, params } = place;
  const known = PAGES[section];
  useNewPage(`${section === "" ? "search" : section}/${id}`, known?.title ?? "");
  if (account.error) return html`<${Failure} error=${account.error} retry=${account.reload} />`;
  if (!account.data) return html`<${Loading} />`;
  if (!known) return html`<${Empty} level="h1" title=${texts.app.notFound}><p>${texts.app.notFoundHint}</p><//>`;
  return html`<${known.page} key=${id} id=${id} params=${params} />`;
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
        ${link("search", texts.app.search, ["", "search"])}
        ${link("catalogue", texts.app.catalogue, ["catalogue", "items", "photos", "products", "upload"])}
        ${may(account, "REVIEW") && !signedOut && link("review", texts.review.title, ["review"])}
      </nav>
      <div class="top-end">
        <a class="quiet-link" href="/docs" target="_blank" rel="noreferrer">${texts.app.api}</a>
        <${ThemeSwitch} />
        ${me?.user && !signedOut && html`<${SignOut} email=${me.user.email ?? ""} />`}
      </div>
    </header>
  `;
}

/** @param {{ email: string }} props */
function SignOut({ email }) {
  const leave = () => call("AccountService/SignOut", {}).then(() => signedOut.dispatchEvent(new Event("signed-out")));
  return html`<button type="button" class="button small" title=${texts.account.signedInAs(email)} onClick=${leave}>${texts.account.signOut}</button>`;
}
