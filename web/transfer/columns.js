// What the columns of a table are: fields of products, and photos.

/** The fields with other names that tables have for them, without case, spaces and dashes. @type {Record<string, string[]>} */
export const KNOWN = {
  externalId: ["sku", "id", "externalid", "articlenumber", "productid", "itemnumber"],
  displayName: ["name", "title", "displayname", "productname"],
  description: ["description", "text"],
  brand: ["brand", "manufacturer", "label"],
  category: ["category"],
  productType: ["producttype", "type"],
  price: ["price", "saleprice"],
  listPrice: ["listprice", "regularprice", "rrp"],
  currency: ["currency"],
  url: ["url", "link", "page"],
  availability: ["availability", "stock"],
  image: ["image", "images", "photo", "photos", "picture", "imageurl", "imagelink", "file"],
};
export const FIELDS = Object.keys(KNOWN);
/** A table to begin with. */
export const SAMPLE = `sku,name,brand,category,price,currency,availability,image,material
A-1001,Linen shirt,Atelier,shirt,69.00,EUR,in stock,linen-shirt.jpg,linen
`;
export const ATTRIBUTE = "attribute";
const OWN = /^attributes\.(.+)$/;

/** What each column seems to be: a field, an attribute of the shop's own, or "" for nothing. @param {string[]} header */
export function guessed(header) {
  /** @type {Set<string>} */
  const taken = new Set();
  return header.map((name) => {
    if (OWN.test(name)) return ATTRIBUTE;
    const plain = name.toLowerCase().replace(/[^a-z]/g, "");
    const field = FIELDS.find((each) => KNOWN[each]?.includes(plain)) ?? "";
    if (field !== "image" && taken.has(field)) return "";
    taken.add(field);
    return field;
  });
}

/** The name of a shop's own field. @param {string} column */
export function attributeName(column) {
  return OWN.exec(column)?.[1] ?? column;
}
