// The client of triend for pages in a browser.
//
//   import { Triend } from "./trien.js";
//
//   button.addEventListener("click", async () => {
//     const triend = await Triend.connect("Sổ học bạ trường A");
//     const job = await triend.sign([{ name: "Học bạ 1.pdf", content: file }], { level: "b-b" });
//     const view = await job.over({ document: (document) => show(document) });
//   });
//
// `connect` belongs behind a click: browsers ask the person whether the page may call programs on
// the device, and ask only while a click is being answered.

import { own, TrienError } from "./failure.js";
import { Job } from "./job.js";
import type { DocumentToSign, JobView, Signature, Status, Token } from "./model.js";
import { call, find, json, PORTS, type ProofKey } from "./reach.js";

export { TrienError } from "./failure.js";
export { Job } from "./job.js";
export type { Progress } from "./job.js";
export type * from "./model.js";
export { permission, PORTS } from "./reach.js";
export type { Permission } from "./reach.js";

/** Where the key of a pairing is kept, with its name: with this page's origin, in this browser. */
const KEY = "triend-proof-key";
/** How often the answer of the pairing window is asked for, in milliseconds. */
const PAIRING_PAUSE = 700;
/** Documents that are sent at the same time. */
const SENT_AT_ONCE = 4;

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
export class Triend {
  private constructor(
    /** Its address. */
    readonly base: string,
    readonly version: string,
  ) {}

  /** Whether triend is there and has let this page in, without asking anybody anything. */
  static async status(ports: readonly number[] = PORTS): Promise<Status> {
    return (await find(ports, kept.key())).status;
  }

  /** Whether this browser keeps the key of a pairing; without it `connect` fetches one. */
  static keepsKey(): boolean {
    return kept.key() !== null;
  }

  /**
   * Finds triend, and asks it to let this page in where it has not yet: the person answers in
   * triend's own window. Where the page's origin is paired already, by an administrator or in another
   * browser, nobody is asked. `name` is what the page calls itself there.
   */
  static async connect(name: string, options: ConnectOptions = {}): Promise<Triend> {
    const ports = options.ports ?? PORTS;
    const { base, status } = await find(ports, kept.key());
    if (!status.paired || kept.key() === null) {
      await pair(base, name, options);
    }
    return new Triend(base, status.version);
  }

  /** The tokens that are plugged in, with their signing certificates. Needs no PIN. */
  async tokens(): Promise<Token[]> {
    const answer = await json<{ tokens: Token[] }>(await call(this.base, "/v1/certificates"));
    return answer.tokens;
  }

  /**
   * Sends documents to be signed, all with one PIN. triend opens its window when the last one is
   * there; `Job.over` tells what comes of it. `sent` is called after each document.
   */
  async sign(
    documents: readonly DocumentToSign[],
    signature: Signature,
    options: { certificate?: string; sent?: (count: number) => void } = {},
  ): Promise<Job> {
    const description = {
      documents: documents.map(({ name }) => ({ name })),
      signature,
      ...(options.certificate === undefined ? {} : { certificate: options.certificate }),
    };
    const response = await call(this.base, "/v1/jobs", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(description),
    });
    const job = Job.at(this.base, (await json<JobView>(response)).job);
    try {
      await this.send(job, documents, options.sent);
    } catch (error) {
      // What was sent is of no use any more; the first failure is the one to tell.
      await job.cancel().catch(() => undefined);
      throw error;
    }
    return job;
  }

  /** A job of before, by the name that `Job.id` gave. */
  job(id: string): Job {
    return Job.at(this.base, id);
  }

  private async send(job: Job, documents: readonly DocumentToSign[], sent?: (count: number) => void): Promise<void> {
    let next = 0;
    let count = 0;
    const sendOne = async (at: number): Promise<void> => {
      const content = documents[at]?.content;
      if (content === undefined) {
        return;
      }
      try {
        await job.send(at + 1, typeof content === "function" ? await content() : content);
      } catch (error) {
        // The others need not be sent any more.
        next = documents.length;
        throw error instanceof TrienError ? error.about(at) : error;
      }
      count += 1;
      sent?.(count);
    };
    const sender = async (): Promise<void> => {
      for (let at = next++; at < documents.length; at = next++) {
        await sendOne(at);
      }
    };
    await Promise.all(Array.from({ length: SENT_AT_ONCE }, sender));
  }
}

/** The key of the pairing; where a browser keeps nothing, as long as the page is open. */
const kept = {
  inMemory: null as ProofKey | null,
  key(): ProofKey | null {
    try {
      const [name, key] = localStorage.getItem(KEY)?.split(".") ?? [];
      // What is no pair of words was written by somebody else.
      return name === undefined || key === undefined ? this.inMemory : { name, key };
    } catch {
      return this.inMemory;
    }
  },
  keep(proofKey: ProofKey): void {
    this.inMemory = proofKey;
    try {
      localStorage.setItem(KEY, `${proofKey.name}.${proofKey.key}`);
    } catch {
      // Private windows and strict settings.
    }
  },
};

interface PairingAnswer {
  state: "waiting" | "approved" | "refused" | "expired";
  proof_key?: string;
  proof_key_name?: string;
}

interface PairingBegun extends PairingAnswer {
  /** With which the answer is fetched; absent where it is there already. */
  pairing?: string;
}

/** Asks triend to let this page in and waits for the person's answer. */
async function pair(base: string, name: string, options: ConnectOptions): Promise<void> {
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const begun = await call(base, "/v1/pairings", {
    ...signal,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const { pairing, ...first } = await json<PairingBegun>(begun);
  let answer: PairingAnswer = first;
  if (answer.state === "waiting") {
    options.waiting?.();
  }
  for (;;) {
    switch (answer.state) {
      case "waiting":
        await new Promise((resolve) => setTimeout(resolve, PAIRING_PAUSE));
        answer = await json<PairingAnswer>(await call(base, `/v1/pairings/${pairing}`, signal));
        continue;
      case "approved":
        if (answer.proof_key !== undefined && answer.proof_key_name !== undefined) {
          kept.keep({ name: answer.proof_key_name, key: answer.proof_key });
        }
        return;
      case "refused":
        throw own("pairing-refused");
      default:
        throw own("pairing-expired");
    }
  }
}

/** The sentence for a failure of any kind, in Vietnamese. */
export function sentence(error: unknown): string {
  return error instanceof TrienError ? error.message : "Có lỗi trên trang: hãy tải lại trang rồi thử lại.";
}
