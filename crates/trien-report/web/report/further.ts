// What the summary knows beside the five questions: files that only a claimed time puts outside the
// period, what was not looked at, and how the archive differs from the manifest of its hand-over.

import { summary } from "./data.js";
import { make, name, path, plain, wide } from "./dom.js";
import type { ManifestSigner } from "./model.js";
import { counted, indication } from "./pieces.js";
import { filesAddress } from "./route.js";
import { moment, number, texts, word } from "./texts.js";

/** Files of a manifest that are named here because they are not there to be opened. */
const NAMED = 200;

/** Which files are not counted though nothing proves that they are not of the period. */
export function outsideByClaim(): HTMLElement | null {
  const say = texts();
  const count = summary.counts.outside_by_claim;
  const { valid, indeterminate } = summary.outside_by_claim;
  return count === 0
    ? null
    : make("p", { class: "note by-claim" }, counted(count, filesAddress({ set: "outside-by-claim", outside: true }), say.outsideByClaim), " ", say.outsideByClaim, ` (${word("verdicts", "valid")}: ${number(valid)}; ${word("verdicts", "indeterminate")}: ${number(indeterminate)}).`);
}

export function handedOver(): HTMLElement | null {
  const say = texts();
  const of = summary.manifest;
  if (of === null) {
    return null;
  }
  const is_same = of.missing + of.added + of.changed + of.uncompared + of.beyond === 0;
  const line = (count: number, set: string | null, text: string): HTMLElement | null => (count === 0 ? null : make("li", {}, counted(count, set === null ? null : filesAddress({ set, outside: true }), text), " ", text.toLowerCase()));
  const lines = [line(of.missing, null, say.manifestMissing), line(of.added, "added", say.sets.added), line(of.changed, "changed", say.sets.changed), line(of.uncompared, "uncompared", say.sets.uncompared), line(of.beyond, null, say.manifestBeyond), line(of.judged_otherwise, "judged-otherwise", say.sets.judgedOtherwise)].filter((one) => one !== null);
  const rest = of.missing - Math.min(of.files_missing.length, NAMED);
  return make(
    "section",
    { class: "manifest" },
    make("h2", {}, say.manifest),
    make("p", { class: of.accepted ? null : "note" }, of.accepted ? say.manifestAccepted : say.manifestNotAccepted),
    of.accepted_by === "name" ? make("p", { class: "note" }, say.manifestByName) : null,
    of.signers.length === 0 ? null : make("p", {}, say.manifestSigners, ":"),
    of.signers.length === 0 ? null : make("ul", { class: "manifest-signers" }, ...of.signers.map(signedBy)),
    is_same ? make("p", {}, of.accepted ? say.manifestSame : say.manifestSameUnproven) : null,
    lines.length === 0 ? null : make("ul", { class: "numbers" }, ...lines),
    of.missing === 0
      ? null
      : make("details", { open: of.missing <= 20 }, make("summary", {}, say.manifestMissing), make("ul", { class: "missing" }, ...of.files_missing.slice(0, NAMED).map((file) => make("li", {}, path(file)))), rest > 0 ? make("p", { class: "faint" }, say.notNamed(number(rest))) : null),
  );
}

/** Who signed the manifest, with what tells the holder of a certificate from a namesake. */
function signedBy(signer: ManifestSigner): HTMLElement {
  const say = texts();
  const { best_signature_time: proven, claimed_signing_time: claimed } = signer;
  const facts = [
    signer.numbers.length === 0 ? null : make("span", {}, say.manifestNumber, " ", name(signer.numbers.join(", "))),
    signer.serial === null ? null : make("span", {}, say.serial.toLowerCase(), " ", plain(signer.serial)),
    signer.issuer === null ? null : name(say.issuedBy(signer.issuer)),
    proven === null ? null : make("span", {}, say.provenTime.toLowerCase(), " ", moment(proven)),
    proven !== null || claimed === null ? null : make("span", {}, say.claimedTime.toLowerCase(), " ", moment(claimed)),
  ].filter((one) => one !== null);
  return make(
    "li",
    {},
    make("strong", {}, name(signer.common_name ?? "–")),
    signer.kind === null ? null : ` (${word("signers", signer.kind)})`,
    ...facts.flatMap((one) => ["; ", one]),
    "; ",
    indication(signer.indication),
  );
}

export function leftOut(): HTMLElement | null {
  const say = texts();
  const kinds = Object.entries(summary.left_out);
  if (kinds.length === 0) {
    return null;
  }
  const heads = make("tr", {}, make("th", { scope: "col" }, say.leftOutKind), make("th", { scope: "col", class: "number" }, say.total));
  const rows = kinds.map(([kind, count]) => make("tr", {}, make("th", { scope: "row" }, word("leftOutKinds", kind)), make("td", { class: "number" }, number(count))));
  return make("section", { class: "left-out-files" }, make("h2", {}, say.leftOutFiles), make("p", {}, say.leftOutNote), wide(say.leftOutFiles, make("table", {}, make("thead", {}, heads), make("tbody", {}, ...rows))));
}
