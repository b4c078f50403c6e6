// The page of a file: what was concluded, its signatures in order, its pages as pictures.

import { chosen, ofPeriod } from "./choice.js";
import { findings, optional, part, pictures, record, rows } from "./data.js";
import { icon, make, name, path, plain, wide } from "./dom.js";
import type { Change, Finding, FullRecord, Picture, Row, Signature } from "./model.js";
import { fact, indication, verdict } from "./pieces.js";
import { printing } from "./printing.js";
import { type Filters, fileAddress, filesAddress } from "./route.js";
import { current, day, moment, number, size, spoken, texts, word } from "./texts.js";

/** Changes of a signature that are shown: more are said, not shown. */
const CHANGES = 200;

export function file(index: number, filters: Filters): Node[] {
  const say = texts();
  const [row, full] = [rows[index], record(index)];
  printing(null);
  if (row === undefined || full === undefined) {
    return [make("h1", { tabindex: "-1" }, say.unknownFile), make("p", {}, make("a", { href: filesAddress() }, say.back))];
  }
  const shown = pictures(index);
  return [
    ways(index, filters),
    make("h1", { tabindex: "-1", class: "file-name" }, path(row.file)),
    make("p", { class: "conclusion" }, verdict(row.verdict), ofPeriod(row) ? null : make("span", { class: "tag" }, say.outside), full.document.error === null ? null : make("span", {}, name(full.document.error))),
    make(
      "div",
      { class: shown.length > 0 ? "file with-pictures" : "file" },
      make("div", { class: "told" }, facts(row, full), workflow(row, full), chain(full)),
      shown.length > 0 ? pages(shown, row, full) : null,
    ),
  ];
}

/** To the list, and to the files before and after in it. */
function ways(index: number, filters: Filters): HTMLElement {
  const say = texts();
  const list = chosen(filters);
  const at = list.findIndex((row) => row.index === index);
  const to = (row: Row | undefined, label: string, shape: "left" | "right"): HTMLElement =>
    row === undefined
      ? make("span", { class: "button off", "aria-hidden": "true" }, icon(shape))
      : make("a", { class: "button", href: fileAddress(row.index, filters), "aria-label": label, title: label }, icon(shape));
  return make(
    "nav",
    { class: "ways", "aria-label": say.files },
    make("a", { class: "button", href: filesAddress(filters) }, icon("left"), say.back),
    make("span", { class: "faint" }, at < 0 ? "" : say.of(number(at + 1), number(list.length))),
    to(at < 0 ? undefined : list[at - 1], say.previous, "left"),
    to(at < 0 ? undefined : list[at + 1], say.next, "right"),
  );
}

function facts(row: Row, full: FullRecord): HTMLElement {
  const say = texts();
  const { archive, document: of } = full;
  const late = archive.late === null ? "" : ` (${archive.late ? say.overdue : say.inTime})`;
  return make(
    "section",
    { class: "card", "aria-label": say.about },
    make(
      "dl",
      { class: "facts" },
      ...fact(say.category, row.category === null ? null : name(row.category.title)),
      ...fact(say.school, row.school === null ? null : name(row.school)),
      ...fact(say.kind, row.kind === "" ? null : word("kinds", row.kind)),
      ...fact(say.due, archive.due === null ? null : `${moment(archive.due)}${late}`),
      ...fact(say.provableUntil, archive.provable_until === null ? null : day(archive.provable_until), archive.provable_until === null || archive.weakest === null ? null : make("span", { class: "faint" }, " – ", name(archive.weakest))),
      ...fact(say.pages, row.pages === null ? null : number(row.pages)),
      ...fact(say.octets, size(archive.octets)),
      ...fact(say.revisions, of.revisions > 0 ? number(of.revisions) : null),
      ...fact(say.encrypted, of.encrypted ? say.yes : null),
      ...fact(say.container, archive.container === null ? null : path(archive.container)),
      ...fact(say.judgedAt, moment(full.validation_time)),
      ...fact("SHA-256", archive.sha256 === null ? null : make("span", { class: "code" }, archive.sha256)),
      ...fact(say.problems, ...of.evidence_problems.slice(0, 20).map((problem) => make("p", {}, name(problem)))),
    ),
  );
}

