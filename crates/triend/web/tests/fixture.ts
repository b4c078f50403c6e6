// States that a real desk does not show at will: what the daemon says is given by the test, through
// the daemon's own page.

import { type Page } from "@playwright/test";
import { type Daemon, drawn } from "./daemon";

export interface Given {
  kind: string;
  answered: boolean;
  seconds_left: number | null;
  [member: string]: unknown;
}

export const CALLER = { origin: "https://hocba.thcs-nguyendu.edu.vn", name: "Sổ học bạ điện tử" };

const PUPILS = ["Bùi Văn Ánh", "Đặng Thị Bích", "Đỗ Quốc Cường", "Hoàng Mỹ Duyên", "Lê Hữu Đức", "Lý Thị Hạnh", "Ngô Gia Huy", "Nguyễn Khánh Linh", "Phạm Tuấn Minh", "Trần Bảo Ngọc"];

export function certificate(change: object = {}): object {
  return {
    id: "ab".repeat(32),
    subject: "CN=Phạm Đức Thắng",
    name: "Phạm Đức Thắng",
    organisation: "Trường THCS Nguyễn Du",
    issuer: "CN=CA phục vụ các cơ quan nhà nước G2",
    issuer_name: "CA phục vụ các cơ quan nhà nước G2",
    serial: "3A1F09",
    valid_from: "2025-01-15T00:00:00+07:00",
    valid_until: "2028-01-15T00:00:00+07:00",
    kind: "personal",
    usable: true,
    why_not: null,
    ...change,
  };
}

export function token(change: object = {}): object {
  return { label: "Hiệu trưởng", pin_state: "unknown", pad: false, error: null, certificates: [certificate()], ...change };
}

export function document(number: number, change: object = {}): Record<string, unknown> {
  const pupil = PUPILS[(number - 1) % PUPILS.length] ?? "";
  return {
    number,
    name: `6A1-${String(number).padStart(2, "0")} ${pupil}.pdf`,
    octets: 104_188,
    pages: 3,
    state: "received",
    mark: { page: 1, left: 330, bottom: 185, width: 170, height: 62, movable: true },
    warnings: [],
    error: null,
    ...change,
  };
}

export function signing(documents: object[], change: object = {}, ask: object = {}): Given {
  return {
    kind: "signing",
    answered: false,
    seconds_left: 215,
    caller: CALLER,
    tokens: [token()],
    signing: {
      job: "00".repeat(16),
      state: "awaiting-consent",
      stopped: null,
      certificate: null,
      level: "b-lt",
      act: "personal",
      reason: "Ký duyệt học bạ",
      role: "Hiệu trưởng",
      total: documents.length,
      signed: 0,
      failed: 0,
      documents,
      ...change,
    },
    ...ask,
  };
}

export function many(count: number, change: (number: number) => object = () => ({})): object[] {
  return Array.from({ length: count }, (_, index) => document(index + 1, change(index + 1)));
}

/** What the page is told, which may change, and what it answered. */
export class Stage {
  answers: Record<string, unknown>[] = [];
  cancelled = 0;
  /** What the pictures leave out, as the daemon says it. */
  leftOut = "";
  /** The picture that goes on the pages. */
  ink: Buffer | null = null;
  /** What comes of the next answer. */
  refusal: { status: number; error: object } | null = null;
  private readonly pictures = new Map<string, { size: string; png: Buffer }>();

  private constructor(
    private now: Given,
    private readonly page: Page,
  ) {}

  static async open(page: Page, daemon: Daemon, given: Given): Promise<Stage> {
    const stage = new Stage(given, page);
    await stage.play();
    await page.goto(`${daemon.base}/consent#${"A".repeat(43)}`);
    return stage;
  }

  become(given: Given): void {
    this.now = given;
  }

  private async play(): Promise<void> {
    const json = (body: object): { contentType: string; body: string } => ({
      contentType: "application/json",
      body: JSON.stringify(body),
    });
    await this.page.route("**/consent/session", (route) => route.fulfill(json({ session: "B".repeat(43) })));
    await this.page.route("**/consent/ask", (route) => route.fulfill(json(this.now)));
    await this.page.route("**/consent/events", (route) =>
      route.fulfill({ contentType: "text/event-stream", body: `data: ${JSON.stringify(this.now)}\n\n` }),
    );
    await this.page.route("**/consent/cancel", (route) => {
      this.cancelled += 1;
      return route.fulfill({ status: 204 });
    });
    await this.page.route("**/consent/answer", (route) => {
      this.answers.push(route.request().postDataJSON() as Record<string, unknown>);
      if (this.refusal !== null) {
        return route.fulfill({ status: this.refusal.status, ...json({ error: this.refusal.error }) });
      }
      // Those that do not sign are done at once.
      const signs = "signing" in this.now || "digests" in this.now;
      const outcome = signs ? null : { state: "done", stopped: null };
      this.now = { ...this.now, answered: true, seconds_left: null, outcome };
      return route.fulfill({ status: 204 });
    });
    await this.page.route("**/consent/mark", (route) =>
      this.ink === null ? route.fulfill({ status: 404 }) : route.fulfill({ contentType: "image/png", body: this.ink }),
    );
    await this.page.route("**/consent/documents/**", (route) => {
      const url = new URL(route.request().url());
      const [, page] = /pages\/(\d+)$/.exec(url.pathname) ?? [];
      const key = `${page}/${url.searchParams.get("width")}`;
      const picture = this.pictures.get(key) ?? drawn("hoc-ba", Number(page), Number(url.searchParams.get("width")));
      this.pictures.set(key, picture);
      return route.fulfill({
        contentType: "image/png",
        headers: { "X-Trien-Page-Size": picture.size, "X-Trien-Left-Out": this.leftOut },
        body: picture.png,
      });
    });
  }
}
