// What a window keeps, and what it does not take for an answer.

import { type Page, expect } from "@playwright/test";
import { Daemon, picture, test } from "./daemon";
import { Stage, certificate, many, signing, token } from "./fixture";

const SEAL = "cd".repeat(32);
const TWO = [
  token(),
  token({ label: "Văn thư", certificates: [certificate({ id: SEAL, name: "Trường THCS Nguyễn Du", kind: "organisation" })] }),
];

/** The window's own clock stands still, until the test moves it. */
async function holdClock(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let now = 10_000;
    performance.now = () => now;
    (globalThis as unknown as { passes: (milliseconds: number) => void }).passes = (milliseconds) => {
      now += milliseconds;
    };
  });
}

async function passes(page: Page, milliseconds: number): Promise<void> {
  await page.evaluate((ms) => (globalThis as unknown as { passes: (ms: number) => void }).passes(ms), milliseconds);
}

for (const event of ["focus", "resize", "visibilitychange"]) {
  test(`a click just after the window came into sight answers nothing: ${event}`, async ({ daemon, page }) => {
    await holdClock(page);
    const stage = await Stage.open(page, daemon, {
      kind: "pairing",
      answered: false,
      seconds_left: 200,
      caller: null,
      pairing: { origin: "https://hocba.thcs-nguyendu.edu.vn", name: "Sổ học bạ" },
    });
    const allow = page.getByRole("button", { name: "Cho phép" });
    await expect(allow).toBeVisible();
    // Long there, behind another window.
    await passes(page, 60_000);
    await page.evaluate((name) => (name === "visibilitychange" ? document : window).dispatchEvent(new Event(name)), event);
    await allow.click();
    await expect(page.getByText("lần bấm này chưa được tính")).toBeVisible();
    expect(stage.answers).toEqual([]);
    await picture(page, "hurried");
    await passes(page, 700);
    await allow.click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã cho phép");
    expect(stage.answers).toEqual([{ answer: "approved" }]);
  });
}

