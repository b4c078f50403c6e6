// The types of trien.js: see there.
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
    error: {
        code: string;
        message: string;
        message_en: string;
        detail: string | null;
    } | null;
    certificates: Certificate[];
}
/** Where a mark goes. Pages count from 0; millimetres from the upper left corner of the page as shown. */
export type MarkPlace = {
    page?: number | "last";
    left: number;
    top: number;
} | {
    page?: number | "last";
    below: string;
} | {
    field: string;
} | {
    "over-signature": string;
};
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
    warnings: {
        message: string;
        message_en: string;
        clause: string;
    }[];
    /** Why it was not signed. */
    error: Failure | null;
    /** Where its signed document is: `Job.result` fetches it. */
    result: string | null;
}
/** How far a job is. */
export type JobState = "collecting" | "examining" | "awaiting-consent" | "signing" | "finished" | "stopped" | "cancelled";
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
/** A call that failed: what triend said, or what keeps the page from it. */
export declare class TrienError extends Error {
    readonly code: string;
    /** The sentence in English; `message` is the one in Vietnamese. */
    readonly messageEnglish: string;
    readonly retriable: boolean;
    /** The document it is about, from 0 in the order in which they were given; absent for all others. */
    readonly document: number | null;
    constructor(failure: Failure, document?: number | null);
}
/** The ports that triend listens on: the first that is free. */
export declare const PORTS: readonly [14741, 14742, 14743, 14744];
/** The browser's permission to call programs on this device. */
export type Permission = "granted" | "prompt" | "denied" | "not-needed";
/** Whether the browser lets this page call programs on this device; asks the person nothing. */
export declare function permission(): Promise<Permission>;
/** What is told while a job runs. */
export interface Progress {
    /** The job as a whole. */
    job?: (job: JobHead) => void;
    /** One of its documents. */
    document?: (document: JobDocument) => void;
}
/** A job of this page. */
export declare class Job {
    private readonly base;
    /** Names it; kept by a page, it finds the job again after a reload: `Triend.job`. */
    readonly id: string;
    private constructor();
    /** The job as it is now. */
    view(): Promise<JobView>;
    /** Sends one of the documents, from 1. The last one makes triend ask the person. */
    send(number: number, content: Content): Promise<void>;
    /** Tells of progress until the job is over, and gives it as it then is. */
    over(progress?: Progress, signal?: AbortSignal): Promise<JobView>;
    /** A signed document. */
    result(number: number): Promise<Blob>;
    /** Asks once more, for the documents that were not signed. */
    retry(): Promise<void>;
    /** Says that every result has been fetched: triend removes the job and its documents. */
    collected(): Promise<void>;
    /** Cancels what is under way and removes the job. */
    cancel(): Promise<void>;
}
/** How to connect. */
export interface ConnectOptions {
    /** The ports to look at; triend's own unless told otherwise. */
    ports?: readonly number[];
    /** Called when triend's window opens and waits for the person. */
    waiting?: () => void;
    /** Ends the wait. */
    signal?: AbortSignal;
}
/** triend on this machine, which has let this page in. */
export declare class Triend {
    /** Its address. */
    readonly base: string;
    readonly version: string;
    private constructor();
    /** Whether triend is there and has let this page in, without asking anybody anything. */
    static status(ports?: readonly number[]): Promise<Status>;
    /** Whether this browser keeps the key of a pairing; without it `connect` fetches one. */
    static keepsKey(): boolean;
    /**
     * Finds triend, and asks it to let this page in where it has not yet: the person answers in
     * triend's own window. Where the page's origin is paired already, by an administrator or in another
     * browser, nobody is asked. `name` is what the page calls itself there.
     */
    static connect(name: string, options?: ConnectOptions): Promise<Triend>;
    /** The tokens that are plugged in, with their signing certificates. Needs no PIN. */
    tokens(): Promise<Token[]>;
    /**
     * Sends documents to be signed, all with one PIN. triend opens its window when the last one is
     * there; `Job.over` tells what comes of it. `sent` is called after each document.
     */
    sign(documents: readonly DocumentToSign[], signature: Signature, options?: {
        certificate?: string;
        sent?: (count: number) => void;
    }): Promise<Job>;
    /** A job of before, by the name that `Job.id` gave. */
    job(id: string): Job;
    private send;
}
/** The sentence for a failure of any kind, in Vietnamese. */
export declare function sentence(error: unknown): string;
