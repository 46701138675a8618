// Values of the catalogue, as people read them and type them.

/** @param {MoneyJson | undefined} price */
export function priceText(price) {
  if (!price?.currencyCode) return "";
  const amount = Number(price.units ?? 0) + Number(price.nanos ?? 0) / 1e9;
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency: price.currencyCode }).format(amount);
  } catch {
    return `${amount.toFixed(2)} ${price.currencyCode}`;
  }
}

/** The amount alone, as it is typed. @param {MoneyJson | undefined} price */
export function amountText(price) {
  if (!price?.currencyCode) return "";
  const part = String(price.nanos ?? 0).padStart(9, "0").replace(/0+$/, "");
  return part ? `${price.units ?? 0}.${part.padEnd(2, "0")}` : String(price.units ?? 0);
}

/** An amount as typed, with a point or a comma. @param {string} amount @param {string} currencyCode @returns {MoneyJson} */
export function moneyOf(amount, currencyCode) {
  const [units = "0", part = ""] = amount.trim().replace(",", ".").split(".");
  return { currencyCode, units, nanos: Number(part.padEnd(9, "0").slice(0, 9)) };
}

/** The CSS colour of 0xRRGGBB. @param {number | undefined} rgb */
export function colorCode(rgb) {
  return `#${(rgb ?? 0).toString(16).padStart(6, "0")}`;
}

const NAMED = /** @type {Record<string, string>} */ ({
  blue: "#2f5fa8",
  brown: "#7a4a2b",
  burgundy: "#7b1e3a",
  camel: "#c19a6b",
  charcoal: "#3f4347",
  cream: "#f6eedc",
  denim: "#4a6a94",
  green: "#2e7d4f",
  grey: "#8d8f92",
  mint: "#a9dfc4",
  mustard: "#d6a52c",
  orange: "#e8772e",
  pink: "#e79ab0",
  purple: "#7a4a9c",
  red: "#c8242f",
  rust: "#a4502a",
  yellow: "#e9c733",
});

/** A CSS colour for the name of one, "" where none is known. @param {string} name */
export function namedColor(name) {
  const joined = name.replaceAll(" ", "");
  return NAMED[name] ?? (CSS.supports("color", joined) ? joined : "");
}

/** @param {string} text */
export function sentenceCase(text) {
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll("_", " ");
}
