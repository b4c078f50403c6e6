// A daemon of its own for each test, with a "browser" that writes down the address it is to open.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Page, test as plain } from "@playwright/test";

export const workspace = process.env["TRIEN_WORKSPACE"] ?? ".";
const target = process.env["CARGO_TARGET_DIR"] ?? join(workspace, "target");
const program = join(target, "debug", "triend");
/** Tokens and records, made by `cargo run -p triend --example page-desk`. */
const desk = join(workspace, "target/web/desk");
export const PIN = "12345678";

/** One of the desk's records. */
export function record(name: "hoc-ba" | "cong-van"): Buffer {
  return readFileSync(join(desk, `${name}.pdf`));
}

/** A page of a record as the daemon draws it, with the page's size in points. */
export function drawn(name: "hoc-ba" | "cong-van", page: number, width: number): { size: string; png: Buffer } {
  const output = execFileSync(program, ["page-drawer", `--page=${page}`, `--width=${width}`], {
    input: record(name),
    maxBuffer: 1 << 26,
  });
  return { size: `${output.readDoubleBE(0)} ${output.readDoubleBE(8)}`, png: output.subarray(49) };
}

export class Daemon {
  private constructor(
    readonly folder: string,
    readonly base: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(settings = ""): Promise<Daemon> {
    const folder = mkdtempSync(join(tmpdir(), "triend-page-"));
    const browser = join(folder, "browser.sh");
    writeFileSync(browser, `echo "$1" >> '${join(folder, "windows")}'\n`);
    const config = join(folder, "config.toml");
    writeFileSync(config, `port = 0\nbrowser = ["sh", "${browser}"]\n${settings}\n`);
    // Its own tokens: a wrong PIN leaves its mark on them.
    const tokens = join(folder, "softhsm2.conf");
    cpSync(join(desk, "softhsm/tokens"), join(folder, "tokens"), { recursive: true });
    writeFileSync(
      tokens,
      `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\nslots.removable = false\n`,
    );
    const child = spawn(program, ["--data", join(folder, "data"), "--config", config, "serve"], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, SOFTHSM2_CONF: tokens },
    });
    const base = await new Promise<string>((resolve, reject) => {
      let said = "";
      child.stdout.on("data", (octets: Buffer) => {
        said += octets.toString();
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (address !== null) {
          resolve(address[0]);
        }
      });
      child.once("exit", (status) => reject(new Error(`triend ended with ${status}`)));
    });
    return new Daemon(folder, base, child);
  }

  /** A page of this origin asks to be paired. What is returned names the request. */
  async requestPairing(origin: string | null, name: string): Promise<string> {
    const response = await fetch(`${this.base}/v1/pairings`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(origin === null ? {} : { Origin: origin }) },
      body: JSON.stringify({ name }),
    });
    const { pairing } = (await response.json()) as { pairing: string };
    return pairing;
  }

  async pairingState(word: string, origin: string | null): Promise<string> {
    const headers: Record<string, string> = origin === null ? {} : { Origin: origin };
    const response = await fetch(`${this.base}/v1/pairings/${word}`, { headers });
    const { state } = (await response.json()) as { state: string };
    return state;
  }

  /** Pairs a page without asking anybody, as an administrator does. */
  pair(origin: string): void {
    execFileSync(program, ["--data", join(this.folder, "data"), "pairings", "add", origin, "--name", "Sổ học bạ"]);
  }

  /** A call by a page. */
  call(origin: string, method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      method,
      headers: { Origin: origin, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The address of the window that was opened as number `number`, from 1. */
  async window(number = 1): Promise<string> {
    for (let tries = 0; tries < 24_000; tries += 1) {
      try {
        const line = wholeLines(join(this.folder, "windows"))[number - 1];
        if (line !== undefined) {
          return line;
        }
      } catch {
        // Not opened yet.
      }
      await pause(25);
    }
    throw new Error(`no window ${number} was opened`);
  }

  get process(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once("exit", resolve));
      this.child.kill("SIGKILL");
      await gone;
    }
    removeFolder(this.folder);
  }
}

/** Removes what processes may still write into that end with the daemon. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}

/** The lines of a file; one that is being written is not there yet. */
export function wholeLines(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

/** `test` with a daemon. */
export const test = plain.extend<{ daemon: Daemon }>({
  daemon: async ({}, use) => {
    const daemon = await Daemon.start();
    await use(daemon);
    await daemon.stop();
  },
});

/** Faults that axe-core finds on what is shown, as lines to read. */
export async function faults(page: Page): Promise<string[]> {
  const source = readFileSync(join(workspace, "target/web/node_modules/axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run: (what: Document, how: object) => Promise<AxeResults> } }).axe;
    interface AxeResults {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}: ${node.failureSummary}`));
  });
}

/** Where pictures of each state go, to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(workspace, "target/web/pictures", `${name}.png`) });
}

/** What each state is looked at in. */
export const LOOKS = [
  { name: "laptop-light", size: { width: 1366, height: 768 }, scheme: "light" },
  { name: "laptop-dark", size: { width: 1366, height: 768 }, scheme: "dark" },
  { name: "small-light", size: { width: 1024, height: 600 }, scheme: "light" },
  { name: "small-dark", size: { width: 1024, height: 600 }, scheme: "dark" },
  // 1366 by 768 at 200 %.
  { name: "zoomed", size: { width: 683, height: 384 }, scheme: "light" },
] as const;
