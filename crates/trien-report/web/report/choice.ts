// Which files the filters leave, in which order. Shows nothing.

import { named, rows, summary } from "./data.js";
import { plain } from "./dom.js";
import type { Row } from "./model.js";
import type { Filters } from "./route.js";
import { filesOf, nameOf } from "./signers.js";
import { current, texts } from "./texts.js";

/** Files with no category are filtered by this. */
export const NO_CATEGORY = "-";

/** Files of which nobody said whose they are. */
export const NO_SCHOOL = "-";

/** A text without case and diacritics, to be found by either spelling. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll("đ", "d");
}

const found: (string | undefined)[] = [];

function haystack(row: Row): string {
  found[row.index] ??= folded([row.file, ...row.signers.map((signer) => signer.common_name ?? signer.subject)].join("\n"));
  return found[row.index] ?? "";
}

/** Whether it is a file: a path that cannot be looked into is of no category and of no school. */
export function isFile(row: Row): boolean {
  return row.kind !== "unreachable";
}

export function monthOf(row: Row): string {
  return row.dated?.slice(0, 7) ?? "";
}

/** Whether a file belongs to the period that was asked about: what the summary's numbers count. */
export function ofPeriod(row: Row): boolean {
  if (row.regarded === null || (summary.from === null && summary.to === null)) {
    return true;
  }
  const at = Date.parse(row.regarded);
  return (summary.from === null || at >= Date.parse(summary.from)) && (summary.to === null || at <= Date.parse(summary.to));
}

let inside: ReadonlySet<Row> | null = null;

/** The files of the period, found once. */
export function period(): ReadonlySet<Row> {
  inside ??= new Set(rows.filter(ofPeriod));
  return inside;
}

export interface NamedSet {
  title: string;
  files: ReadonlySet<Row>;
}

function rowsNamed(files: readonly string[]): Set<Row> {
  const found = new Set<Row>();
  for (const file of files) {
    const row = named(file);
    if (row !== undefined) {
      found.add(row);
    }
  }
  return found;
}

/** What a set of the files of a school is called. */
export function untrustedSet(school: number): string {
  return `untrusted/${school}`;
}

/** What the files that an organisation of a school's list sealed are called. */
export function sealedSet(school: number, seal: number): string {
  return `sealed-by/${school}/${seal}`;
}

/** A list of files that the summary names. */
function findSet(key: string): NamedSet | null {
  const { sets } = texts();
  const [kind = "", place = "", item = ""] = key.split("/", 3);
  const manifest = summary.manifest;
  switch (kind) {
    case "duplicates":
      return { title: sets.duplicates, files: rowsNamed(summary.duplicates.flatMap(({ files }) => files)) };
    case "ageing":
      return { title: sets.ageing, files: rowsNamed(summary.ageing.map(({ file }) => file)) };
    case "outside-by-claim":
      return { title: sets.outsideByClaim, files: rowsNamed(summary.outside_by_claim.files) };
    case "untrusted":
      return { title: sets.untrusted, files: rowsNamed(summary.schools[Number(place)]?.staff.files_untrusted ?? []) };
    case "sealed-by": {
      const seal = summary.schools[Number(place)]?.norm.seals[Number(item)];
      return seal === undefined ? null : { title: `${sets.sealedBy}: ${plain(seal.organisation)}`, files: rowsNamed(seal.files_sealed) };
    }
    case "added":
      return manifest === null ? null : { title: sets.added, files: rowsNamed(manifest.places_added) };
    case "changed":
      return manifest === null ? null : { title: sets.changed, files: rowsNamed(manifest.places_changed) };
    case "uncompared":
      return manifest === null ? null : { title: sets.uncompared, files: rowsNamed(manifest.places_uncompared) };
    case "judged-otherwise":
      return manifest === null ? null : { title: sets.judgedOtherwise, files: rowsNamed(manifest.places_judged_otherwise) };
    default:
      return null;
  }
}

/** The set that was asked for last, found once in its language. */
let asked: { key: string; language: string; set: NamedSet | null } | null = null;

/** A list of files that the summary names. */
export function namedSet(key: string): NamedSet | null {
  const language = current();
  if (asked?.key !== key || asked.language !== language) {
    asked = { key, language, set: findSet(key) };
  }
  return asked.set;
}

/** The sets that hold files, for a filter. */
export function namedSets(asked = ""): { value: string; text: string }[] {
  const keys = ["duplicates", "ageing", "outside-by-claim", ...summary.schools.map((_, place) => untrustedSet(place)), "added", "changed", "uncompared", "judged-otherwise"];
  // There is one for every school and organisation: the one that is shown is enough.
  if (asked.startsWith("sealed-by/")) {
    keys.push(asked);
  }
  return keys.flatMap((value) => {
    const set = findSet(value);
    const school = value.startsWith("untrusted/") && summary.schools.length > 1 ? summary.schools[Number(value.slice(10))] : undefined;
    return set === null || set.files.size === 0 ? [] : [{ value, text: school === undefined ? set.title : `${set.title}: ${plain(school.school ?? texts().schoolUnknown)}` }];
  });
}

function fits(filters: Filters): (row: Row) => boolean {
  const words = folded(filters.text).split(/\s+/u).filter((one) => one !== "");
  const set = filters.set === "" ? null : (namedSet(filters.set)?.files ?? new Set<Row>());
  const signed = filters.signer === "" ? null : filesOf(filters.signer);
  const all = filters.outside ? null : period();
  return (row) =>
    (all === null || all.has(row)) &&
    (filters.verdict === "" || row.verdict === filters.verdict) &&
    (filters.category === "" || (isFile(row) && (row.category?.id ?? NO_CATEGORY) === filters.category)) &&
    (filters.school === "" || (isFile(row) && (row.school ?? NO_SCHOOL) === filters.school)) &&
    (filters.kind === "" || row.kind === filters.kind) &&
    (filters.month === "" || monthOf(row) === filters.month) &&
    (filters.counted === "" || row.counted.includes(filters.counted)) &&
    (filters.workflow === "" || row.workflow?.id === filters.workflow) &&
    (!filters.objections || row.objection) &&
    (!filters.late || row.late === true) &&
    (signed === null || signed.has(row)) &&
    (set === null || set.has(row)) &&
    words.every((one) => haystack(row).includes(one));
}

/** Worst first: what an inspector looks at. */
const VERDICTS = ["invalid", "unreadable", "indeterminate", "unsigned", "not-needed", "valid"];

const collator = new Intl.Collator("vi", { numeric: true });

type Key = (row: Row) => string | number;

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
