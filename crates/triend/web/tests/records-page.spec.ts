// The road of a person: a class of forty on a records page, from pairing to the signed files.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, type Locator, type Page, expect } from "@playwright/test";
import { faults, picture } from "./daemon";
import { type Machine, type School, emptyFolder, pyhanko, test, verified } from "./school";

test.describe.configure({ timeout: 1_800_000 });

/** In PDF points. */
const MILLIMETRE = 72 / 25.4;

/** Opens a window of triend as its browser does: by its address alone. */
async function windowOf(context: BrowserContext, machine: Machine, number: number): Promise<Page> {
  const window = await context.newPage();
  await window.goto(await machine.window(number));
  await expect(window.getByRole("heading", { level: 1 })).toBeVisible();
  // A click that comes at once was meant for something else, and is none.
  await window.waitForTimeout(700);
  return window;
}

async function connect(page: Page, context: BrowserContext, machine: Machine, school: School): Promise<void> {
  await page.goto(school.page);
  await page.getByRole("button", { name: "Kết nối triend" }).click();
  const window = await windowOf(context, machine, 1);
  await expect(window.locator(".origin")).toHaveText(school.origin);
  await window.getByRole("button", { name: "Cho phép" }).click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  await window.close();
}

/** Keeps every file that the page saves. */
function saved(page: Page, folder: string): string[] {
  const names: string[] = [];
  page.on("download", (download) => {
    const name = join(folder, download.suggestedFilename());
    void download.saveAs(name).then(() => names.push(name));
  });
  return names;
}

/** Where a mark is, in PDF points of an A4 page from its lower left corner. */
async function placeOf(mark: Locator): Promise<{ left: number; bottom: number }> {
  return mark.evaluate((element) => {
    const parent = element.parentElement as HTMLElement;
    const [sheet, box] = [parent.getBoundingClientRect(), element.getBoundingClientRect()];
    // The page is inside the sheet's border.
    const [border, unit] = [parent.clientLeft, 595.28 / parent.clientWidth];
    return { left: (box.left - sheet.left - border) * unit, bottom: (sheet.bottom - border - box.bottom) * unit };
  });
}

