// What stands in the file: written by `crates/trien-report/src/html`, whose names these are.

/** What repeats stands once in a list of parts; here is its number, or itself. */
export type Part<T> = number | T;

export interface Category {
  id: string;
  title: string;
}

export interface Workflow {
  id: string;
  title: string;
}

export interface Signer {
  common_name: string | null;
  issuer_common_name: string | null;
  subject: string;
  issuer: string;
  serial: string;
  kind: string;
  not_before: string;
  not_after: string;
}

/** What a file is, in one word. */
export type Verdict = "valid" | "invalid" | "indeterminate" | "unsigned" | "not-needed" | "unreadable";

export interface WrittenRow {
  file: string;
  verdict: Verdict;
  category: Part<Category> | null;
  school: Part<string> | null;
  kind: string;
  signatures: number;
  signers: Part<Signer>[];
  dated: string | null;
  /** By what time it belongs to a period; one without belongs to every one. */
  regarded: string | null;
  /** The words of the inspection's numbers that count it. */
  counted: Part<string[]> | null;
  late: boolean | null;
  pages: number | null;
  workflow: Part<Workflow> | null;
  conduct: string | null;
  until: string | null;
  objection: boolean;
}

/** A row with its parts. */
export interface Row extends Omit<WrittenRow, "category" | "school" | "signers" | "workflow" | "counted"> {
  /** Its place in the file, from 0. */
  index: number;
  category: Category | null;
  school: string | null;
  signers: Signer[];
  workflow: Workflow | null;
  counted: readonly string[];
}

export interface RuleFound {
  rule: string;
  clause: string;
  outcome: string;
  level: string;
}

export type WrittenFinding = [Part<RuleFound>, Part<string>];

export interface Finding extends RuleFound {
  message: string;
}

export interface Change {
  revision: number;
  object: string | null;
  kind: string;
  field: string | null;
  page: number | null;
  old_value: string | null;
  new_value: string | null;
  verdict: string;
  words: Part<[string, string]> | null;
}

export interface Anchor {
  subject: string;
  sha256: string;
  known_as: string | null;
}

export interface Profile {
  id: string;
  title: string;
}

export interface Signature {
  field: string;
  kind: string;
  sub_filter: string | null;
  level: string | null;
  integrity: string;
  integrity_reason: string | null;
  coverage: string;
  revision: number | null;
  changes: string;
  change_list: Part<Change>[];
  changes_left_out: number;
  indication: string;
  sub_indication: string | null;
  signer: Part<Signer> | null;
  claimed_signing_time: string | null;
  best_signature_time: string | null;
  timestamps: { time: string | null; status: string; sub_indication: string | null }[];
  evidence: Part<string>[];
  reason: string | null;
  claimed_roles: string[];
  deviations: string[];
  trust_anchor: Part<Anchor> | null;
  profile: Part<Profile> | null;
  profile_in_force: Part<Profile> | null;
  findings: WrittenFinding[];
  placed: { page: number; rectangle: [number, number, number, number] } | null;
}

export interface WorkflowFound {
  title: string;
  conclusion: string;
  steps: { step: string; title: string; state: string; signed: number; needed: number }[];
  findings: WrittenFinding[];
}

export interface FullRecord {
  document: { conclusion: string; error: string | null; revisions: number; encrypted: boolean; evidence_problems: string[] };
  validation_time: string;
  archive: {
    octets: number;
    sha256: string | null;
    container: string | null;
    due: string | null;
    late: boolean | null;
    provable_until: string | null;
    weakest: string | null;
  };
  workflow: WorkflowFound | null;
  signatures: Signature[];
}

export interface Picture {
  page: number;
  proportion: number;
  image: string | null;
  /** Why it was not drawn, where time was wanting. */
  not_drawn?: string | null;
  outlines: { signature: number; kind: "mark" | "permitted" | "forbidden"; area: [number, number, number, number] }[];
}

export interface Person {
  subject: string;
  common_name: string | null;
  serial: string;
  /** Of all certificates; summaries of earlier versions have none. */
  serials: string[];
  signatures: number;
  /** Files with a signature that counts. */
  file_count: number;
  files: string[];
  used_in_period: boolean;
}

/** An organisation, and the files that it sealed. */
export interface Seal {
  organisation: string;
  subject: string;
  files: number;
  files_sealed: string[];
}

export interface School {
  school: string | null;
  /** Its name for people, in the language of the run. */
  title: string;
  staff: { listed: number | null; with_certificate: number | null; used: number; ambiguous: number; names_ambiguous: string[]; people: Person[]; untrusted: number; files_untrusted: string[] };
  categories: { id: string; title: string; files: number; signed: number; valid: number; scans: number; share: number | null; files_unsigned: string[] }[];
  procedure: {
    workflow: string;
    files: number;
    complete: number;
    incomplete: number;
    out_of_order: number;
    wrong_authority: number;
    beside: number;
    otherwise: number;
    same_signer: number;
    by_likeness: number;
    files_failing: string[];
  }[];
  procedure_open: { files: number };
  online: { due: number; signed_by_authority: number; scans: number; files_missing: string[] };
  norm: { sealed: number; seal_certificate_organisation: number; visible_seal: number; mark_rules_failed: number; files_failing: string[]; seals: Seal[]; seals_unlisted: number };
}

export interface Summary {
  judged_at: string;
  from: string | null;
  to: string | null;
  profile: string;
  anchors: number;
  counts: {
    files: number;
    valid: number;
    invalid: number;
    indeterminate: number;
    unsigned: number;
    unreadable: number;
    scans: number;
    duplicates: number;
    late: number;
    outside_period: number;
    outside_by_claim: number;
    unreachable: number;
    signatures: number;
    school_unknown: number;
  };
  /** Files by what they are. */
  verdicts: Record<Verdict, number>;
  schools: School[];
  /** Files by the month of their last signature. */
  files_by_month: { month: string; valid: number; invalid: number; indeterminate: number }[];
  duplicates: { sha256: string; files: string[] }[];
  ageing: { before: string; file: string; provable_until: string; weakest: string | null }[];
  /** Files that were not looked at, by kind. */
  left_out: Record<string, number>;
  manifest: Manifest | null;
  outside_by_claim: { valid: number; indeterminate: number; files: string[] };
}

/** Who signed a manifest; what is masked is null, or not there. */
export interface ManifestSigner {
  common_name: string | null;
  kind: string | null;
  numbers: string[];
  issuer: string | null;
  serial: string | null;
  claimed_signing_time: string | null;
  best_signature_time: string | null;
  indication: string;
}

/** How the archive differs from the manifest of its hand-over; names are those below the archive's folder. */
export interface Manifest {
  accepted: boolean;
  /** By what its signer was taken for whoever handed over. */
  accepted_by: "name" | "number" | "seal" | "serial" | null;
  signers: ManifestSigner[];
  missing: number;
  added: number;
  changed: number;
  uncompared: number;
  beyond: number;
  judged_otherwise: number;
  files_missing: string[];
  files_added: string[];
  files_changed: string[];
  files_uncompared: string[];
  files_judged_otherwise: string[];
  /** The same as their rows are named, with the folder that was walked. */
  places_added: string[];
  places_changed: string[];
  places_uncompared: string[];
  places_judged_otherwise: string[];
}

export interface About {
  title: string | null;
  version: string;
}
