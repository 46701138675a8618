// Who uses the page, and what the server lets requests be.

import { createContext, useContext } from "../vendor/preact.js";
import { call } from "../api/call.js";
import { texts } from "../texts.js";

/** @typedef {{ me?: GetMeResponseJson, limits?: GetCatalogLimitsResponseJson }} Account */

export const SCOPES = ["INFER", "READ", "WRITE", "REVIEW", "ADMIN"];
export const AccountContext = createContext(/** @type {Account} */ ({}));

/** @returns {Account} */
export function useAccount() {
  return useContext(AccountContext);
}

/** Whether the user may do what needs a scope, such as "WRITE". @param {Account} account @param {"READ" | "WRITE" | "REVIEW" | "ADMIN"} scope */
export function may({ me }, scope) {
  return (me?.scopes ?? []).includes(`SCOPE_${scope}`);
}

/** @param {AbortSignal} signal @returns {Promise<Account>} */
export async function openAccount(signal) {
  const [me, limits] = await Promise.all([
    call("AccountService/GetMe", {}, signal),
    call("CatalogService/GetCatalogLimits", {}, signal),
  ]);
  return { me, limits };
}

/** What keys and users may do, in words. @param {string} scope such as "SCOPE_READ" */
export function scopeName(scope) {
  return texts.admin.scopes[scope.replace("SCOPE_", "")] ?? scope;
}