test("a window that asks again counts what is left, and begins with it", async ({ daemon, page }) => {
  await page.setViewportSize({ width: 1280, height: 600 });
  const documents = many(40, (number) => (number <= 11 ? { state: "signed", pages: null, mark: null } : {}));
  await Stage.open(page, daemon, signing(documents, { signed: 11 }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ký 29 tài liệu còn lại");
  await expect(page.getByRole("button", { name: "Ký 29 tài liệu còn lại" })).toBeVisible();
  await expect(page.getByText("11 tài liệu đã ký lần trước, không ký lại.")).toBeVisible();
  await expect(page.locator(".documents")).not.toContainText("0 trang");
  await expect(page.locator(".preview-name")).toHaveText(/^6A1-12 /);
  await expect(page.locator(".sheet > img")).toBeVisible();
  await picture(page, "signing-rest");
  await expect(page.locator(".line-of-document:visible")).toHaveCount(29);
  await page.getByRole("radio", { name: "Tất cả (40)" }).check();
  await expect(page.locator(".line-of-document:visible").getByText("Đã ký", { exact: true })).toHaveCount(11);
});

test("a window that asks again proposes the certificate of before, and any other can be chosen", async ({ daemon, page }) => {
  await holdClock(page);
  const stage = await Stage.open(page, daemon, signing(many(3), { certificate_before: SEAL }, { tokens: TWO }));
  await expect(page.getByRole("radio", { name: /^Trường THCS/ })).toBeChecked();
  await page.getByRole("radio", { name: /Phạm Đức Thắng/ }).check();
  await page.getByLabel("Mã PIN của thiết bị").fill("12345678");
  await passes(page, 700);
  await page.getByRole("button", { name: "Ký 3 tài liệu" }).click();
  await expect.poll(() => stage.answers).toEqual([{ answer: "approved", certificate: "ab".repeat(32), pin: "12345678" }]);
});

test("a window that asks again without the token of before does not say that the caller chose it", async ({ daemon, page }) => {
  await Stage.open(page, daemon, signing(many(3), { certificate_before: "ef".repeat(32) }, { tokens: [] }));
  await expect(page.getByText("Chưa thấy thiết bị ký nào")).toBeVisible();
  await expect(page.getByText("mà bên yêu cầu đã chọn")).toHaveCount(0);
});

test("another language keeps the PIN, the certificate, the document and the page", async ({ daemon, page }) => {
  await holdClock(page);
  const stage = await Stage.open(page, daemon, signing(many(40), {}, { tokens: TWO }));
  await page.getByRole("radio", { name: /^Trường THCS/ }).check();
  await page.getByLabel("Mã PIN của thiết bị").fill("12345678");
  await page.getByRole("searchbox").fill("6a1-3");
  await page.locator(".line-of-document", { hasText: "6A1-35" }).click();
  await expect(page.locator(".page-name")).toHaveText("Trang 2 / 3");
  await page.getByRole("button", { name: "Trang sau" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("radio", { name: /^Trường THCS/ })).toBeChecked();
  await expect(page.getByLabel("The token's PIN")).toHaveValue("12345678");
  await expect(page.getByRole("searchbox")).toHaveValue("6a1-3");
  await expect(page.locator(".line-of-document:visible")).toHaveCount(10);
  await expect(page.locator(".preview-name")).toHaveText(/^6A1-35/);
  await expect(page.locator(".page-name")).toHaveText("Page 3 of 3");
  await passes(page, 700);
  await page.getByRole("button", { name: "Sign 40 documents" }).click();
  await expect.poll(() => stage.answers).toEqual([{ answer: "approved", certificate: SEAL, pin: "12345678" }]);
});

test("the digits of a fingerprint and what went wrong outlive another language", async ({ daemon, page }) => {
  await holdClock(page);
  const stage = await Stage.open(page, daemon, {
    kind: "anchor",
    answered: false,
    seconds_left: 100,
    caller: null,
    anchor: { change: "remove", fingerprint: "3f9c".repeat(14) + "04a7be21", subject: "CN=Root" },
  });
  stage.refusal = { status: 500, error: { code: "internal", message: "Lý do.", message_en: "Why.", retriable: false } };
  await page.getByRole("textbox").fill("04a7be21");
  await passes(page, 700);
  await page.getByRole("button", { name: "Thôi tin cậy" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Lý do." })).toBeVisible();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Why." })).toBeVisible();
  await expect(page.getByRole("textbox")).toHaveValue("04a7be21");
});

test("how long it took does not grow with a change of the language", async ({ daemon, page }) => {
  await holdClock(page);
  const course = (done: number, state: string): ReturnType<typeof signing> =>
    signing(many(4, (number) => ({ state: number <= done ? "signed" : "received" })), { state, signed: done }, { answered: true, seconds_left: null });
  const stage = await Stage.open(page, daemon, course(1, "signing"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đang ký");
  await passes(page, 3000);
  stage.become(course(4, "finished"));
  await expect(page.getByText("Thời gian: 3 giây")).toBeVisible();
  await passes(page, 4000);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByText("Time: 3 s")).toBeVisible();
});

test("the window begins in the language of the configuration, and in another where a person chose it", async ({ page }) => {
  const daemon = await Daemon.start('language = "en"');
  try {
    await page.goto(`${daemon.base}/consent`);
    const heading = page.getByRole("heading", { level: 1 });
    await expect(heading).toHaveText("This window is no longer valid");
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    await page.reload();
    await expect(heading).toHaveText("Cửa sổ này không còn hiệu lực");
  } finally {
    daemon.stop();
  }
});

test("a program's window promises nothing that triend cannot keep, and names where it is taken back", async ({ daemon, page }) => {
  await daemon.requestPairing(null, "Phần mềm quản lý trường học");
  await page.goto(await daemon.window());
  await expect(page.getByText("không bao giờ")).toHaveCount(0);
  await expect(page.getByText("Đọc các tệp khác")).toHaveCount(0);
  await expect(page.getByText("mã băm của nội dung mà triend không thấy")).toBeVisible();
  await expect(page.getByText(`${daemon.base}/status`)).toBeVisible();
  await picture(page, "pairing-program");
});

for (const state of ["unknown", "count-low"]) {
  test(`certificates that are out of sight are told of: ${state}`, async ({ daemon, page }) => {
    await page.setViewportSize({ width: 1280, height: 600 });
    const tokens = [token({ pin_state: state }), ...TWO.slice(1)];
    await Stage.open(page, daemon, signing(many(40), {}, { tokens }));
    await page.getByRole("radio", { name: /Phạm Đức Thắng/ }).check();
    await page.locator(".panel-body").evaluate((body) => body.scrollTo(0, 0));
    await expect(page.locator(".sheet > img")).toBeVisible();
    await picture(page, `certificates-below-${state}`);
    const more = page.getByRole("button", { name: "Còn chứng thư số khác ở dưới" });
    await expect(more).toBeVisible();
    await more.click();
    await expect(page.getByRole("radio", { name: /^Trường THCS/ })).toBeInViewport({ ratio: 1 });
    await expect(more).toBeHidden();
  });
}
