// Pieces that several views show.

import { icon, isShape, make } from "./dom.js";
import { number, word } from "./texts.js";

/** A verdict: said by words, shown by a sign, and coloured besides. */
export function verdict(key: string): HTMLElement {
  return make("span", { class: `verdict verdict-${isShape(key) ? key : "indeterminate"}` }, isShape(key) ? icon(key) : null, word("verdicts", key));
}

const INDICATIONS: Readonly<Record<string, "valid" | "invalid" | "indeterminate">> = {
  "TOTAL-PASSED": "valid",
  "TOTAL-FAILED": "invalid",
  INDETERMINATE: "indeterminate",
};

export function indication(key: string): HTMLElement {
  const shape = INDICATIONS[key] ?? "indeterminate";
  return make("span", { class: `verdict verdict-${shape}` }, icon(shape), word("indications", key));
}

/** A number that opens the files behind it. */
export function counted(count: number, address: string | null, label?: string): HTMLElement {
  const text = number(count);
  return address === null || count === 0
    ? make("span", { class: "count" }, text)
    : make("a", { class: "count", href: address, ...(label === undefined ? {} : { "aria-label": `${text} ${label}` }) }, text);
}

/** A row of a list of facts; none without a value. */
export function fact(term: string, ...value: (Node | string | null | false)[]): HTMLElement[] {
  return value.every((one) => one === null || one === false || one === "") ? [] : [make("dt", {}, term), make("dd", {}, ...value)];
}