test("a class of forty is signed and sealed with one PIN each, the seal where it was dragged", async ({
  page,
  context,
  machine,
  school,
}) => {
  const folder = emptyFolder("class");
  const files = saved(page, folder);
  await page.goto(school.page);
  await expect(page.getByRole("row")).toHaveCount(41);
  expect(await faults(page)).toEqual([]);
  await picture(page, "records-1-start");
  await page.getByRole("button", { name: "Kết nối triend" }).click();
  await expect(page.locator("#notice")).toContainText("triend vừa mở một cửa sổ");
  await picture(page, "records-2-pairing-waits");
  const pairing = await windowOf(context, machine, 1);
  await expect(pairing.locator(".origin")).toHaveText(school.origin);
  await picture(pairing, "records-3-pairing-window");
  await pairing.getByRole("button", { name: "Cho phép" }).click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  await pairing.close();
  await picture(page, "records-4-connected");

  // The teacher signs, where the page says.
  await page.getByRole("button", { name: "Ký 40 học bạ" }).click();
  const teacher = await windowOf(context, machine, 2);
  await expect(teacher.getByRole("heading", { level: 1 })).toContainText("40");
  await teacher.getByRole("radio", { name: /Trần Quốc Tuấn/ }).check();
  await teacher.getByLabel("Mã PIN của thiết bị").fill(school.pin);
  await picture(teacher, "records-5-teacher-window");
  await picture(page, "records-5-teacher-waits");
  await teacher.getByLabel("Mã PIN của thiết bị").press("Enter");
  await expect(page.locator("#notice")).toContainText("Đã ký 40 học bạ", { timeout: 600_000 });
  await picture(page, "records-6-signed");
  await teacher.close();

  // The school seals what the teacher signed.
  await page.getByRole("radio", { name: /Đóng dấu của nhà trường/ }).check();
  await page.getByRole("checkbox", { name: /Tải từng tệp về ngay/ }).check();
  await page.getByRole("button", { name: "Đóng dấu 40 học bạ" }).click();
  const consent = await windowOf(context, machine, 3);
  const mark = consent.locator(".mark");
  await expect(consent.locator(".sheet > img")).toBeVisible();
  await expect(mark).toBeVisible();
  await expect(mark).toContainText("Con dấu ở đây");
  await picture(consent, "records-7-seal-window");
  expect(await faults(consent)).toEqual([]);

  // With the mouse: 60 points to the left and 40 up, and then 3 mm to the right with the keys.
  const before = await placeOf(mark);
  await mark.scrollIntoViewIfNeeded();
  const box = await mark.boundingBox();
  const sheet = await consent.locator(".sheet").boundingBox();
  if (box === null || sheet === null) {
    throw new Error("the mark is not shown");
  }
  const pixel = sheet.width / 595.28;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await consent.mouse.move(x, y);
  await consent.mouse.down();
  await consent.mouse.move(x - 30 * pixel, y - 20 * pixel, { steps: 4 });
  await consent.mouse.move(x - 60 * pixel, y - 40 * pixel, { steps: 4 });
  await consent.mouse.up();
  await expect(mark).toBeFocused();
  for (let step = 0; step < 3; step += 1) {
    await consent.keyboard.press("ArrowRight");
  }
  const after = await placeOf(mark);
  expect(Math.abs(after.left - (before.left - 60 + 3 * MILLIMETRE))).toBeLessThan(1);
  expect(Math.abs(after.bottom - (before.bottom + 40))).toBeLessThan(1);
  await consent.getByRole("button", { name: "Dùng chỗ này cho mọi tài liệu" }).click();
  await picture(consent, "records-8-seal-moved");
  // The one certificate that seals is chosen.
  await expect(consent.getByRole("radio", { name: /Trường THCS Thử Nghiệm/ })).toBeChecked();
  await consent.getByLabel("Mã PIN của thiết bị").fill(school.pin);
  await picture(consent, "records-9-pin");
  await consent.getByLabel("Mã PIN của thiết bị").press("Enter");
  await expect(page.getByText("Đã đóng dấu", { exact: true }).first()).toBeVisible({ timeout: 600_000 });
  await picture(consent, "records-10-progress-window");
  await picture(page, "records-10-progress");
  await expect(page.locator("#notice")).toContainText("Đã đóng dấu 40 học bạ", { timeout: 600_000 });
  await expect(page.getByRole("link", { name: /^Tải về bản đã ký của/ })).toHaveCount(40);
  expect(await faults(page)).toEqual([]);
  await picture(page, "records-11-done");
  await picture(consent, "records-11-done-window");
  expect(await faults(consent)).toEqual([]);

  await expect.poll(() => files.length, { timeout: 600_000 }).toBe(40);
  expect(readdirSync(folder)).toHaveLength(40);
  // One window for the pairing and one for each forty documents: one PIN each.
  expect(machine.windows()).toHaveLength(3);
  const ours = verified(school, files);
  expect(ours.map(({ document }) => document.conclusion), JSON.stringify(ours[0])).toEqual(Array(40).fill("valid"));
  expect(ours.map(({ signatures }) => signatures.length)).toEqual(Array(40).fill(2));
  for (const signatures of pyhanko(school, files) ?? []) {
    expect(signatures.map(({ bottom_line }) => bottom_line)).toEqual([true, true]);
    const seal = signatures[1];
    expect(seal?.coverage).toBe("ENTIRE_FILE");
    // Round the middle of the place, for the picture has a margin.
    const [left, bottom, right, top] = seal?.rectangle ?? [0, 0, 0, 0];
    expect(Math.abs((left + right) / 2 - (after.left + 18 * MILLIMETRE))).toBeLessThan(0.5);
    expect(Math.abs((bottom + top) / 2 - (after.bottom + 18 * MILLIMETRE))).toBeLessThan(0.5);
    expect(Math.abs(right - left - 36 * MILLIMETRE)).toBeLessThan(3);
  }
});

test("some pupils are signed for, a wrong PIN stops before the first, and only the unsigned are tried again", async ({
  page,
  context,
  machine,
  school,
}) => {
  const files = saved(page, emptyFolder("signed"));
  await connect(page, context, machine, school);
  await page.getByRole("checkbox", { name: "Chọn tất cả học sinh" }).uncheck();
  await expect(page.getByRole("button", { name: "Ký 0 học bạ" })).toBeDisabled();
  const rows = page.locator("#pupils tr");
  for (const row of [0, 4, 39]) {
    await rows.nth(row).getByRole("checkbox").check();
  }
  await page.getByRole("button", { name: "Ký 3 học bạ" }).click();
  const wrong = await windowOf(context, machine, 2);
  await wrong.getByRole("radio", { name: /Trần Quốc Tuấn/ }).check();
  await wrong.getByLabel("Mã PIN của thiết bị").fill("87654321");
  await wrong.getByRole("button", { name: "Ký 3 tài liệu" }).click();
  await expect(page.locator("#notice")).toContainText("Chưa học bạ nào được ký.");
  await expect(page.locator("#notice")).toContainText("PIN");
  await picture(page, "records-wrong-pin");
  await picture(wrong, "records-wrong-pin-window");
  expect(await faults(page)).toEqual([]);
  await page.getByRole("button", { name: "Ký lại 3 học bạ chưa xong" }).click();
  const right = await windowOf(context, machine, 3);
  // Proposed, for it was chosen before; another one can be chosen all the same.
  await expect(right.getByRole("radio", { name: /Trần Quốc Tuấn/ })).toBeChecked();
  await expect(right.getByRole("radio", { name: /Trường THCS Thử Nghiệm/ })).toBeEnabled();
  await right.getByLabel("Mã PIN của thiết bị").fill(school.pin);
  await right.getByRole("button", { name: "Ký 3 tài liệu" }).click();
  await expect(page.locator("#notice")).toContainText("Đã ký 3 học bạ", { timeout: 600_000 });
  await picture(page, "records-some");
  await page.getByRole("button", { name: "Tải tất cả (3 tệp)" }).click();
  await expect.poll(() => files.length).toBe(3);
  expect(files.every((name) => name.endsWith(" - đã ký.pdf"))).toBe(true);
  expect(verified(school, files).map(({ document }) => document.conclusion)).toEqual(["valid", "valid", "valid"]);

  // The seal goes over the teacher's signature: the page gives what was signed.
  await page.getByRole("radio", { name: /Đóng dấu của nhà trường/ }).check();
  await page.getByRole("button", { name: "Đóng dấu 3 học bạ" }).click();
  const seal = await windowOf(context, machine, 4);
  await seal.getByRole("radio", { name: /Trường THCS Thử Nghiệm/ }).check();
  await seal.getByLabel("Mã PIN của thiết bị").fill(school.pin);
  await seal.getByRole("button", { name: "Ký 3 tài liệu" }).click();
  await expect(page.locator("#notice")).toContainText("Đã đóng dấu 3 học bạ", { timeout: 600_000 });
  files.length = 0;
  await page.getByRole("button", { name: "Tải tất cả (3 tệp)" }).click();
  await expect.poll(() => files.length).toBe(3);
  const both = verified(school, files);
  expect(both.map(({ signatures }) => signatures.length)).toEqual([2, 2, 2]);
  expect(both.map(({ document }) => document.conclusion)).toEqual(["valid", "valid", "valid"]);
});

