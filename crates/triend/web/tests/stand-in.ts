// What stands in triend's place where a real one cannot be made to stop at a given document.

import { type IncomingMessage, type ServerResponse, createServer } from "node:http";

/** How far a document is, and why. */
export interface State {
  state: "received" | "signed" | "failed" | "cancelled";
  error?: object;
}

export class StandIn {
  /** How the job is. */
  job = { state: "awaiting-consent", stopped: null as object | null };
  documents: State[] = [];
  /** What is done with a result's connection before its end. */
  results: "whole" | "cut" = "whole";
  /** Calls of each kind. */
  readonly calls: string[] = [];
  private names: string[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async at(port: number): Promise<StandIn> {
    const there = new StandIn();
    await new Promise<void>((resolve) => there.server.listen(port, "127.0.0.1", resolve));
    return there;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private head(): object {
    const signed = this.documents.filter(({ state }) => state === "signed").length;
    const failed = this.documents.filter(({ state }) => state === "failed" || state === "cancelled").length;
    return { job: "00".repeat(16), certificate: null, total: this.documents.length, signed, failed, expires: "", ...this.job };
  }

  private view(): object {
    const documents = this.documents.map(({ state, error }, index) => ({
      number: index + 1,
      name: this.names[index],
      octets: 1,
      pages: 1,
      warnings: [],
      result: null,
      state,
      error: error ?? null,
    }));
    return { ...this.head(), documents };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
    response.setHeader("Access-Control-Allow-Headers", "Content-Type, Last-Event-ID");
    const octets: Buffer[] = [];
    for await (const part of request) {
      octets.push(part as Buffer);
    }
    const { pathname } = new URL(request.url ?? "", "http://127.0.0.1");
    const last = pathname.split("/").at(-1) ?? "";
    const json = (body: object): void => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(body));
    };
    this.calls.push(`${request.method} ${last}`);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
    } else if (pathname === "/v1/status") {
      json({ name: "triend", version: "9.9.9", paired: false, pair_with: "" });
    } else if (pathname === "/v1/pairings") {
      json({ state: "approved", proof_key: "A".repeat(43), proof_key_name: "B".repeat(43) });
    } else if (pathname === "/v1/jobs") {
      const { documents } = JSON.parse(Buffer.concat(octets).toString()) as { documents: { name: string }[] };
      this.names = documents.map(({ name }) => name);
      this.documents = documents.map(() => ({ state: "received" }));
      json(this.view());
    } else if (last === "events") {
      response.setHeader("Content-Type", "text/event-stream");
      response.end(`event: job\ndata: ${JSON.stringify(this.head())}\n\n`);
    } else if (pathname.includes("/documents/") && request.method === "GET") {
      if (this.results === "cut") {
        response.writeHead(200, { "Content-Type": "application/pdf", "Content-Length": "1000" });
        response.write("%PDF-", () => response.socket?.destroy());
      } else {
        response.setHeader("Content-Type", "application/pdf");
        response.end("%PDF-1.7");
      }
    } else if (request.method === "GET") {
      json(this.view());
    } else {
      response.writeHead(204).end();
    }
  }
}
