// What a component asks the server for, as state: loading, loaded or failed.

import { call } from "../api/call.js";
import { useCallback, useEffect, useState } from "../vendor/preact.js";

/** @import { Methods } from "../api/methods.js" */

/**
 * Asks anew when `keys` change; what was asked before is aborted.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {any[]} keys
 * @returns {Loaded<T>}
 */
export function useLoaded(ask, keys) {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState(/** @type {{ data?: T, error?: any, of: string }} */ ({ of: "" }));
  const asked = JSON.stringify([...keys, turn]);
  useEffect(() => {
    const leaving = new AbortController();
    ask(leaving.signal).then(
      (data) => leaving.signal.aborted || setState({ data, of: asked }),
      (error) => leaving.signal.aborted || setState({ error, of: asked }),
    );
    return () => leaving.abort();
  }, [asked]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const set = useCallback((/** @type {T} */ data) => setState({ data, of: asked }), [asked]);
  const loading = state.of !== asked;
  return { ...(state.data !== undefined && { data: state.data }), ...(!loading && state.error && { error: state.error }), loading, reload, set };
}

/**
 * A list that comes in pages; asked for anew when the request changes.
 * @template {keyof Methods} M
 * @template {keyof Methods[M][1]} F
 * @param {M} method
 * @param {F} field of the answer, which has the rows
 * @param {Methods[M][0]} [request]
 * @param {(rows: any, signal: AbortSignal) => Promise<any>} [complete] adds to the rows of a page
 */
export function usePages(method, field, request = {}, complete = async (rows) => rows) {
  /** @typedef {NonNullable<Methods[M][1][F]>} T */
  const ask = async (/** @type {string} */ pageToken, /** @type {AbortSignal} */ signal) => {
    const answer = /** @type {any} */ (await call(method, { ...request, pageToken }, signal));
    return { rows: /** @type {T} */ (await complete(answer[field] ?? [], signal)), next: /** @type {string} */ (answer.nextPageToken ?? "") };
  };
  const first = useLoaded((signal) => ask("", signal), [method, request]);
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState(/** @type {any} */ (null));
  const more = async () => {
    const { rows, next } = /** @type {{ rows: any, next: string }} */ (first.data);
    setAdding(true);
    setError(null);
    try {
      const page = /** @type {any} */ (await ask(next, AbortSignal.timeout(60_000)));
      first.set({ rows: /** @type {any} */ ([...rows, ...page.rows]), next: page.next });
    } catch (failed) {
      setError(failed);
    }
    setAdding(false);
  };
  return { ...first, rows: /** @type {T} */ (first.data?.rows ?? []), next: first.data?.next ?? "", adding, more, moreError: error };
}
