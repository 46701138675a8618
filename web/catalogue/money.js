// Amounts as people type them.

/** @import { MoneyJson } from "../../clients/typescript/lib/google/type/money_pb.js" */

/** An amount as typed, with a point or a comma. @param {string} amount @param {string} currencyCode @returns {MoneyJson} */
export function moneyOf(amount, currencyCode) {
  const [units = "0", part = ""] = amount.trim().replace(",", ".").split(".");
  return { currencyCode, units, nanos: Number(part.padEnd(9, "0").slice(0, 9)) };
}