/** In the words of the inspection's third question, so that both say the same of a file. */
function conduct(row: Row, conclusion: string): string {
  const say = texts();
  const found: string[] = [];
  if (row.counted.includes("out-of-order")) {
    found.push(say.outOfOrder);
  }
  if (row.counted.includes("wrong-authority")) {
    found.push(say.wrongAuthority);
  }
  if (row.counted.includes("beside-procedure")) {
    found.push(say.beside);
  }
  if (found.length === 0 && conclusion !== "incomplete") {
    found.push(word("workflows", conclusion));
  }
  if (row.counted.includes("incomplete") || conclusion === "incomplete") {
    found.push(say.incomplete);
  }
  return found.join("; ");
}

function workflow(row: Row, full: FullRecord): HTMLElement | null {
  const say = texts();
  const of = full.workflow;
  if (of === null) {
    return row.counted.includes("procedure-open") ? make("section", { class: "card" }, make("p", { class: "open-workflow" }, say.openHere)) : null;
  }
  const broken = findings(of.findings).filter((found) => found.outcome === "fail");
  return make(
    "section",
    { class: "card" },
    make("h2", {}, name(say.workflowTitle(of.title))),
    make("p", {}, make("strong", { class: "conduct" }, conduct(row, of.conclusion)), row.counted.includes("in-procedure") ? null : make("span", { class: "faint" }, ` ${say.notCounted}`)),
    row.counted.includes("by-likeness") ? make("p", { class: "faint by-likeness" }, say.likenessHere) : null,
    make("ol", { class: "steps" }, ...of.steps.map((step) => make("li", { class: `step step-${step.state}` }, name(step.title), " ", make("span", { class: "tag" }, word("steps", step.state))))),
    broken.length === 0 ? null : objected(broken),
  );
}

function chain(full: FullRecord): HTMLElement {
  const say = texts();
  return make(
    "section",
    {},
    make("h2", {}, say.chain),
    full.signatures.length === 0 ? make("p", {}, say.noSignatures) : make("ol", { class: "chain" }, ...full.signatures.map((of, at) => make("li", { class: "card", id: `signature-${at + 1}` }, ...signature(of, at)))),
  );
}

function signature(of: Signature, at: number): HTMLElement[] {
  const say = texts();
  const signer = optional(of.signer);
  const anchor = optional(of.trust_anchor);
  const inForce = optional(of.profile_in_force);
  const found = findings(of.findings);
  const broken = found.filter((one) => one.outcome === "fail" && one.level === "fail");
  const noted = found.filter((one) => one.outcome === "fail" && one.level !== "fail");
  const unclear = found.filter((one) => one.outcome === "cannot-tell" && one.level === "fail");
  const title = signer === null ? word("signatureKinds", of.kind) : (signer.common_name ?? signer.subject);
  return [
    make(
      "header",
      {},
      make("span", { class: "order", "aria-hidden": "true" }, number(at + 1)),
      make("h3", {}, name(title), signer === null ? null : make("span", { class: "faint kind" }, word("signers", signer.kind)), of.kind === "approval" ? null : make("span", { class: "tag" }, word("signatureKinds", of.kind))),
      make("p", { class: "outcome" }, indication(of.indication), of.sub_indication === null ? null : make("span", { class: "faint", title: of.sub_indication }, word("subIndications", of.sub_indication))),
    ),
    broken.length + unclear.length + noted.length === 0 ? null : objected([...broken, ...unclear, ...noted]),
    make(
      "dl",
      { class: "facts" },
      ...fact(say.provenTime, of.best_signature_time === null ? null : moment(of.best_signature_time)),
      ...fact(say.claimedTime, of.claimed_signing_time === null ? say.noTime : moment(of.claimed_signing_time)),
      ...fact(say.role, of.claimed_roles.length === 0 ? null : name(of.claimed_roles.join(", "))),
      ...fact(say.reason, of.reason === null ? null : name(of.reason)),
      ...fact(say.field, name(of.field)),
      ...(signer === null
        ? []
        : fact(
            say.authority,
            make("p", { class: "code" }, name(signer.subject)),
            make("p", {}, name(say.issuedBy(signer.issuer_common_name ?? signer.issuer)), "; ", say.validBetween(day(signer.not_before), day(signer.not_after))),
            make("p", { class: "code faint" }, plain(signer.serial)),
          )),
      ...fact(say.anchor, anchor === null ? make("span", { class: "faint" }, say.noAnchor) : name(anchor.known_as ?? anchor.subject)),
      ...fact(say.level, of.level ?? of.sub_filter),
      ...fact(say.timestamps, ...of.timestamps.map((stamp) => make("p", {}, stamp.time === null ? "–" : moment(stamp.time), " ", make("span", { class: "tag" }, word("stamps", stamp.status)), stamp.sub_indication === null ? null : make("span", { class: "faint" }, " ", word("subIndications", stamp.sub_indication))))),
      ...fact(say.evidence, of.evidence.length === 0 ? null : make("span", { title: of.evidence.map((one) => part(one)).join("\n") }, say.evidenceCount(number(of.evidence.length)))),
      ...fact(say.integrity, word("integrities", of.integrity), of.integrity_reason === null ? null : make("span", { class: "faint" }, " – ", name(of.integrity_reason))),
      ...fact(say.coverage, word("coverages", of.coverage), of.revision === null ? null : make("span", { class: "faint" }, ` (${say.inRevision(number(of.revision))})`)),
      ...fact(say.profileInForce, inForce === null ? null : name(inForce.title)),
      ...fact(say.deviations, ...of.deviations.slice(0, 20).map((one) => make("p", {}, name(one)))),
    ),
    changes(of),
    rules(found),
  ].filter((one): one is HTMLElement => one !== null);
}

