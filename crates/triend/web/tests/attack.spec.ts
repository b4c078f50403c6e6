// Pages that mean harm, in the browser that the person uses: each is refused, and the log says so.
// The browser's own barrier (Local Network Access) is off, so that it does not stand before the daemon's.

import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Page, expect } from "@playwright/test";
import config from "./playwright.config";
import { type LogLine, type Machine, test as plain } from "./school";

const launch = config.use?.launchOptions ?? {};
const NAMES = ["attack.example", "evil.example"].map((name) => `MAP ${name} 127.0.0.1`).join(", ");
const BARE = [`--host-resolver-rules=${NAMES}`, "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets"];

/** A web server of somebody else: every page is empty and allows itself everything. */
class Attacker {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<Attacker> {
    const server = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end("<!doctype html><title>Trúng thưởng</title><body></body>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Attacker(server, (server.address() as AddressInfo).port);
  }

  get origin(): string {
    return `http://attack.example:${this.port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const test = plain.extend<{ attacker: Attacker }>({
  attacker: async ({}, use) => {
    const attacker = await Attacker.start();
    await use(attacker);
    attacker.stop();
  },
});

test.use({ launchOptions: { ...launch, args: [...(launch.args ?? []), ...BARE] } });

/** Every address with every method that it takes, and what a page must send with it. */
const JOB = "0".repeat(32);
const CALLS: [string, string, string?][] = [
  ["GET", "/v1/certificates"],
  ["POST", "/v1/jobs", "application/json"],
  ["GET", `/v1/jobs/${JOB}`],
  ["DELETE", `/v1/jobs/${JOB}`],
  ["GET", `/v1/jobs/${JOB}/events`],
  ["POST", `/v1/jobs/${JOB}/retries`],
  ["POST", `/v1/jobs/${JOB}/collected`],
  ["PUT", `/v1/jobs/${JOB}/documents/1`, "application/pdf"],
  ["GET", `/v1/jobs/${JOB}/documents/1`],
  ["POST", "/csc/v1/credentials/list", "application/json"],
  ["POST", "/csc/v2/credentials/list", "application/json"],
  ["POST", "/csc/v1/signatures/signHash", "application/json"],
  ["GET", "/consent"],
  ["POST", "/consent/session", "application/json"],
  ["GET", "/consent/ask"],
  ["POST", "/consent/answer", "application/json"],
  ["GET", "/consent/events"],
  ["POST", "/consent/cancel"],
  ["GET", "/consent/documents/1/pages/0?width=400"],
  ["GET", "/consent/assets/page.js"],
  ["GET", "/status"],
  ["GET", "/no-such-route"],
];

/** What the daemon refused since a moment, by code. How many had no line of their own it says at its end. */
function refusals(machine: Machine, since: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fields } of machine.log().slice(since)) {
    if (fields.message.startsWith("refused") && fields.code !== undefined) {
      counts[fields.code] = (counts[fields.code] ?? 0) + (fields.left_out ?? 1);
    }
  }
  return counts;
}

function answered(machine: Machine, since: number): LogLine[] {
  return machine.log().slice(since).filter(({ fields }) => fields.message === "answered");
}

/** Nothing has come of it: no window, no pairing, no answer. */
function expectNothing(machine: Machine, since: number): void {
  expect(machine.windows()).toEqual([]);
  expect(machine.run("pairings", "list").trim().split("\n").filter((line) => line.includes("example"))).toEqual([]);
  expect(answered(machine, since)).toEqual([]);
}

/** Calls as a page does; says how many could be read. */
async function readable(page: Page, base: string, headers: Record<string, string> = {}): Promise<string[]> {
  return page.evaluate(
    async ({ base, calls, headers }) => {
      const read: string[] = [];
      for (const [method, path, type] of calls) {
        for (const mode of ["cors", "no-cors"] as const) {
          try {
            const plain = mode === "no-cors" && method !== "GET" && method !== "POST";
            const options: RequestInit = { method: plain ? "POST" : method, mode };
            if (type !== undefined) {
              options.body = "{}";
            }
            if (mode === "cors") {
              options.headers = { ...headers, ...(type === undefined ? {} : { "Content-Type": type }) };
            }
            const response = await fetch(`${base}${path}`, options);
            if (response.type !== "opaque") {
              read.push(`${method} ${path}: ${response.status} ${await response.text()}`);
            }
          } catch {
            // Refused before the page could see anything.
          }
        }
      }
      return read;
    },
    { base, calls: CALLS, headers },
  );
}

test("a foreign page reads no address and reaches none that does anything", async ({ page, machine, attacker }) => {
  await page.goto(attacker.origin);
  const since = machine.log().length;
  expect(await readable(page, machine.base)).toEqual([]);
  expect(await readable(page, machine.base, { Authorization: "Bearer AAAA" })).toEqual([]);
  expectNothing(machine, since);
  await machine.end();
  const codes = refusals(machine, since);
  expect(codes["origin-foreign"]).toBeGreaterThan(CALLS.length);
  expect(codes["cross-site"]).toBeGreaterThan(5);
  const origins = new Set(machine.log().slice(since).map(({ fields }) => fields.origin));
  expect(origins).toContain(attacker.origin);
});

test("a foreign page learns name and version, and cannot ask to be paired over plain http", async ({ page, machine, attacker }) => {
  await page.goto(attacker.origin);
  const { status, pairing } = await page.evaluate(async (base) => {
    const asked = await fetch(`${base}/v1/pairings`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: "Sổ học bạ điện tử" }),
    });
    return {
      status: (await (await fetch(`${base}/v1/status?nonce=${"n".repeat(20)}`)).json()) as object,
      pairing: ((await asked.json()) as { error: { code: string } }).error.code,
    };
  }, machine.base);
  expect(Object.keys(status).sort()).toEqual(["name", "pair_with", "paired", "version"]);
  expect(pairing).toBe("origin-insecure");
  expect(machine.windows()).toEqual([]);
});

test("forms, beacons and sockets of a foreign page do nothing", async ({ page, machine, attacker }) => {
  await page.goto(attacker.origin);
  const since = machine.log().length;
  const paths = ["/v1/jobs", "/v1/pairings", "/consent/session", "/consent/answer", "/csc/v1/signatures/signHash"];
  const types = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
  const opened = await page.evaluate(
    async ({ base, paths, types }) => {
      const frame = document.createElement("iframe");
      frame.name = "target";
      document.body.append(frame);
      for (const path of paths) {
        for (const type of types) {
          const form = document.createElement("form");
          form.action = `${base}${path}`;
          form.method = "post";
          form.enctype = type;
          form.target = "target";
          const field = document.createElement("input");
          field.name = '{"name":"x","y":"';
          field.value = '"}';
          form.append(field);
          document.body.append(form);
          const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
          form.submit();
          await loaded;
          form.remove();
        }
        navigator.sendBeacon(`${base}${path}`, "{}");
        await fetch(`${base}${path}`, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: "{}" }).catch(() => null);
      }
      const sockets: string[] = [];
      for (const path of ["/v1/jobs", "/v1/status", "/consent/events"]) {
        sockets.push(
          await new Promise<string>((resolve) => {
            const socket = new WebSocket(`${base.replace("http", "ws")}${path}`);
            socket.onopen = () => resolve(`${path} opened`);
            socket.onerror = () => resolve("");
          }),
        );
        sockets.push(
          await new Promise<string>((resolve) => {
            const source = new EventSource(`${base}${path}`);
            source.onopen = () => resolve(`${path} streamed`);
            source.onerror = () => {
              source.close();
              resolve("");
            };
          }),
        );
      }
      return sockets.filter((words) => words !== "");
    },
    { base: machine.base, paths, types },
  );
  // The name and version are anybody's, but not as a stream.
  expect(opened.filter((words) => words !== "/v1/status streamed")).toEqual([]);
  expect(machine.windows()).toEqual([]);
  expect(answered(machine, since).filter(({ fields }) => fields.route !== "/v1/status")).toEqual([]);
  await machine.end();
  const codes = refusals(machine, since);
  // Three forms, a beacon and a call at each address but the one that anybody may ask.
  expect(codes["origin-foreign"]).toBeGreaterThanOrEqual((types.length + 2) * (paths.length - 1) + 3);
  expect(codes["content-type-wrong"]).toBe(types.length + 2);
  expect(codes["upgrade-refused"]).toBe(1);
});

test("a foreign page cannot load, frame or open anything of ours", async ({ page, context, machine, attacker }) => {
  await page.goto(attacker.origin);
  const since = machine.log().length;
  const loaded = await page.evaluate(async (base) => {
    const loads: string[] = [];
    const paths = ["/consent", "/consent/ask", "/consent/assets/icon.svg", "/consent/assets/consent.css", "/consent/assets/page.js", "/v1/certificates", "/trien.js"];
    for (const path of paths) {
      for (const tag of ["img", "script", "link", "iframe", "object", "embed", "video"] as const) {
        const element = document.createElement(tag);
        const done = new Promise<string>((resolve) => {
          element.addEventListener("load", () => resolve("load"));
          element.addEventListener("error", () => resolve("error"));
          setTimeout(() => resolve("late"), 1500);
        });
        if (element instanceof HTMLLinkElement) {
          element.rel = "stylesheet";
          element.href = `${base}${path}`;
        } else if (element instanceof HTMLObjectElement) {
          element.data = `${base}${path}`;
        } else {
          element.src = `${base}${path}`;
        }
        document.body.append(element);
        const said = await done;
        // Frames tell of a load also where they show the browser's own page of refusal.
        if (said === "load" && !["iframe", "object", "embed"].includes(tag)) {
          loads.push(`${tag} ${path}`);
        }
      }
    }
    return loads;
  }, machine.base);
  expect(loaded).toEqual([]);
  for (const frame of page.frames().slice(1)) {
    expect(await frame.locator("#main").count()).toBe(0);
  }
  const [popup] = await Promise.all([
    context.waitForEvent("page"),
    page.evaluate((base) => {
      window.open(`${base}/consent#${"A".repeat(43)}`);
    }, machine.base),
  ]);
  await popup.waitForLoadState();
  expect(await popup.locator("#main").count()).toBe(0);
  expect(await popup.evaluate(() => document.body.innerText)).toContain("cross-site");
  expectNothing(machine, since);
  expect(Object.keys(refusals(machine, since))).toEqual(["cross-site"]);
});

