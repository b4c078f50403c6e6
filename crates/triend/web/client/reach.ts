// Reaching the daemon: its ports, the browser's permission, and that it is the one that was paired.

import { own, TrienError } from "./failure.js";
import type { Failure, Status } from "./model.js";

/** The ports that triend listens on: the first that is free. */
export const PORTS = [14741, 14742, 14743, 14744] as const;

/** The oldest daemon that answers what this client asks. */
const OLDEST = [0, 1, 0] as const;

/** How long a port may take to say that it is triend, in milliseconds. */
const ANSWER_WITHIN = 3_000;
/** How long the browser's own question may stay open, in milliseconds. */
const PERMISSION_WITHIN = 120_000;

/** How long the browser may take to say that the page's own policy was in the way, in milliseconds. */
const POLICY_SAID_WITHIN = 100;

const STATUS = "/v1/status";

const PROOF_CONTEXT = "triend.proof/1\0";

/** Addresses of loopback are named, so that Chrome asks for its permission where a page is public. */
type LoopbackRequest = RequestInit & { targetAddressSpace?: "loopback" };

/** The browser's permission to call programs on this device. */
export type Permission = "granted" | "prompt" | "denied" | "not-needed";

/** Whether the browser lets this page call programs on this device; asks the person nothing. */
export async function permission(): Promise<Permission> {
  // A page that came from this device needs none to call it.
  if (["localhost", "127.0.0.1", "[::1]"].includes(globalThis.location.hostname)) {
    return "not-needed";
  }
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      return state;
    } catch {
      // This browser has no such permission.
    }
  }
  return "not-needed";
}

/** Origins that the page's own content security policy kept it from. */
const forbidden = new Set<string>();
globalThis.document?.addEventListener("securitypolicyviolation", (violation) => {
  if (violation.disposition === "enforce" && violation.effectiveDirective === "connect-src") {
    forbidden.add(originOf(violation.blockedURI));
  }
});

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}

/**
 * Calls triend and gives its reply where it says yes.
 * @internal
 */
export async function call(base: string, path: string, options: RequestInit = {}): Promise<Response> {
  const request: LoopbackRequest = {
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    ...options,
    targetAddressSpace: "loopback",
  };
  let response: Response;
  try {
    response = await fetch(`${base}${path}`, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw await whyUnreachable(base, path);
  }
  if (response.ok) {
    return response;
  }
  throw await refusal(response);
}

/** @internal */
export async function json<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw cutOff(error) ?? own("answer-unreadable");
  }
}

/** @internal */
export async function blob(response: Response): Promise<Blob> {
  try {
    return await response.blob();
  } catch (error) {
    throw cutOff(error) ?? error;
  }
}

/** A body whose connection ends before it does fails with a `TypeError`; one that cannot be read, with others. */
function cutOff(error: unknown): TrienError | null {
  return error instanceof TypeError ? own("connection-lost") : null;
}

async function refusal(response: Response): Promise<TrienError> {
  const body = (await response.json().catch(() => null)) as { error?: Failure } | null;
  return body?.error === undefined ? own("answer-unreadable") : new TrienError(body.error);
}

/** What keeps the page from triend, as far as a page can know. */
async function whyUnreachable(base: string, path: string): Promise<TrienError> {
  if (!globalThis.isSecureContext) {
    return own("page-insecure");
  }
  if ((await permission()) === "denied") {
    return own("permission-denied");
  }
  await new Promise((resolve) => setTimeout(resolve, POLICY_SAID_WITHIN));
  if (forbidden.has(base)) {
    return own("blocked-by-page");
  }
  // Its no to a page that is not let in cannot be read by that page; what /v1/status says can.
  const paired = path.startsWith(STATUS) ? null : await isPaired(base);
  return own(paired === null ? "not-reachable" : paired ? "connection-lost" : "origin-foreign");
}

/** Whether the daemon that is there has let this page in; nothing where none is there. */
async function isPaired(base: string): Promise<boolean | null> {
  try {
    return (await statusOf(base, "")).paired;
  } catch {
    return null;
  }
}

/**
 * What triend gave this browser to know it by.
 * @internal
 */
export interface ProofKey {
  name: string;
  key: string;
}

/** @internal */
export interface Found {
  base: string;
  status: Status;
}

/**
 * The daemon that let this page in, or where none has, the first that answers.
 * @internal
 */
export async function find(ports: readonly number[], key: ProofKey | null): Promise<Found> {
  let stranger: Found | null = null;
  let failure: TrienError | null = null;
  for (const port of ports) {
    const base = `http://127.0.0.1:${port}`;
    const nonce = randomWord();
    let status: Status;
    try {
      status = await statusOf(base, key === null ? "" : `?nonce=${nonce}&key=${encodeURIComponent(key.name)}`);
    } catch (error) {
      if (!(error instanceof TrienError)) {
        throw error;
      }
      if (error.code === "permission-denied" || error.code === "page-insecure") {
        throw error;
      }
      // What stands in the way tells more than that nobody is there.
      failure = failure === null || failure.code === "not-reachable" ? error : failure;
      continue;
    }
    if (key === null) {
      return newEnough({ base, status });
    }
    if (status.paired && status.proof === (await proof(key.key, port, nonce))) {
      return newEnough({ base, status });
    }
    // A page that was let in goes on with the daemon that did it. One that says it never did may be
    // the same, with the pairing revoked; one that claims it and cannot prove it is another program.
    if (status.paired) {
      failure = own("not-triend");
    } else {
      stranger ??= { base, status };
    }
  }
  if (failure?.code !== "not-triend" && stranger !== null) {
    return newEnough(stranger);
  }
  throw failure ?? own("not-reachable");
}

/** What a port says of itself, where triend is there. */
async function statusOf(base: string, query: string): Promise<Status> {
  const within = (await permission()) === "prompt" ? PERMISSION_WITHIN : ANSWER_WITHIN;
  let status: Partial<Status>;
  try {
    const signal = AbortSignal.timeout(within);
    status = await json<Partial<Status>>(await call(base, `${STATUS}${query}`, { signal }));
  } catch (error) {
    // Another program has this port: triend may have the next.
    throw error instanceof TrienError && error.code === "answer-unreadable" ? own("not-reachable") : error;
  }
  if (status?.name !== "triend" || typeof status.version !== "string") {
    throw own("not-reachable");
  }
  return status as Status;
}

function newEnough(found: Found): Found {
  const version = found.status.version.split(/[.+-]/).map(Number);
  for (const [at, least] of OLDEST.entries()) {
    const has = version[at] ?? 0;
    if (has !== least) {
      if (has > least) {
        return found;
      }
      throw own("version-too-old");
    }
  }
  return found;
}

/** HMAC-SHA-256 over the port and the nonce, under the key that triend gave when it paired. */
async function proof(key: string, port: number, nonce: string): Promise<string> {
  const secret = await crypto.subtle.importKey("raw", fromBase64Url(key), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const message = new TextEncoder().encode(`${PROOF_CONTEXT}${port}\0${nonce}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", secret, message)));
}

function randomWord(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function toBase64Url(octets: Uint8Array): string {
  return btoa(String.fromCharCode(...octets))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
