// The lists of the first view: files to be looked at, files that soon prove nothing, copies.

import { chosen } from "./choice.js";
import { findings, named, record, summary } from "./data.js";
import { make, name, path, wide } from "./dom.js";
import type { Finding, Row } from "./model.js";
import { verdict } from "./pieces.js";
import { printing } from "./printing.js";
import { NO_FILTERS, fileAddress, filesAddress } from "./route.js";
import { day, moment, number, spoken, texts, word } from "./texts.js";

/** Rows of a list; printed, and on the screen. */
const [PRINTED, SHOWN] = [200, 12];

/** What fills the lists with so many rows. */
let fills: ((count: number) => void)[] = [];

/** A list that is folded on the screen. */
function folded(fill: (count: number) => void): void {
  fills.push(fill);
  fill(SHOWN);
}

export function lists(): (HTMLElement | null)[] {
  fills = [];
  const shown = [objections(), ageing(), duplicates()];
  const own = fills;
  printing(() => {
    own.forEach((fill) => fill(PRINTED));
    return () => own.forEach((fill) => fill(SHOWN));
  });
  return shown;
}

/** Why a file is to be looked at, in a sentence. */
function reason(row: Row): string {
  const say = texts();
  const full = record(row.index);
  if (full === undefined) {
    return "";
  }
  if (full.document.error !== null) {
    return full.document.error;
  }
  if (row.verdict === "valid" && row.late === true) {
    return full.archive.due === null ? say.late : say.lateFor(moment(full.archive.due));
  }
  // What is valid is in the list for its workflow alone.
  const all = [...(row.verdict === "valid" ? [] : full.signatures.flatMap((signature) => findings(signature.findings))), ...findings(full.workflow?.findings ?? [])];
  const first = (outcome: string, level: string): Finding | undefined => all.find((found) => found.outcome === outcome && found.level === level);
  const cause = first("fail", "fail") ?? first("cannot-tell", "fail") ?? first("fail", "warn");
  return cause?.message ?? (row.late === true ? say.late : row.verdict === "unsigned" ? say.missing : word("verdicts", row.verdict));
}

function objections(): HTMLElement {
  const say = texts();
  const left = chosen({ ...NO_FILTERS, objections: true, sort: "verdict" });
  if (left.length === 0) {
    return make("section", {}, make("h2", {}, say.objections), make("p", {}, say.noObjections));
  }
  const body = make("tbody");
  const rest = make("p", { class: "faint" });
  folded((count) => {
    body.replaceChildren(
      ...left.slice(0, count).map((row) =>
        make("tr", {}, make("th", { scope: "row", class: "column-file" }, make("a", { href: fileAddress(row.index, { objections: true, sort: "verdict" }) }, path(row.file))), make("td", {}, verdict(row.verdict)), make("td", {}, name(spoken(reason(row))))),
      ),
    );
    rest.textContent = left.length > count ? say.moreRows(number(left.length - count)) : "";
  });
  const heads = [say.file, say.verdict, say.why].map((text) => make("th", { scope: "col" }, text));
  return make(
    "section",
    {},
    make("h2", {}, say.objections),
    wide(say.objections, make("table", { class: "files" }, make("thead", {}, make("tr", {}, ...heads)), body)),
    rest,
    make("p", { class: "screen-only" }, make("a", { class: "button", href: filesAddress({ objections: true, sort: "verdict" }) }, say.showAll(number(left.length)))),
  );
}

function ageing(): HTMLElement | null {
  const say = texts();
  const all = summary.ageing;
  if (all.length === 0) {
    return null;
  }
  const body = make("tbody");
  const rest = make("p", { class: "faint" });
  folded((count) => {
    body.replaceChildren(
      ...all.slice(0, count).map((one) => {
        const row = named(one.file);
        return make("tr", {}, make("th", { scope: "row", class: "column-file" }, row === undefined ? path(one.file) : make("a", { href: fileAddress(row.index, { set: "ageing", outside: true }) }, path(one.file))), make("td", { class: "dated" }, day(one.provable_until)), make("td", {}, name(one.weakest ?? "")));
      }),
    );
    rest.textContent = all.length > count ? say.moreRows(number(all.length - count)) : "";
  });
  const heads = [say.file, say.provableUntil, say.weakest].map((text) => make("th", { scope: "col" }, text));
  return make(
    "section",
    { class: "ageing" },
    make("h2", {}, say.ageing),
    make("p", {}, say.ageingNote),
    wide(say.ageing, make("table", { class: "files" }, make("thead", {}, make("tr", {}, ...heads)), body)),
    rest,
    make("p", { class: "screen-only" }, make("a", { class: "button", href: filesAddress({ set: "ageing", outside: true }) }, say.showAll(number(all.length)))),
  );
}

function duplicates(): HTMLElement | null {
  const say = texts();
  if (summary.duplicates.length === 0) {
    return null;
  }
  const groups = summary.duplicates.slice(0, PRINTED);
  return make(
    "section",
    {},
    make("h2", {}, say.duplicates),
    make(
      "details",
      {},
      make("summary", {}, say.showGroups(number(summary.duplicates.length))),
      make("ul", { class: "groups" }, ...groups.map(({ files }) => make("li", {}, ...files.slice(0, 20).map((file) => make("p", {}, path(file)))))),
    ),
  );
}