test("a page without an origin of its own is foreign", async ({ page, machine, attacker }) => {
  await page.goto(attacker.origin);
  const since = machine.log().length;
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.srcdoc = "<!doctype html><title>x</title>";
    document.body.append(frame);
  });
  const sandboxed = page.frames()[1];
  expect(sandboxed).toBeDefined();
  const said = await sandboxed?.evaluate(async (base) => {
    const calls = [
      fetch(`${base}/v1/status`),
      fetch(`${base}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }),
    ];
    return (await Promise.allSettled(calls)).map(({ status }) => status);
  }, machine.base);
  expect(said).toEqual(["rejected", "rejected"]);
  expectNothing(machine, since);
  expect(refusals(machine, since)).toEqual({ "origin-foreign": 2 });
});

test("a name that was bound to this machine anew reaches nothing", async ({ page, machine }) => {
  const { port } = new URL(machine.base);
  const rebound = `http://evil.example:${port}`;
  // The page came from its own server before the name was bound anew; its calls go to this machine.
  await page.route(`${rebound}/`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${rebound}/`);
  const since = machine.log().length;
  const codes = await page.evaluate(async (calls) => {
    const codes = new Set<string>();
    for (const [method, path, type] of [...calls, ["GET", "/v1/status"], ["GET", "/trien.js"]]) {
      const headers: Record<string, string> = type === undefined ? {} : { "Content-Type": type };
      const options: RequestInit = { method: method ?? "GET", headers };
      if (type !== undefined) {
        options.body = "{}";
      }
      const response = await fetch(path ?? "", options);
      const { error } = (await response.json()) as { error: string | { code: string } };
      // The addresses of the CSC say it in its form.
      codes.add(typeof error === "string" ? `csc ${response.ok ? "answered" : "refused"}` : `${response.status} ${error.code}`);
    }
    const socket = new WebSocket(`ws://${location.host}/v1/jobs`);
    await new Promise((resolve) => {
      socket.onopen = () => codes.add("opened");
      socket.onclose = resolve;
    });
    return [...codes];
  }, CALLS);
  expect(codes.sort()).toEqual(["403 host-foreign", "csc refused"]);
  expectNothing(machine, since);
  // The same where the person is led to the window under that name.
  const answer = await page.goto(`${rebound}/consent#${"A".repeat(43)}`);
  expect(answer?.status()).toBe(403);
  await machine.end();
  const refused = refusals(machine, since);
  expect(Object.keys(refused)).toEqual(["host-foreign"]);
  expect(refused["host-foreign"]).toBeGreaterThanOrEqual(CALLS.length + 4);
});

test("a guessed secret opens no window, and the log says that somebody guessed", async ({ page, machine }) => {
  await page.goto(`${machine.base}/consent#${"A".repeat(43)}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cửa sổ này không còn hiệu lực");
  const said = machine.log().map(({ fields }) => fields);
  expect(said.some(({ code, route }) => code === "consent-unknown" && route === "/consent/session")).toBe(true);
});

test("a page that is let in reaches neither the window nor the jobs of another", async ({ page, machine, school }) => {
  machine.run("pairings", "add", school.origin, "--name", "Sổ học bạ");
  machine.run("pairings", "add", "https://khac.example", "--name", "Khác");
  const other = await fetch(`${machine.base}/v1/jobs`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: "https://khac.example" },
    body: JSON.stringify({ documents: [{ name: "Đề thi.pdf" }], signature: { level: "b-b" } }),
  });
  expect(other.status).toBe(201);
  const { job } = (await other.json()) as { job: string };
  await page.goto(school.page);
  const since = machine.log().length;
  const said = await page.evaluate(
    async ({ base, job }) => {
      const code = async (path: string, options: RequestInit = {}): Promise<string> => {
        try {
          const response = await fetch(`${base}${path}`, options);
          return ((await response.json()) as { error?: { code: string } }).error?.code ?? "answered";
        } catch {
          return "unreadable";
        }
      };
      return [
        await code(`/v1/jobs/${job}`),
        await code(`/v1/jobs/${job}/events`),
        await code(`/v1/jobs/${job}/documents/1`),
        await code(`/v1/jobs/${job}`, { method: "DELETE" }),
        await code("/consent/ask"),
        await code("/consent/answer", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }),
      ];
    },
    { base: machine.base, job },
  );
  expect(said).toEqual([...Array<string>(4).fill("job-unknown"), "unreadable", "unreadable"]);
  expect(refusals(machine, since)).toEqual({ "job-unknown": 4, "origin-foreign": 2 });
});
