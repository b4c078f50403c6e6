// Charts, drawn by hand: bars in parts. Each has its figures as a table beside it, whose numbers open
// the files; the drawing itself says nothing more and is not read aloud.

import { draw, make, plain, wide } from "./dom.js";
import { counted } from "./pieces.js";
import { number, texts } from "./texts.js";

export interface Part {
  /** The look, and the word for it. */
  look: "valid" | "invalid" | "indeterminate" | "unsigned" | "not-needed" | "unreadable" | "accent";
  word: string;
}

export interface Bar {
  label: string;
  /** One number for each part. */
  values: number[];
  /** The files behind each. */
  addresses: (string | null)[];
  /** What the bar says behind itself instead of its sum. */
  note?: string;
}

/** Units of a drawing: it is scaled to its place. */
const WIDTH = 640;
const HEIGHT = 230;

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function open(address: string | null): Record<string, string | ((event: never) => void)> {
  return address === null ? {} : { class: "opens", click: () => (location.hash = address) };
}

function piece(part: Part, bar: Bar, at: number, place: Record<string, number>): SVGElement {
  const value = bar.values[at] ?? 0;
  return draw(
    "g",
    open(bar.addresses[at] ?? null),
    draw("title", {}, `${plain(bar.label)}, ${part.word}: ${number(value)}`),
    draw("rect", { ...place, class: `fill-${part.look}` }),
  );
}

/** A round number of at least `most`, for the end of an axis. */
function roundUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 4, 5, 10].map((step) => step * power).find((value) => value >= most) ?? most;
}

/** Bars that stand, for months. */
export function standing(title: string, label: string, parts: Part[], bars: Bar[], note?: string): HTMLElement {
  const [left, bottom, top] = [44, 34, 12];
  const most = roundUp(Math.max(...bars.map((bar) => sum(bar.values)), 1));
  const scale = (HEIGHT - bottom - top) / most;
  const step = (WIDTH - left) / Math.max(bars.length, 1);
  const thick = Math.min(step * 0.7, 46);
  const drawing = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", "aria-hidden": "true" });
  for (const share of [0, 0.5, 1]) {
    const y = HEIGHT - bottom - most * share * scale;
    if (share !== 0.5 || most > 1) {
      drawing.append(
        draw("line", { x1: left, x2: WIDTH, y1: y, y2: y, class: "grid" }),
        draw("text", { x: left - 6, y: y + 4, class: "tick", "text-anchor": "end" }, number(most * share, 1)),
      );
    }
  }
  // As many names as there is room for.
  const every = Math.ceil(bars.length / 12);
  bars.forEach((bar, place) => {
    const x = left + step * place + (step - thick) / 2;
    let y = HEIGHT - bottom;
    parts.forEach((part, at) => {
      const height = (bar.values[at] ?? 0) * scale;
      y -= height;
      if (height > 0) {
        drawing.append(piece(part, bar, at, { x, y, width: thick, height }));
      }
    });
    if (place % every === 0) {
      drawing.append(draw("text", { x: x + thick / 2, y: HEIGHT - bottom + 16, class: "tick", "text-anchor": "middle" }, bar.label));
    }
  });
  return figure(title, label, parts, bars, drawing, note);
}

/** Bars that lie, for names. */
export function lying(title: string, label: string, parts: Part[], bars: Bar[], note?: string): HTMLElement {
  const [row, names, numbers] = [26, 210, 84];
  const most = Math.max(...bars.map((bar) => sum(bar.values)), 1);
  const scale = (WIDTH - names - numbers) / most;
  const drawing = draw("svg", { viewBox: `0 0 ${WIDTH} ${Math.max(bars.length, 1) * row + 4}`, class: "chart", "aria-hidden": "true" });
  bars.forEach((bar, place) => {
    const y = place * row + 4;
    let x = names;
    const text = plain(bar.label);
    const short = text.length > 27 ? `${text.slice(0, 26)}…` : text;
    drawing.append(draw("text", { x: names - 8, y: y + 14, class: "name", "text-anchor": "end" }, draw("title", {}, text), short));
    parts.forEach((part, at) => {
      const width = (bar.values[at] ?? 0) * scale;
      if (width > 0) {
        drawing.append(piece(part, bar, at, { x, y, width, height: row - 8 }));
      }
      x += width;
    });
    drawing.append(draw("text", { x: x + 6, y: y + 14, class: "tick" }, bar.note ?? number(sum(bar.values))));
  });
  return figure(title, label, parts, bars, drawing, note);
}

function figure(title: string, label: string, parts: Part[], bars: Bar[], drawing: SVGElement, note = ""): HTMLElement {
  const say = texts();
  const legend = make(
    "ul",
    { class: "legend" },
    ...parts.map((part) => make("li", {}, draw("svg", { viewBox: "0 0 10 10", class: "swatch", "aria-hidden": "true" }, draw("rect", { width: 10, height: 10, class: `fill-${part.look}` })), part.word)),
  );
  const table = make(
    "table",
    {},
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, label), ...parts.map((part) => make("th", { scope: "col", class: "number" }, part.word)))),
    make(
      "tbody",
      {},
      ...bars.map((bar) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, make("bdi", {}, plain(bar.label))),
          ...parts.map((_, at) => make("td", { class: "number" }, counted(bar.values[at] ?? 0, bar.addresses[at] ?? null))),
        ),
      ),
    ),
  );
  return make(
    "figure",
    { class: "card" },
    make("figcaption", {}, make("h3", {}, title), note === "" ? null : make("p", { class: "faint" }, note), parts.length > 1 ? legend : null),
    drawing,
    make("details", { class: "figures" }, make("summary", {}, say.figures), wide(title, table)),
  );
}
