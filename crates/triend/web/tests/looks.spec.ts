// Each state in each look: nothing for axe-core to find, nothing wider than the window, and a picture
// to be looked at.

import { expect, type Page } from "@playwright/test";
import { LOOKS, faults, picture, test } from "./daemon";
import { CALLER, type Given, Stage, certificate, document, many, signing, token } from "./fixture";

const failure = (code: string, message: string, message_en: string): object => ({ code, message, message_en, retriable: true });
const warning = {
  message: "Tài liệu đã có chữ ký của hiệu trưởng: thêm một chữ ký nữa là thừa.",
  message_en: "The principal has signed this document already.",
  clause: "TT 41/2017, điều 6",
};
const locked = failure("pin-incorrect", "Mã PIN không đúng: lượt ký đã dừng, không thử lại. Hãy ký lại với mã đúng.", "The PIN is wrong.");

const concerned = many(40, (number) =>
  number % 9 === 0
    ? { warnings: [warning] }
    : number === 7
      ? {
          state: "refused",
          mark: null,
          error: failure("signing-refused", "Quy định không cho phép ký tài liệu này. (Tài liệu đã bị khóa bởi chữ ký trước.)", "The rules forbid signing this document."),
        }
      : {},
);

const anchor: Given = {
  kind: "anchor",
  answered: false,
  seconds_left: 100,
  caller: CALLER,
  anchor: {
    change: "add",
    fingerprint: "3f9c".repeat(14) + "04a7be21",
    subject: "CN=Vietnam National Root CA,O=Ministry of Science and Technology,C=VN",
    issuer: "CN=Vietnam National Root CA,O=Ministry of Science and Technology,C=VN",
    valid_from: "2019-06-10T00:00:00+07:00",
    valid_until: "2039-06-10T00:00:00+07:00",
  },
};

const digests: Given = {
  kind: "digests",
  answered: false,
  seconds_left: 215,
  caller: { origin: "https://hoadon.example.vn", name: "Hóa đơn" },
  tokens: [token()],
  digests: {
    credential: "ab".repeat(32),
    description: "Hóa đơn học phí tháng 9",
    count: 2,
    digests: ["0f".repeat(32), "a1".repeat(32)],
    names: ["hoa-don-0001.xml", "hoa-don-0002.xml"],
  },
};

const rights: Given = {
  kind: "rights",
  answered: false,
  seconds_left: 100,
  caller: CALLER,
  rights: { rights: ["records-read", "records-write"] },
};

const destruction: Given = {
  ...rights,
  kind: "destruction",
  destruction: {
    record: { id: 7, direction: "outgoing", sha256: "5d".repeat(32), number: "15", symbol: "QĐ-THCS", kept: "2026-09-05T08:00:00+07:00" },
    items: 5,
    decision: "3/BB-THCS",
  },
};

const course = (done: number): Given =>
  signing(
    many(40, (number) =>
      number <= done
        ? number === 5
          ? { state: "failed", error: failure("time-stamp-unavailable", "Không lấy được dấu thời gian: hãy kiểm tra mạng rồi ký lại tài liệu này.", "No time stamp.") }
          : { state: "signed" }
        : number === done + 1
          ? { state: "signing" }
          : {},
    ),
    { state: "signing", signed: done - 1, failed: 1 },
    { answered: true, seconds_left: null },
  );

const STATES: Record<string, { given: Given; before?: (page: Page) => Promise<void> }> = {
  "signing": { given: signing(many(40)) },
  "signing-one": { given: signing([document(1)], { level: "b-b", reason: null, role: null }) },
  "signing-concerns": {
    given: signing(concerned, {}, {
      tokens: [
        token({ pin_state: "count-low" }),
        token({
          label: "Văn thư",
          certificates: [
            certificate({ id: "cd".repeat(32), name: "Trường THCS Nguyễn Du", organisation: "Trường THCS Nguyễn Du", kind: "organisation", usable: false, why_not: "expired" }),
          ],
        }),
      ],
    }),
  },
  "signing-refused-document": {
    given: signing(concerned),
    before: (page) => page.getByRole("button", { name: "Chi tiết" }).click(),
  },
  "signing-final-try": { given: signing(many(3), {}, { tokens: [token({ pin_state: "final-try" })] }) },
  "signing-locked": { given: signing(many(3), {}, { tokens: [token({ pin_state: "locked" })] }) },
  "signing-pad": { given: signing(many(3), {}, { tokens: [token({ pad: true })] }) },
  "signing-no-token": { given: signing(many(3), {}, { tokens: [] }) },
  "signing-thousand": { given: signing(many(1000)) },
  "progress": { given: course(17) },
  "done": {
    given: signing(many(40, () => ({ state: "signed" })), { state: "finished", signed: 40 }, { answered: true, seconds_left: null }),
  },
  "stopped": {
    given: signing(
      many(40, (number) => (number <= 12 ? { state: "signed" } : { state: "cancelled" })),
      { state: "stopped", signed: 12, failed: 28, stopped: locked },
      { answered: true, seconds_left: null },
    ),
  },
  "digests": { given: digests },
  "anchor": { given: anchor },
  "rights": { given: rights },
  "destruction": { given: destruction },
};

for (const [state, { given, before }] of Object.entries(STATES)) {
  test(`${state} is fit to look at and to read aloud`, async ({ daemon, page }) => {
    await Stage.open(page, daemon, given);
    for (const { name, size, scheme } of LOOKS) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: scheme });
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (given.kind === "signing" && !given.answered) {
        await expect(page.locator(".sheet > img")).toBeVisible();
      }
      if (name === LOOKS[0].name) {
        await before?.(page);
      }
      await page.waitForTimeout(300);
      await picture(page, `${state}-${name}`);
      // A thousand lines are like forty, and take axe-core minutes.
      if (state !== "signing-thousand") {
        expect(await faults(page), `${state} ${name}`).toEqual([]);
      }
      const wider = await page.evaluate(() => window.document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
  });
}