/** What a rule comes from, in the reader's language. */
function based(clause: string): string {
  const words: Readonly<Record<string, string>> = texts().clauses;
  return words[clause] ?? clause;
}

function objected(found: Finding[]): HTMLElement {
  return make(
    "ul",
    { class: "objections" },
    ...found.map((one) => make("li", { class: one.outcome === "fail" ? `objection-${one.level}` : "objection-unclear" }, name(spoken(one.message)), " ", make("span", { class: "faint clause" }, plain(based(one.clause))))),
  );
}

function changes(of: Signature): HTMLElement {
  const say = texts();
  const head = make("summary", {}, `${say.changesAfter}: ${word("changes", of.changes)}`);
  if (of.change_list.length === 0) {
    return make("p", { class: "no-changes" }, `${say.changesAfter}: ${word("changes", of.changes)}`);
  }
  const left = of.changes_left_out + Math.max(0, of.change_list.length - CHANGES);
  return make(
    "details",
    { class: "changes", open: of.changes === "forbidden" },
    head,
    make("ul", {}, ...of.change_list.slice(0, CHANGES).map((one) => change(part(one)))),
    left === 0 ? null : make("p", { class: "faint" }, say.leftOut(number(left))),
  );
}

function change(of: Change): HTMLElement {
  const say = texts();
  const words = optional(of.words);
  const places = [
    of.field === null ? null : plain(of.field),
    of.page === null ? null : say.onPage(number(of.page)),
    say.inRevision(number(of.revision)),
    of.object,
  ].filter((one): one is string => one !== null);
  return make(
    "li",
    { class: `change change-${of.verdict === "forbidden" ? "forbidden" : "permitted"}` },
    words === null ? plain(of.kind) : words[current() === "en" ? 1 : 0],
    of.new_value === null ? null : make("q", { class: "values" }, name(say.becameFrom(of.old_value ?? "", of.new_value))),
    " ",
    make("span", { class: "faint" }, name(places.join(", "))),
  );
}

function rules(found: Finding[]): HTMLElement {
  const say = texts();
  const passed = found.filter((one) => one.outcome === "pass").length;
  const ran = found.filter((one) => one.outcome !== "not-applicable").length;
  return make(
    "details",
    { class: "rules" },
    make("summary", {}, `${say.rules}: ${say.rulesCount(number(passed), number(ran))}`),
    wide(
      say.rules,
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, ...[say.outcome, say.message, say.clause, say.rule].map((text) => make("th", { scope: "col" }, text)))),
        make(
          "tbody",
          {},
          ...found.map((one) => {
            const noted = one.outcome === "fail" && one.level !== "fail" ? "warn" : one.outcome;
            return make("tr", { class: `rule rule-${noted}` }, make("td", {}, word("outcomes", noted)), make("td", {}, name(spoken(one.message))), make("td", {}, plain(based(one.clause))), make("td", { class: "code" }, plain(one.rule)));
          }),
        ),
      ),
    ),
  );
}

