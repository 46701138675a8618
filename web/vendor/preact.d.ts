// The types of preact.js, from the packages that it is made of.

export * from "preact";
export * from "preact/hooks";
export { html } from "htm/preact";
