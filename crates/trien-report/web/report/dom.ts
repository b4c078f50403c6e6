// Elements. Text never becomes markup: there is no other way to make one here.

type Value = string | number | boolean | null | ((event: never) => void);
export type Child = Node | string | null | false;

/** What turns the order of letters around, or shows nothing: a name must not show as another one. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Another's text on one line, with a sign for each character that would not be seen. */
export function plain(text: string): string {
  return text.replace(HIDDEN, "\u2423");
}

function fill(element: Element, attributes: Record<string, Value>, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) {
      continue;
    }
    if (typeof value === "function") {
      element.addEventListener(name, value as unknown as EventListener);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
}

/** An element with attributes; a function is a listener, `true` an empty attribute, `null` and `false` none. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** An element of a drawing. */
export function draw<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, attributes, children);
  return element;
}

/** A name from a file or certificate, apart from the direction of what stands around it. */
export function name(text: string): HTMLElement {
  return make("bdi", {}, plain(text));
}

/** A path that may be broken after its slashes and before its dots. */
export function path(text: string): HTMLElement {
  const element = make("bdi", { class: "path" });
  for (const piece of plain(text).split(/(?<=[/\\_-])/u)) {
    element.append(piece, make("wbr"));
  }
  return element;
}

/** Drawings of 24 by 24 units; they say nothing that words do not. */
const SHAPES = {
  valid: "M5 12.5l4.5 4.5L19 7.5",
  invalid: "M6 6l12 12M18 6L6 18",
  indeterminate: "M9 9.2a3 3 0 1 1 4.2 2.7c-.9.4-1.2 1-1.2 2.1M12 17.4v.4",
  unsigned: "M6 12h12",
  "not-needed": "M6 12h12",
  unreadable: "M12 4.5v9M12 18v.6",
  left: "M14.5 5.5L8 12l6.5 6.5",
  right: "M9.5 5.5L16 12l-6.5 6.5",
  print: "M7 9V4h10v5M7 17H4.5v-6.5h15V17H17M7 14.5h10V20H7z",
} as const;

export type Shape = keyof typeof SHAPES;

export function isShape(word: string): word is Shape {
  return Object.hasOwn(SHAPES, word);
}

export function icon(shape: Shape): SVGSVGElement {
  return draw("svg", { viewBox: "0 0 24 24", class: `icon icon-${shape}`, "aria-hidden": "true" }, draw("path", { d: SHAPES[shape] }));
}

/** A table inside a box that scrolls where it is too wide, which keyboards must reach. */
export function wide(label: string, table: HTMLTableElement): HTMLElement {
  return make("div", { class: "wide", role: "region", "aria-label": label, tabindex: "0" }, table);
}
