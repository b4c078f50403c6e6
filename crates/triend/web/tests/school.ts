// A school's records page with its tokens, for the tests of one worker; and a daemon of its own for
// each test, on the port where the page looks for it.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { test as plain } from "@playwright/test";
import { removeFolder, wholeLines, workspace } from "./daemon";

const target = process.env["CARGO_TARGET_DIR"] ?? join(workspace, "target");
const triend = join(target, "debug/triend");

/** A line of the daemon's log. */
export interface LogLine {
  level: string;
  fields: { message: string; method?: string; route?: string; status?: number; code?: string; origin?: string; left_out?: number };
}

/** Reads what a program says, until it has said what it must. */
async function said(child: ChildProcess, wanted: RegExp): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (octets: Buffer) => {
      text += octets.toString();
      if (wanted.test(text)) {
        resolve(text);
      }
    });
    child.once("exit", (status) => reject(new Error(`${child.spawnfile} ended with ${status}: ${text}`)));
  });
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/**
 * A port of this worker's own. Daemons come and go on it, so it is none of those that the system gives to
 * whoever asks for any, nor one of another worker's.
 */
async function freePort(worker: number): Promise<number> {
  const first = 20_000 + (worker % 100) * 100;
  for (let port = first; port < first + 100; port += 1) {
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`no port is free from ${first} on`);
}

/** The page, its tokens and roots: `cargo run -p trien-examples --example records-page`. */
export class School {
  private constructor(
    /** Address of the page. */
    readonly page: string,
    /** Where the page looks for triend. */
    readonly port: number,
    readonly anchors: string,
    readonly pin: string,
    readonly config: string,
    readonly softhsm: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(worker: number): Promise<School> {
    const port = await freePort(worker);
    const folder = join(target, "web-schools", String(worker));
    const words = [folder, "--port", "0", "--daemon", String(port)];
    const child = spawn(join(target, "debug/examples/records-page"), words, { stdio: ["ignore", "pipe", "inherit"] });
    const text = await said(child, /^page=.*$/m);
    const value = (name: string): string => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1] ?? "";
    return new School(
      value("page"),
      port,
      value("anchors"),
      value("pin"),
      value("config"),
      value("SOFTHSM2_CONF"),
      child,
    );
  }

  get origin(): string {
    return new URL(this.page).origin;
  }

  stop(): void {
    this.child.kill();
  }
}

/** The daemon on a teacher's machine, with a "browser" that writes down the address it is to open. */
export class Machine {
  private child: ChildProcess | null = null;

  private constructor(
    readonly folder: string,
    readonly base: string,
    private readonly school: School,
  ) {}

  static async start(school: School): Promise<Machine> {
    const folder = mkdtempSync(join(tmpdir(), "triend-records-"));
    const machine = new Machine(folder, `http://127.0.0.1:${school.port}`, school);
    const browser = join(folder, "browser.sh");
    writeFileSync(browser, `echo "$1" >> '${join(folder, "windows")}'\n`);
    const config = readFileSync(school.config, "utf8");
    writeFileSync(join(folder, "triend.toml"), `browser = ["sh", "${browser}"]\n${config}`);
    await machine.begin();
    return machine;
  }

  private arguments(...words: string[]): string[] {
    return ["--data", join(this.folder, "data"), "--config", join(this.folder, "triend.toml"), ...words];
  }

