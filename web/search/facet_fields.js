// Which fields the page counts values of: those of garments, whatever the tenant calls them, and the brand.

const FIRST = ["category", "color", "pattern", "style", "brand"];
const NOT_COUNTED = new Set([
  "availability", "create_time", "currency", "external_id", "garment_score", "label", "main_color", "main_shade",
  "price", "primary_in_image", "primary_in_product", "product_category", "product_create_time", "product_id",
  "product_type", "product_update_time", "shade", "update_time",
]);
const MAX_FACETS = 8;

/** @param {string[]} fields that filters may name, as GetCatalogLimits tells them */
export function facetFields(fields) {
  const known = FIRST.filter((field) => fields.includes(field));
  const own = fields.filter((field) => !FIRST.includes(field) && !NOT_COUNTED.has(field) && !field.includes("."));
  return [...known, ...own].slice(0, MAX_FACETS);
}
