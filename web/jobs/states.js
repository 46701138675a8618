// States of jobs and operations: what they are called, which have ended, and how they look.

import { html } from "../vendor/preact.js";
import { texts } from "../texts.js";

export const JOB_STATES = ["QUEUED", "CROPPING", "ANALYZING", "COMPLETE", "FAILED", "CANCELLED"];
const PREFIX = /^(INDEXING_JOB_STATE|OPERATION_STATE)_/;
const ENDED = new Set(["COMPLETE", "SUCCEEDED", "FAILED", "CANCELLED"]);
const LOOKS = /** @type {Record<string, string>} */ ({ COMPLETE: "good", SUCCEEDED: "good", FAILED: "bad" });

/** The state without the prefix of its type, such as "FAILED". @param {string | undefined} state */
export function stateName(state) {
  return (state ?? "").replace(PREFIX, "");
}

/** @param {string | undefined} state */
export function hasEnded(state) {
  return ENDED.has(stateName(state));
}

/** Whether it may be run again. @param {string | undefined} state */
export function mayRetry(state) {
  return ["FAILED", "CANCELLED"].includes(stateName(state));
}

/** @param {{ state: string | undefined }} props */
export function State({ state }) {
  const name = stateName(state);
  return html`<span class=${`tag state ${LOOKS[name] ?? ""}`}>${texts.jobs.states[name] ?? name}</span>`;
}

/** The reason of an error, such as "ORIGINAL_MISSING"; "" where it has none. @param {{ details?: any[] } | undefined} error */
export function reasonOf(error) {
  return error?.details?.find((detail) => detail.reason)?.reason ?? "";
}
