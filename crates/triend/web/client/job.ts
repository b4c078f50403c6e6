// A job under way: documents in, progress, signed documents out.

import { own, TrienError } from "./failure.js";
import type { Content, JobDocument, JobHead, JobView } from "./model.js";
import { blob, call, json } from "./reach.js";

/** How often a stream of events that broke is taken up again, with a growing pause. */
const MOST_BREAKS = 8;

/** What is told while a job runs. */
export interface Progress {
  /** The job as a whole. */
  job?: (job: JobHead) => void;
  /** One of its documents. */
  document?: (document: JobDocument) => void;
}

const OVER = ["finished", "stopped", "cancelled"];

/** A job of this page. */
export class Job {
  private constructor(
    private readonly base: string,
    /** Names it; kept by a page, it finds the job again after a reload: `Triend.job`. */
    readonly id: string,
  ) {}

  /** @internal */
  static at(base: string, id: string): Job {
    return new Job(base, id);
  }

  /** The job as it is now. */
  async view(): Promise<JobView> {
    return json<JobView>(await call(this.base, `/v1/jobs/${this.id}`));
  }

  /** Sends one of the documents, from 1. The last one makes triend ask the person. */
  async send(number: number, content: Content): Promise<void> {
    await call(this.base, `/v1/jobs/${this.id}/documents/${number}`, {
      method: "PUT",
      headers: { "Content-Type": "application/pdf" },
      body: content,
    });
  }

  /** Tells of progress until the job is over, and gives it as it then is. */
  async over(progress: Progress = {}, signal?: AbortSignal): Promise<JobView> {
    let last: string | null = null;
    let breaks = 0;
    for (;;) {
      let failure: unknown = null;
      try {
        const headers: Record<string, string> = last === null ? {} : { "Last-Event-ID": last };
        const options: RequestInit = signal === undefined ? { headers } : { headers, signal };
        const response = await call(this.base, `/v1/jobs/${this.id}/events`, options);
        for await (const event of events(response)) {
          breaks = 0;
          last = event.id ?? last;
          if (event.name === "document") {
            progress.document?.(JSON.parse(event.data) as JobDocument);
          } else if (event.name === "job") {
            progress.job?.(JSON.parse(event.data) as JobHead);
          }
        }
        const view = await this.view();
        if (OVER.includes(view.state)) {
          return view;
        }
      } catch (error) {
        failure = error;
      }
      signal?.throwIfAborted();
      // A reader whose connection is cut throws a `TypeError`.
      const passing = failure === null || failure instanceof TypeError || isRetriable(failure);
      breaks += 1;
      if (!passing || breaks > MOST_BREAKS) {
        throw failure ?? own("not-reachable");
      }
      await new Promise((resolve) => setTimeout(resolve, 250 * breaks));
    }
  }

  /** A signed document. */
  async result(number: number): Promise<Blob> {
    const response = await call(this.base, `/v1/jobs/${this.id}/documents/${number}`);
    return blob(response);
  }

  /** Asks once more, for the documents that were not signed. */
  async retry(): Promise<void> {
    await call(this.base, `/v1/jobs/${this.id}/retries`, { method: "POST" });
  }

  /** Says that every result has been fetched: triend removes the job and its documents. */
  async collected(): Promise<void> {
    await call(this.base, `/v1/jobs/${this.id}/collected`, { method: "POST" });
  }

  /** Cancels what is under way and removes the job. */
  async cancel(): Promise<void> {
    await call(this.base, `/v1/jobs/${this.id}`, { method: "DELETE" });
  }
}

function isRetriable(failure: unknown): boolean {
  return failure instanceof TrienError && failure.retriable;
}

interface ServerEvent {
  id: string | null;
  name: string;
  data: string;
}

/** Server-sent events, read from a call. */
async function* events(response: Response): AsyncGenerator<ServerEvent> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (waiting + value).split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string): string | null => {
        const lines = block.split("\n").filter((line) => line.startsWith(`${name}:`));
        return lines.length === 0 ? null : lines.map((line) => line.slice(name.length + 1).trimStart()).join("\n");
      };
      const data = field("data");
      if (data !== null) {
        yield { id: field("id"), name: field("event") ?? "message", data };
      }
    }
  }
}
