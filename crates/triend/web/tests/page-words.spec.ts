// What the records page says where signing stops on its way, and where triend no longer knows it.

import { type BrowserContext, type Page, expect } from "@playwright/test";
import { picture } from "./daemon";
import { type Machine, type School, test as base } from "./school";
import { StandIn } from "./stand-in";

const test = base.extend<{ standIn: StandIn }>({
  standIn: async ({ machine, school }, use) => {
    await machine.end();
    const standIn = await StandIn.at(school.port);
    await use(standIn);
    await standIn.stop();
  },
});

const CLOSED = { code: "consent-closed", message: "Cửa sổ của triend đã bị đóng khi chưa trả lời: hãy gửi lại.", message_en: "", retriable: true };
const STOPPED = { code: "cancelled", message: "Đã hủy: tài liệu này chưa được ký.", message_en: "", retriable: true };

async function begin(page: Page, school: School, standIn: StandIn): Promise<void> {
  await page.goto(school.page);
  await page.getByRole("button", { name: "Kết nối triend" }).click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  await page.getByRole("button", { name: "Ký 40 học bạ" }).click();
  await expect.poll(() => standIn.calls.filter((call) => call === "GET events").length).toBeGreaterThan(0);
}

/** The first ten are signed; the others have stopped. */
function stopAtTen(standIn: StandIn, state: "cancelled" | "stopped", why: object | null): void {
  standIn.documents = standIn.documents.map((_, index) =>
    index < 10 ? { state: "signed" } : { state: "cancelled", error: why ?? STOPPED },
  );
  standIn.job = { state, stopped: why };
}

test("a retry whose window is closed keeps what was signed, and says so", async ({ page, school, standIn }) => {
  await begin(page, school, standIn);
  stopAtTen(standIn, "cancelled", null);
  const notice = page.locator("#notice");
  await expect(notice).toHaveText("Đã ký 10 trên 40 học bạ. Bạn đã dừng lượt ký trong cửa sổ của triend.");
  const signed = page.locator('.state[data-kind="good"]');
  await expect(signed).toHaveCount(10);
  await picture(page, "records-stopped-at-ten");
  standIn.job = { state: "awaiting-consent", stopped: null };
  await page.getByRole("button", { name: "Ký lại 30 học bạ chưa xong" }).click();
  await expect.poll(() => standIn.calls).toContain("POST retries");
  stopAtTen(standIn, "stopped", CLOSED);
  await expect(notice).toHaveText(`Đã ký 10 trên 40 học bạ. ${CLOSED.message}`);
  await expect(signed).toHaveCount(10);
  await expect(page.getByText("Chưa ký", { exact: true })).toHaveCount(30);
  await expect(page.getByRole("button", { name: "Ký lại 30 học bạ chưa xong" })).toBeVisible();
  expect(standIn.calls.filter((call) => call.startsWith("DELETE"))).toEqual([]);
  await picture(page, "records-retry-closed");
});

test("who stops before the first record reads that none was signed", async ({ page, school, standIn }) => {
  await begin(page, school, standIn);
  standIn.documents = standIn.documents.map(() => ({ state: "cancelled", error: STOPPED }));
  standIn.job = { state: "cancelled", stopped: null };
  await expect(page.locator("#notice")).toHaveText(
    "Chưa học bạ nào được ký. Bạn đã dừng lượt ký trong cửa sổ của triend.",
  );
});

test("a result that is cut off is triend's trouble and not the page's", async ({ page, school, standIn }) => {
  await begin(page, school, standIn);
  standIn.results = "cut";
  stopAtTen(standIn, "cancelled", null);
  await expect(page.locator("#notice")).toContainText("Mất liên lạc với triend giữa chừng");
  await picture(page, "records-cut-off");
});

async function connect(page: Page, context: BrowserContext, machine: Machine, number: number): Promise<void> {
  await page.getByRole("button", { name: "Kết nối triend" }).click();
  const window = await context.newPage();
  await window.addInitScript(() => {
    // Whoever looks is in no hurry: the clock of this window is ahead from the second look on.
    const began = performance.now();
    let looks = 0;
    performance.now = () => began + 1000 * looks++;
  });
  await window.goto(await machine.window(number));
  await window.getByRole("button", { name: "Cho phép" }).click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  await window.close();
}

test("a page whose connection was taken back is told so, and can connect again", async ({ page, context, machine, school }) => {
  await page.goto(school.page);
  await connect(page, context, machine, 1);
  machine.run("pairings", "revoke", "1");
  await page.getByRole("button", { name: "Ký 40 học bạ" }).click();
  await expect(page.locator("#notice")).toContainText("đã bị gỡ kết nối với triend trên máy này: hãy kết nối lại");
  await expect(page.locator("#connection")).toHaveText("Đã mất kết nối triend");
  await expect(page.getByRole("button", { name: "Ký 40 học bạ" })).toBeDisabled();
  await picture(page, "records-disconnected");
  await connect(page, context, machine, 2);
  await expect(page.getByRole("button", { name: "Ký 40 học bạ" })).toBeEnabled();
});
