// Who signed: people with all their certificates, as the summary counts them, and everybody else by
// certificate. Shows nothing.

import { named, rows, summary } from "./data.js";
import type { Person, Row, Signer } from "./model.js";

/** Somebody whose files can be asked for. */
export interface Known {
  /** What filters name: a person's place in the summary, or a certificate. */
  id: string;
  name: string;
  /** All files with a signature of theirs, of the period or not, sound or broken. */
  files: ReadonlySet<Row>;
}

export function nameOf(signer: Signer): string {
  return signer.common_name ?? signer.subject;
}

export function personName(person: Person): string {
  return person.common_name ?? person.subject;
}

/** What filters call a person of the summary. */
export function personId(school: number, person: number): string {
  return `person/${school}/${person}`;
}

function certificate(signer: Signer): string {
  return JSON.stringify([signer.serial, signer.issuer, signer.subject]);
}

interface Issued {
  signer: Signer;
  files: Row[];
}

/** A person's certificates. Serial numbers are those of one issuer, and another one may use them again: the files that the summary lists tell which are meant, as far as it lists them. */
function certificatesOf(person: Person, school: string | null, issued: ReadonlyMap<string, Issued>): Set<string> {
  const wanted = new Set(person.serials.length === 0 ? [person.serial] : person.serials);
  const [own, met] = [new Set<string>(), new Set<string>()];
  const take = (signer: Signer): void => {
    if (signer.kind !== "organisation" && wanted.has(signer.serial)) {
      own.add(certificate(signer));
      met.add(signer.serial);
    }
  };
  for (const file of person.files) {
    const row = named(file);
    if (row?.school === school) {
      row.signers.forEach(take);
    }
  }
  if (met.size < wanted.size) {
    // Of the files that are not listed any more.
    for (const serial of met) {
      wanted.delete(serial);
    }
    for (const { signer, files } of issued.values()) {
      if (files.some((row) => row.school === school)) {
        take(signer);
      }
    }
  }
  return own;
}

function read(): Known[] {
  const issued = new Map<string, Issued>();
  for (const row of rows) {
    for (const signer of row.signers) {
      const key = certificate(signer);
      const known = issued.get(key);
      if (known === undefined) {
        issued.set(key, { signer, files: [row] });
      } else if (known.files.at(-1) !== row) {
        known.files.push(row);
      }
    }
  }
  const [found, taken]: [Known[], Set<string>] = [[], new Set()];
  summary.schools.forEach(({ school, staff }, place) => {
    staff.people.forEach((person, at) => {
      const files = new Set<Row>();
      for (const key of person.serial === "" ? [] : certificatesOf(person, school, issued)) {
        taken.add(key);
        for (const row of issued.get(key)?.files ?? []) {
          if (row.school === school) {
            files.add(row);
          }
        }
      }
      found.push({ id: personId(place, at), name: personName(person), files });
    });
  });
  for (const [key, { signer, files }] of issued) {
    if (!taken.has(key)) {
      found.push({ id: `certificate/${key}`, name: nameOf(signer), files: new Set(files) });
    }
  }
  return found;
}

let everybody: ReadonlyMap<string, Known> | null = null;

/** Everybody who signed, found once. */
export function signers(): ReadonlyMap<string, Known> {
  everybody ??= new Map(read().map((one) => [one.id, one]));
  return everybody;
}

/** The files of whom a filter names. */
export function filesOf(id: string): ReadonlySet<Row> {
  return signers().get(id)?.files ?? new Set();
}
