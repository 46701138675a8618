// What keys and users may do, in words.

import { texts } from "../texts.js";

export const SCOPES = ["INFER", "READ", "WRITE", "REVIEW", "ADMIN"];

/** @param {string} scope such as "SCOPE_READ" */
export function scopeName(scope) {
  return texts.admin.scopes[scope.replace("SCOPE_", "")] ?? scope;
}