test("a person says no in the window, and the page says so", async ({ page, context, machine, school }) => {
  await connect(page, context, machine, school);
  await page.getByRole("button", { name: "Ký 40 học bạ" }).click();
  const window = await windowOf(context, machine, 2);
  await window.getByRole("button", { name: "Từ chối" }).click();
  await expect(page.locator("#notice")).toContainText("Chưa học bạ nào được ký. Người dùng đã từ chối");
  await expect(page.getByText("Chưa ký", { exact: true })).toHaveCount(40);
  await expect(page.getByRole("button", { name: "Ký 40 học bạ" })).toBeEnabled();
  await picture(page, "records-refused");
});

test("a page that is loaded again is still let in, and goes on with its job", async ({ page, context, machine, school }) => {
  await connect(page, context, machine, school);
  await page.getByRole("button", { name: "Ký 40 học bạ" }).click();
  const address = await machine.window(2);
  await page.reload();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  const window = await context.newPage();
  await window.goto(address);
  await window.getByRole("radio", { name: /Trần Quốc Tuấn/ }).check();
  await window.getByLabel("Mã PIN của thiết bị").fill(school.pin);
  await window.waitForTimeout(700);
  await window.getByRole("button", { name: "Ký 40 tài liệu" }).click();
  await expect(page.locator("#notice")).toContainText("Đã ký 40 học bạ", { timeout: 600_000 });
  await expect(page.getByRole("link", { name: /^Tải về bản đã ký của/ })).toHaveCount(40);
});

test("a page that an administrator paired connects without a question, and knows triend again", async ({
  page,
  machine,
  school,
}) => {
  machine.run("pairings", "add", school.origin, "--name", "Sổ học bạ");
  await page.goto(school.page);
  await page.locator("#connect").click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  expect(machine.windows()).toHaveLength(0);
  // It has the key: from now on it connects by itself, and to nobody but this daemon.
  await page.reload();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  await page.evaluate(() => localStorage.setItem("triend-proof-key", `${"A".repeat(43)}.${"A".repeat(43)}`));
  await page.reload();
  await page.locator("#connect").click();
  await expect(page.locator("#notice")).toContainText("đang giả làm triend");
  expect(machine.windows()).toHaveLength(0);
});

test("a page that is not paired opens no window until the person asks, and need not wait for it", async ({
  page,
  machine,
  school,
}) => {
  await page.goto(school.page);
  await page.waitForTimeout(2500);
  expect(machine.windows()).toHaveLength(0);
  await expect(page.locator("#connection")).toHaveText("Chưa kết nối triend");
  const button = page.locator("#connect");
  await expect(button).toBeEnabled();
  await button.click();
  await machine.window(1);
  await expect(page.locator("#connection")).toHaveText("Đang chờ bạn cho phép");
  await button.click();
  await expect(page.locator("#connection")).toHaveText("Chưa kết nối triend");
  await expect(button).toHaveText("Kết nối triend");
  await expect(button).toBeEnabled();
});

for (const [name, size, scheme] of [
  ["dark", { width: 1366, height: 768 }, "dark"],
  ["small", { width: 1024, height: 600 }, "light"],
  ["phone", { width: 390, height: 800 }, "light"],
] as const) {
  test(`the records page is fit to look at and to read aloud: ${name}`, async ({ page, context, machine, school }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    await connect(page, context, machine, school);
    expect(await faults(page)).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    await picture(page, `records-${name}`);
  });
}
