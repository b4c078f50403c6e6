// Which files the filters leave, in which order. Shows nothing.

import { named, rows, summary } from "./data.js";
import type { Row, Signer } from "./model.js";
import type { Filters } from "./route.js";
import { texts } from "./texts.js";

/** Files with no category are filtered by this. */
export const NO_CATEGORY = "-";

/** A signer by certificate subject and serial number. */
export function signerKey(signer: { subject: string; serial: string }): string {
  return `${signer.serial} ${signer.subject}`;
}

/** A text without case and diacritics, to be found by either spelling. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll("đ", "d");
}

const found: (string | undefined)[] = [];

function haystack(row: Row): string {
  found[row.index] ??= folded([row.file, ...row.signers.map((signer) => signer.common_name ?? signer.subject)].join("\n"));
  return found[row.index] ?? "";
}

export function monthOf(row: Row): string {
  return row.dated?.slice(0, 7) ?? "";
}

interface NamedSet {
  title: string;
  files: string[];
}

/** A list of files behind a number of the summary: `unsigned/0/2`, `norm/0`, `duplicates`. */
export function namedSet(key: string): NamedSet | null {
  const [kind, first, second] = key.split("/");
  const school = summary.schools[Number(first)];
  const { sets } = texts();
  if (kind === "duplicates") {
    return { title: sets.duplicates, files: summary.duplicates.flatMap(({ files }) => files) };
  }
  if (kind === "ageing") {
    return { title: sets.ageing, files: summary.ageing.map(({ file }) => file) };
  }
  if (school === undefined) {
    return null;
  }
  if (kind === "unsigned") {
    const category = school.categories[Number(second)];
    return category === undefined ? null : { title: sets.unsigned(category.title), files: category.files_unsigned };
  }
  if (kind === "procedure") {
    const procedure = school.procedure[Number(second)];
    return procedure === undefined ? null : { title: sets.procedure(procedure.workflow), files: procedure.files_failing };
  }
  if (kind === "online") {
    return { title: sets.online, files: school.online.files_missing };
  }
  return kind === "norm" ? { title: sets.norm, files: school.norm.files_failing } : null;
}

function fits(filters: Filters): (row: Row) => boolean {
  const words = folded(filters.text).split(/\s+/u).filter((one) => one !== "");
  const set = filters.set === "" ? null : new Set((namedSet(filters.set)?.files ?? []).map((file) => named(file)));
  return (row) =>
    (filters.verdict === "" || row.verdict === filters.verdict) &&
    (filters.category === "" || (row.category?.id ?? NO_CATEGORY) === filters.category) &&
    (filters.school === "" || row.school === filters.school) &&
    (filters.kind === "" || row.kind === filters.kind) &&
    (filters.month === "" || monthOf(row) === filters.month) &&
    (!filters.objections || row.objection) &&
    (!filters.late || row.late === true) &&
    (filters.signer === "" || row.signers.some((signer) => signerKey(signer) === filters.signer)) &&
    (set === null || set.has(row)) &&
    words.every((one) => haystack(row).includes(one));
}

/** Worst first: what an inspector looks at. */
const VERDICTS = ["invalid", "unreadable", "indeterminate", "unsigned", "valid"];

const collator = new Intl.Collator("vi", { numeric: true });

type Key = (row: Row) => string | number;

export function nameOf(signer: Signer): string {
  return signer.common_name ?? signer.subject;
}

export const SORTS: Record<string, Key> = {
  file: (row) => row.file,
  verdict: (row) => VERDICTS.indexOf(row.verdict),
  category: (row) => row.category?.title ?? "",
  school: (row) => row.school ?? "",
  signatures: (row) => row.signatures,
  signer: (row) => (row.signers[0] === undefined ? "" : nameOf(row.signers[0])),
  dated: (row) => row.dated ?? "",
};

/** The order of all files by a column, found once: ranks, so that lists are sorted by numbers. */
const ranks = new Map<string, Int32Array>();

function ranksBy(column: string, key: Key): Int32Array {
  const known = ranks.get(column);
  if (known !== undefined) {
    return known;
  }
  const keys = rows.map(key);
  const order = rows.map((row) => row.index);
  order.sort((one, other) => {
    const [a, b] = [keys[one] ?? "", keys[other] ?? ""];
    return typeof a === "number" && typeof b === "number" ? a - b : column === "dated" ? (a < b ? -1 : a > b ? 1 : 0) : collator.compare(String(a), String(b));
  });
  const made = new Int32Array(rows.length);
  let rank = 0;
  order.forEach((index, place) => {
    const before = order[place - 1];
    if (before !== undefined && keys[before] !== keys[index]) {
      rank = place;
    }
    made[index] = rank;
  });
  ranks.set(column, made);
  return made;
}

/** The files that the filters leave. `sort` is a column, with `-` before it for the other way round. */
export function chosen(filters: Filters): Row[] {
  const list = rows.filter(fits(filters));
  const column = filters.sort.replace(/^-/u, "");
  const key = Object.hasOwn(SORTS, column) ? SORTS[column] : undefined;
  if (key === undefined) {
    return list;
  }
  const by = ranksBy(column, key);
  const way = filters.sort.startsWith("-") ? -1 : 1;
  return list.sort((one, other) => way * ((by[one.index] ?? 0) - (by[other.index] ?? 0)) || one.index - other.index);
}
