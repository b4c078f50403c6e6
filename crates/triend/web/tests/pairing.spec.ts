import { expect } from "@playwright/test";
import { LOOKS, faults, picture, test } from "./daemon";

const PAGE = "https://hocba.thcs-nguyendu.edu.vn";

test("a person pairs a page by keyboard alone, and the page learns it", async ({ daemon, page }) => {
  const word = await daemon.requestPairing(PAGE, "Sổ học bạ điện tử");
  await page.goto(await daemon.window());
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.locator(".origin")).toHaveText(PAGE);
  // The secret is no longer in the address.
  expect(new URL(page.url()).hash).toBe("");
  expect(await daemon.pairingState(word, PAGE)).toBe("waiting");
  await page.waitForTimeout(700);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Cho phép" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã cho phép");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect.poll(() => daemon.pairingState(word, PAGE)).toBe("approved");
});

test("a person refuses a page by keyboard alone", async ({ daemon, page }) => {
  const word = await daemon.requestPairing(PAGE, "Sổ học bạ điện tử");
  await page.goto(await daemon.window());
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.waitForTimeout(700);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Từ chối" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã từ chối");
  await expect.poll(() => daemon.pairingState(word, PAGE)).toBe("refused");
});

test("a click that was meant for another window answers nothing", async ({ daemon, page }) => {
  const word = await daemon.requestPairing(PAGE, "Sổ học bạ");
  // Clicked in the moment in which it is there.
  await page.addInitScript(() => {
    const clicked = new MutationObserver(() => {
      const button = document.querySelector<HTMLButtonElement>("button.primary");
      if (button !== null) {
        clicked.disconnect();
        button.click();
        document.documentElement.dataset["clicked"] = button.textContent;
      }
    });
    clicked.observe(document, { childList: true, subtree: true });
  });
  await page.goto(await daemon.window());
  await expect(page.locator("html")).toHaveAttribute("data-clicked", "Cho phép");
  await page.waitForTimeout(300);
  await expect(page.getByRole("button", { name: "Cho phép" })).toBeEnabled();
  expect(await daemon.pairingState(word, PAGE)).toBe("waiting");
});

test("a window that is loaded again asks again; another with its address does not open", async ({ daemon, page, context }) => {
  await daemon.requestPairing(PAGE, "Sổ học bạ");
  const address = await daemon.window();
  await page.goto(address);
  await expect(page.locator(".origin")).toHaveText(PAGE);
  await page.reload();
  await expect(page.locator(".origin")).toHaveText(PAGE);
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Cửa sổ này không còn hiệu lực");
  expect(await faults(other)).toEqual([]);
  await picture(other, "unknown");
});

test("a guessed secret opens nothing", async ({ daemon, page }) => {
  await daemon.requestPairing(PAGE, "Sổ học bạ");
  await page.goto(`${daemon.base}/consent#${"A".repeat(43)}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cửa sổ này không còn hiệu lực");
});

test("another page can neither open nor frame the window", async ({ daemon, page }) => {
  await daemon.requestPairing(PAGE, "Sổ học bạ");
  const address = await daemon.window();
  await page.route("https://attack.example/**", (route) =>
    route.fulfill({ contentType: "text/html", body: `<a href="${address}">x</a><iframe src="${address}"></iframe>` }),
  );
  await page.goto("https://attack.example/");
  const framed = page.frames()[1];
  expect(await framed?.locator(".origin").count().catch(() => 0)).toBe(0);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes("/consent") && response.frame() === page.mainFrame()),
    page.locator("a").click(),
  ]);
  expect(answer.status()).toBe(403);
});

test("the page speaks English, and remembers it", async ({ daemon, page }) => {
  await daemon.requestPairing(PAGE, "Records");
  await page.goto(await daemon.window());
  await expect(page.locator("html")).toHaveAttribute("lang", "vi");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Allow this page to use triend?");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("button", { name: "English" })).toBeFocused();
  expect(await faults(page)).toEqual([]);
  await picture(page, "pairing-english");
  await page.reload();
  await expect(page.getByRole("button", { name: "Allow" })).toBeVisible();
});

test("a program has no origin, and its window says so", async ({ daemon, page }) => {
  const word = await daemon.requestPairing(null, "Phần mềm quản lý trường học");
  await page.goto(await daemon.window());
  await expect(page.locator(".origin")).toHaveText("Một chương trình trên máy này");
  await picture(page, "pairing-program");
  await page.waitForTimeout(700);
  await page.getByRole("button", { name: "Cho phép" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã cho phép");
  await expect.poll(() => daemon.pairingState(word, null)).toBe("approved");
});

for (const { name, size, scheme } of LOOKS) {
  test(`pairing is fit to look at and to read aloud: ${name}`, async ({ daemon, page }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme });
    await daemon.requestPairing(PAGE, "Sổ học bạ điện tử");
    await page.goto(await daemon.window());
    await expect(page.locator(".origin")).toHaveText(PAGE);
    expect(await faults(page)).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    await picture(page, `pairing-${name}`);
    await page.waitForTimeout(700);
    await page.getByRole("button", { name: "Cho phép" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Đã cho phép");
    expect(await faults(page)).toEqual([]);
    await picture(page, `paired-${name}`);
  });
}