/** Pages of which numbers are said, where they have no picture. */
const NAMED_PAGES = 30;

/** On which pages marks and changes are, as far as the record says. */
function places(full: FullRecord): { marks: Set<number>; changes: Set<number> } {
  const [marks, changed] = [new Set<number>(), new Set<number>()];
  for (const signature of full.signatures) {
    if (signature.placed !== null) {
      marks.add(signature.placed.page);
    }
    for (const { page } of signature.change_list.map((one) => part(one))) {
      if (page !== null) {
        changed.add(page);
      }
    }
  }
  return { marks, changes: changed };
}

function pages(shown: Picture[], row: Row, full: FullRecord): HTMLElement {
  const say = texts();
  const { marks, changes: changed } = places(full);
  const drawn = new Set(shown.map(({ page }) => page));
  const last = row.pages ?? Number.MAX_SAFE_INTEGER;
  const missing = [...new Set([...marks, ...changed])].filter((page) => page > 0 && page <= last && !drawn.has(page)).sort((one, other) => one - other);
  const others = row.pages === null ? 0 : row.pages - drawn.size - missing.length;
  const named = `${missing.slice(0, NAMED_PAGES).map((page) => number(page)).join(", ")}${missing.length > NAMED_PAGES ? "…" : ""}`;
  const legend = (["mark", "permitted", "forbidden"] as const)
    .filter((kind) => shown.some((page) => page.outlines.some((one) => one.kind === kind)))
    .map((kind) => make("li", {}, make("span", { class: `swatch outline-${kind}`, "aria-hidden": "true" }), { mark: say.legendMark, permitted: say.legendPermitted, forbidden: say.legendForbidden }[kind]));
  return make(
    "section",
    { class: "pages", "aria-label": say.picturesTitle, tabindex: "0" },
    make("h2", {}, say.picturesTitle),
    legend.length === 0 ? null : make("ul", { class: "legend" }, ...legend),
    ...shown.map((page) => sheet(page, [marks.has(page.page) ? say.hasMark : null, changed.has(page.page) ? say.hasChange : null])),
    missing.length === 0 ? null : make("p", { class: "left-out" }, say.markedLeftOut(number(missing.length), named)),
    others <= 0 ? null : make("p", { class: "left-out faint" }, say.othersLeftOut(number(others))),
    make("p", { class: "faint" }, say.pictureNote),
  );
}

function sheet(page: Picture, holds: (string | null)[]): HTMLElement {
  const say = texts();
  const title = say.pictureOf(number(page.page));
  const sheet = make("div", { class: "sheet" }, page.image === null ? make("p", {}, page.not_drawn === "time" ? say.noTimeForPicture : say.noPicture) : make("img", { src: page.image, alt: title }));
  sheet.style.aspectRatio = String(page.proportion);
  for (const { kind, area, signature: of } of page.outlines) {
    const words = { mark: say.legendMark, permitted: say.legendPermitted, forbidden: say.legendForbidden }[kind];
    const label = `${say.signatureNumber(number(of + 1))}: ${words}`;
    const outline = make("span", { class: `outline outline-${kind}`, role: "img", "aria-label": label, title: label }, kind === "mark" ? make("span", { class: "outline-number", "aria-hidden": "true" }, number(of + 1)) : null);
    const [left, top, width, height] = area;
    outline.style.left = `${left * 100}%`;
    outline.style.top = `${top * 100}%`;
    outline.style.width = `${width * 100}%`;
    outline.style.height = `${height * 100}%`;
    sheet.append(outline);
  }
  const caption = [title, ...holds.filter((one) => one !== null)].join(", ");
  return make("figure", {}, make("figcaption", {}, caption), sheet);
}
