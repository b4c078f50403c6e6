// What triend is sent and what it answers: the JSON of /v1, with types.

/** A failure, as triend says it and as this client says what keeps it from triend. */
export interface Failure {
  /** Never changes: to be compared. */
  code: string;
  /** What happened and what to do, in Vietnamese. */
  message: string;
  /** The same in English. */
  message_en: string;
  /** Whether the same call can succeed later without a change. */
  retriable: boolean;
}

/** What triend says of itself. */
export interface Status {
  name: "triend";
  version: string;
  /** Whether it has let this page in. */
  paired: boolean;
  pair_with: string;
  /** That it is the daemon that let this page in. */
  proof?: string;
}

/** A signing certificate on a token. Times are RFC 3339. */
export interface Certificate {
  id: string;
  subject: string;
  issuer: string;
  serial: string;
  valid_from: string;
  valid_until: string;
  kind: "personal" | "organisation" | "unknown";
  usable: boolean;
  why_not: string | null;
}

/** A token that is plugged in. */
export interface Token {
  label: string;
  pin_state: "unknown" | "count-low" | "final-try" | "locked";
  /** Whether its PIN is typed on the token itself. */
  pad: boolean;
  /** Why it could not be read; `detail` is for technicians and has the names of PKCS#11. */
  error: { code: string; message: string; message_en: string; detail: string | null } | null;
  certificates: Certificate[];
}

/** Where a mark goes. Pages count from 0; millimetres from the upper left corner of the page as shown. */
export type MarkPlace =
  | { page?: number | "last"; left: number; top: number }
  | { page?: number | "last"; below: string }
  | { field: string }
  | { "over-signature": string };

/** What is seen of a signature. */
export interface Mark {
  kind: "text" | "image" | "seal" | "information";
  /** PNG in Base64, for `image` and `seal`. */
  image?: string;
  /** For `text`. */
  lines?: string[];
  place?: MarkPlace;
  /** Width of a picture or diameter of a seal, in millimetres. */
  size?: number;
  /** Whether the person who signs may move it. */
  movable?: boolean;
}

/** How the documents are to be signed. */
export interface Signature {
  level: "b-b" | "b-t" | "b-lt" | "b-lta";
  /** A person's signature, the seal of a body, or the seal that a copy is certified with. */
  act?: "personal" | "seal" | "copy";
  /** An empty field's name; without it a field is made. */
  field?: string;
  role?: string;
  reason?: string;
  commitment?: string;
  workflow?: string;
  step?: string;
  mark?: Mark;
}

/** A document to be signed. */
export interface DocumentToSign {
  /** What people call it. */
  name: string;
  content: Content | (() => Promise<Content>);
}

/** The octets of a PDF. A function gives them when they are due, so that not all are in memory at once. */
export type Content = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** How far a document is. */
export type DocumentState = "awaited" | "received" | "refused" | "signing" | "signed" | "failed" | "cancelled";

/** A document of a job. */
export interface JobDocument {
  /** From 1, in the order in which they were given. */
  number: number;
  name: string;
  octets: number | null;
  pages: number | null;
  state: DocumentState;
  warnings: { message: string; message_en: string; clause: string }[];
  /** Why it was not signed. */
  error: Failure | null;
  /** Where its signed document is: `Job.result` fetches it. */
  result: string | null;
}

/** How far a job is. */
export type JobState =
  | "collecting"
  | "examining"
  | "awaiting-consent"
  | "signing"
  | "finished"
  | "stopped"
  | "cancelled";

/** A job without its documents. */
export interface JobHead {
  job: string;
  state: JobState;
  /** Why it stopped before its end. */
  stopped: Failure | null;
  /** Which certificate signs, once that is known. */
  certificate: string | null;
  total: number;
  signed: number;
  failed: number;
  /** Until when triend keeps the results. */
  expires: string;
}

/** A job with its documents. */
export interface JobView extends JobHead {
  documents: JobDocument[];
}