  async begin(): Promise<void> {
    this.child = spawn(triend, this.arguments("serve"), {
      env: { ...process.env, SOFTHSM2_CONF: this.school.softhsm },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const text = await said(this.child, /^triend: http.*$/m);
    if (!text.includes(this.base)) {
      throw new Error(`${this.base} is taken: ${text}`);
    }
  }

  /** What a command of triend prints. */
  run(...words: string[]): string {
    return execFileSync(triend, this.arguments(...words), { encoding: "utf8" });
  }

  /** The addresses that the browser was to open. */
  windows(): string[] {
    const file = join(this.folder, "windows");
    return existsSync(file) ? wholeLines(file) : [];
  }

  /** The address of the window that was opened as number `number`, from 1. */
  async window(number: number): Promise<string> {
    for (let tries = 0; tries < 24_000; tries += 1) {
      const address = this.windows()[number - 1];
      if (address !== undefined) {
        return address;
      }
      await pause(25);
    }
    throw new Error(`no window ${number} was opened`);
  }

  /** What the daemon has written into its log. */
  log(): LogLine[] {
    const folder = join(this.folder, "data/logs");
    return readdirSync(folder)
      .flatMap((name) => wholeLines(join(folder, name)))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Ends the daemon; what it keeps stays. */
  async end(): Promise<void> {
    const child = this.child;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      const late = setTimeout(() => child.kill("SIGKILL"), 60_000);
      await gone;
      clearTimeout(late);
    }
    this.child = null;
  }

  async stop(): Promise<void> {
    await this.end();
    removeFolder(this.folder);
  }
}

/** `test` with a school and a machine. */
export const test = plain.extend<{ machine: Machine }, { school: School }>({
  school: [
    async ({}, use, info) => {
      const school = await School.start(info.workerIndex);
      await use(school);
      school.stop();
    },
    { scope: "worker", timeout: 900_000 },
  ],
  machine: async ({ school }, use) => {
    const machine = await Machine.start(school);
    await use(machine);
    await machine.stop();
  },
});

export interface Verified {
  file: string;
  document: { conclusion: string };
  signatures: { field: string; level: string; indication: string; sub_indication: string | null }[];
}

/** What our own verify example says of files: one object each. */
export function verified(school: School, files: string[]): Verified[] {
  let text: string;
  // As of soon: what the responders say while it runs is from then on.
  const at = new Date(Date.now() + 600_000).toISOString();
  const words = ["--format", "json", "--anchors", school.anchors, "--online", "--allow-private-addresses", "--at", at];
  try {
    text = execFileSync(join(target, "debug/examples/verify"), [...words, ...files], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    // Status 1: something is not valid, which the lines tell.
    text = (error as { stdout?: string }).stdout ?? "";
  }
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Verified);
}

const PYHANKO = `
import json, logging, sys
logging.disable(logging.CRITICAL)
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
task = json.load(sys.stdin)
roots = list(load_certs_from_pemder(task["anchors"]))
for path in task["files"]:
    with open(path, "rb") as file:
        found = []
        for signature in PdfFileReader(file).embedded_signatures:
            trust = ValidationContext(trust_roots=roots, allow_fetching=False)
            status = validate_pdf_signature(signature, trust)
            found.append({
                "bottom_line": status.bottom_line,
                "coverage": status.coverage.name,
                "rectangle": [float(side) for side in signature.sig_field["/Rect"]],
            })
        print(json.dumps(found))
`;

export interface PyhankoSignature {
  bottom_line: boolean;
  coverage: string;
  rectangle: [number, number, number, number];
}

/** What pyHanko says of the signatures of files; nothing where it is not set up. */
export function pyhanko(school: School, files: string[]): PyhankoSignature[][] | null {
  const python = join(workspace, "target/judges/venv/bin/python");
  if (!existsSync(python)) {
    console.log("SKIPPED: pyHanko is not set up: cargo xtask judges");
    return null;
  }
  const anchors = readdirSync(school.anchors).map((name) => join(school.anchors, name));
  const input = JSON.stringify({ anchors, files });
  const text = execFileSync(python, ["-c", PYHANKO], { encoding: "utf8", input, maxBuffer: 1 << 26 });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as PyhankoSignature[]);
}

/** An empty folder for a test's files, which stay to be looked at. */
export function emptyFolder(name: string): string {
  const folder = join(workspace, "target/web/files", name);
  removeFolder(folder);
  mkdirSync(folder, { recursive: true });
  return folder;
}
