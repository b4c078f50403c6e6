// What the daemon says (docs/adr/0017): the form of `GET /consent/ask`.

export interface Caller {
  origin: string | null;
  name: string;
}

export interface Failure {
  code: string;
  message: string;
  message_en: string;
  retriable: boolean;
}

export interface Warning {
  message: string;
  message_en: string;
  clause: string | null;
}

/** Lengths in PDF points of the page as it is shown; `left` and `bottom` from its lower left corner. */
export interface Mark {
  page: number;
  left: number;
  bottom: number;
  width: number;
  height: number;
  movable: boolean;
}

export type DocumentState = "received" | "refused" | "signing" | "signed" | "failed" | "cancelled";

export interface SignedDocument {
  number: number;
  name: string;
  octets: number;
  /** Unknown of a document that was signed before the daemon was started again. */
  pages: number | null;
  state: DocumentState;
  mark: Mark | null;
  warnings: Warning[];
  error: Failure | null;
}

export type JobState = "awaiting-consent" | "signing" | "finished" | "stopped" | "cancelled";

/** What will be seen on the pages. */
export type Looks = { kind: "text"; lines: string[] } | { kind: "picture" } | { kind: "information" };

export interface Signing {
  job: string;
  state: JobState;
  stopped: Failure | null;
  /** The one that is to sign, where the caller chose it. */
  certificate?: string | null;
  /** The one that was to sign the last time: it is proposed. */
  certificate_before?: string | null;
  level: "b-b" | "b-t" | "b-lt" | "b-lta";
  act: "personal" | "seal" | "copy" | "unstated";
  reason: string | null;
  role: string | null;
  /** What the signer commits to (EN 319 122-1, 5.2.3). */
  commitment?: string | null;
  looks?: Looks | null;
  total: number;
  signed: number;
  failed: number;
  documents: SignedDocument[];
}

/** Of a certificate that cannot be read, `id`, `usable` and `why_not` alone are there. */
export interface Certificate {
  id: string;
  usable: boolean;
  why_not: "unreadable" | "not-yet-valid" | "expired" | null;
  subject?: string;
  name?: string | null;
  organisation?: string | null;
  issuer?: string;
  issuer_name?: string | null;
  serial?: string;
  valid_from?: string;
  valid_until?: string;
  kind?: "personal" | "organisation" | "unknown";
}

export interface Reason {
  message: string;
  message_en: string;
}

export interface Token {
  label: string;
  pin_state: "unknown" | "count-low" | "final-try" | "locked";
  pad: boolean;
  error: Reason | null;
  certificates: Certificate[];
}

export interface Pairing {
  origin: string | null;
  name: string;
}

export interface Digests {
  credential: string;
  description: string;
  count: number;
  digests: string[];
  names: string[];
}

export interface Anchor {
  change: "add" | "remove";
  fingerprint: string;
  subject?: string;
  issuer?: string;
  valid_from?: string;
  valid_until?: string;
}

/** What came of an answer, where that takes time or fails. */
export interface Outcome {
  state: "underway" | "done" | "stopped";
  stopped: Failure | null;
  /** Why a call of its caller was refused, which has ended nothing. */
  refused?: Failure | null;
}

export interface Rights {
  rights: ("records-read" | "records-write")[];
}

export interface Destruction {
  record: {
    id: number;
    direction: "incoming" | "outgoing";
    sha256: string;
    number: string | null;
    symbol: string | null;
    kept: string;
  };
  items: number;
  decision: string;
}

export interface AskBase {
  outcome?: Outcome | null;
  answered: boolean;
  caller: Caller | null;
  seconds_left: number | null;
  tokens?: Token[] | null;
}

export type Ask = AskBase &
  (
    | { kind: "pairing"; pairing: Pairing }
    | { kind: "signing"; signing: Signing }
    | { kind: "digests"; digests: Digests }
    | { kind: "anchor"; anchor: Anchor }
    | { kind: "rights"; rights: Rights }
    | { kind: "destruction"; destruction: Destruction }
  );

export interface MovedMark {
  document: number;
  page: number;
  left: number;
  bottom: number;
}

/** What goes to `POST /consent/answer`. */
export interface Answer {
  answer: "approved" | "refused";
  certificate?: string;
  pin?: string;
  final_try?: boolean;
  moved?: MovedMark[];
  fingerprint?: string;
}
