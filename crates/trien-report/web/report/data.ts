// The blocks of data in the file. Rows are read at once, everything else when it is looked at.

import type { About, Finding, FullRecord, Part, Picture, Row, Summary, WrittenFinding, WrittenRow } from "./model.js";

/** Records in a block, as the writer has it. */
const BLOCK = 100;

function block<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent;
  return text === null || text === undefined ? null : (JSON.parse(text) as T);
}

const parts: unknown[] = [];

/** A part by its number, or itself. */
export function part<T>(value: Part<T>): T {
  return typeof value === "number" ? (parts[value] as T) : value;
}

export function optional<T>(value: Part<T> | null): T | null {
  return value === null ? null : part(value);
}

function readRows(): Row[] {
  const rows: Row[] = [];
  for (let number = 0; ; number += 1) {
    const read = block<{ parts: unknown[]; rows: WrittenRow[] }>(`rows-${number}`);
    if (read === null) {
      return rows;
    }
    for (const one of read.parts) {
      parts.push(one);
    }
    for (const row of read.rows) {
      rows.push({
        ...row,
        index: rows.length,
        category: optional(row.category),
        school: optional(row.school),
        signers: row.signers.map((signer) => part(signer)),
        workflow: optional(row.workflow),
        counted: optional(row.counted) ?? [],
      });
    }
  }
}

export const about = block<About>("about") ?? { title: null, version: "" };
export const rows: readonly Row[] = readRows();
export const summary = block<Summary>("summary") as Summary;

const byName = new Map(rows.map((row) => [row.file, row]));

export function named(file: string): Row | undefined {
  return byName.get(file);
}

let held: { number: number; records: FullRecord[] } | null = null;

/** Everything of a row's record. */
export function record(index: number): FullRecord | undefined {
  const number = Math.floor(index / BLOCK);
  if (held?.number !== number) {
    held = { number, records: block<FullRecord[]>(`records-${number}`) ?? [] };
  }
  return held.records[index % BLOCK];
}

export function pictures(index: number): Picture[] {
  return block<Picture[]>(`pictures-${index}`) ?? [];
}

/** Pages without a picture for want of time; reports of earlier versions do not say. */
export const notDrawn = block<number>("not-drawn") ?? 0;

export function findings(written: WrittenFinding[]): Finding[] {
  return written.map(([rule, message]) => ({ ...part(rule), message: part(message) }));
}
