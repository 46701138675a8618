// Which page the address names, and how to go to another without loading anything.

import { useEffect, useState } from "./vendor/preact.js";

export const ROOT = "/app/";

/** @typedef {{ path: string, params: URLSearchParams }} Route */

const moved = new EventTarget();

/** The address now. @returns {Route} */
function current() {
  return { path: location.pathname.slice(ROOT.length), params: new URLSearchParams(location.search) };
}

/** @param {string} path below /app/ @param {URLSearchParams} [params] */
export function address(path, params) {
  const query = params?.toString();
  return ROOT + path + (query ? `?${query}` : "");
}

/** Goes to an address of this page. @param {string} url */
export function go(url, { replace = false } = {}) {
  if (url === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  moved.dispatchEvent(new Event("moved"));
}

/** The route, followed as it changes. */
export function useRoute() {
  const [route, setRoute] = useState(current);
  useEffect(() => {
    const follow = () => setRoute(current());
    moved.addEventListener("moved", follow);
    addEventListener("popstate", follow);
    return () => {
      moved.removeEventListener("moved", follow);
      removeEventListener("popstate", follow);
    };
  }, []);
  return route;
}

/** Links within the page do not load it anew. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || link.target || !link.pathname.startsWith(ROOT)) return;
    if (link.origin !== location.origin || link.hash) return;
    event.preventDefault();
    go(link.pathname + link.search);
    scrollTo(0, 0);
  });
}
