// Calls to the daemon that this page came from.

import type { Answer, Ask, Failure } from "./model.js";

const SESSION = "trien-session";

/** The daemon said no, or could not be reached (`null`). */
export class Refused extends Error {
  constructor(readonly failure: Failure | null) {
    super(failure?.code ?? "unreachable");
  }
}

export interface Picture {
  address: string;
  /** Of the page as it is shown, in PDF points. */
  width: number;
  height: number;
  /** What the picture does not show of the page. */
  leftOut: string[];
}

export class Window {
  private constructor(private readonly session: string) {}

  /**
   * Exchanges the secret in the address for a session, once. A window that is loaded again has its
   * session still: it is kept for this tab alone.
   */
  static async open(): Promise<Window> {
    const secret = location.hash.slice(1);
    if (secret === "") {
      const kept = sessionStorage.getItem(SESSION);
      if (kept === null) {
        throw new Refused({ code: "consent-unknown", message: "", message_en: "", retriable: false });
      }
      return new Window(kept);
    }
    history.replaceState(null, "", location.pathname);
    const response = await reach("/consent/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ secret }),
    });
    const { session } = (await response.json()) as { session: string };
    sessionStorage.setItem(SESSION, session);
    return new Window(session);
  }

  async ask(): Promise<Ask> {
    const response = await this.call("/consent/ask");
    return (await response.json()) as Ask;
  }

  async answer(answer: Answer): Promise<void> {
    await this.call("/consent/answer", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(answer),
    });
  }

  async cancel(): Promise<void> {
    await this.call("/consent/cancel", { method: "POST" });
  }

  async picture(document: number, page: number, width: number): Promise<Picture> {
    const response = await this.call(`/consent/documents/${document}/pages/${page}?width=${width}`);
    const [pageWidth, pageHeight] = (response.headers.get("X-Trien-Page-Size") ?? "").split(" ").map(Number);
    if (!pageWidth || !pageHeight) {
      throw new Refused(null);
    }
    const leftOut = (response.headers.get("X-Trien-Left-Out") ?? "").split(" ").filter((word) => word !== "");
    return { address: URL.createObjectURL(await response.blob()), width: pageWidth, height: pageHeight, leftOut };
  }

  async markPicture(): Promise<string> {
    return URL.createObjectURL(await (await this.call("/consent/mark")).blob());
  }

  /** Follows what is asked until `seen` has seen enough, the question is gone, or the daemon is. */
  async watch(seen: (ask: Ask) => "more" | "enough"): Promise<"enough" | "gone" | "lost"> {
    for (let failures = 0; failures < 5; failures += 1) {
      try {
        const response = await this.call("/consent/events");
        for await (const { name, data } of events(response)) {
          failures = 0;
          if (name === "gone") {
            return "gone";
          }
          if (seen(JSON.parse(data) as Ask) === "enough") {
            return "enough";
          }
        }
      } catch (error) {
        if (error instanceof Refused && error.failure !== null) {
          return "gone";
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return "lost";
  }

  private call(path: string, options: RequestInit = {}): Promise<Response> {
    return reach(path, { ...options, headers: { ...options.headers, "X-Trien-Consent": this.session } });
  }
}

async function reach(path: string, options: RequestInit): Promise<Response> {
  let response;
  try {
    response = await fetch(path, { ...options, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch {
    throw new Refused(null);
  }
  if (response.ok) {
    return response;
  }
  const body = (await response.json().catch(() => null)) as { error: Failure } | null;
  throw new Refused(body?.error ?? null);
}

/** Server-sent events, read from a call: `EventSource` can send no header. */
async function* events(response: Response): AsyncGenerator<{ name: string; data: string }> {
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
      const lines = block.split("\n");
      const field = (name: string): string =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart())
          .join("\n");
      if (field("data") !== "") {
        yield { name: field("event"), data: field("data") };
      }
    }
  }
}
