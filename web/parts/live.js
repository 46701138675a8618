// What goes on while it is looked at.

import { stream } from "../api/call.js";
import { useEffect, useRef } from "../vendor/preact.js";

const RECONNECT_MS = 2000;

/** Acts again and again while the window is seen. @param {number} pauseMs 0 stops it @param {() => void} act */
export function useEvery(pauseMs, act) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!pauseMs) return;
    const timer = setInterval(() => document.hidden || latest.current(), pauseMs);
    return () => clearInterval(timer);
  }, [pauseMs]);
}

/**
 * Follows a stream of the server's from message to message, and asks again where it breaks.
 * @param {string} method
 * @param {() => object} request what to ask for, each time
 * @param {(message: any) => void} onMessage
 */
export function useStream(method, request, onMessage) {
  const latest = useRef({ request, onMessage });
  latest.current = { request, onMessage };
  useEffect(() => {
    const leaving = new AbortController();
    void follow(leaving.signal);
    return () => leaving.abort();
  }, [method]);

  async function follow(/** @type {AbortSignal} */ signal) {
    while (!signal.aborted) {
      try {
        for await (const message of stream(method, latest.current.request(), signal)) latest.current.onMessage(message);
      } catch {
        // It is asked for again: what was missed comes then.
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }
}
