// What keeps a page from triend, in the words that the person reads; and the browser's own question.

import { createServer } from "node:http";
import { type BrowserContext, type Page, expect } from "@playwright/test";
import { picture } from "./daemon";
import { type School, test } from "./school";

const PUBLIC = "https://hocba.truong.example";

async function connect(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Kết nối triend" }).click();
}

/** Serves the records page from an address on the internet, as the browser sees it. */
async function publish(context: BrowserContext, school: School, origin = PUBLIC): Promise<void> {
  await context.route(`${origin}/**`, async (route) => {
    const url = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: `${school.origin}${url.pathname}` }) });
  });
}

test("triend is not running", async ({ page, machine, school }) => {
  await machine.end();
  await page.goto(school.page);
  await connect(page);
  await expect(page.locator("#notice")).toContainText("Không tìm thấy triend trên máy này");
  await picture(page, "client-absent");
  // It is started, and the same button does.
  await machine.begin();
  await connect(page);
  await expect(page.locator("#notice")).toContainText("triend vừa mở một cửa sổ");
});

test("the page's own policy is in the way", async ({ page, school, machine }) => {
  expect(machine.base).toContain("http");
  await page.route(school.page, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), "content-security-policy": "default-src 'self'; connect-src 'self'" };
    await route.fulfill({ response, headers });
  });
  await page.goto(school.page);
  await connect(page);
  await expect(page.locator("#notice")).toContainText("Chính sách nội dung (CSP) của trang này chặn việc gọi triend");
});

test("triend is older than the page needs", async ({ page, school, machine }) => {
  await page.route(`${machine.base}/v1/status`, (route) =>
    route.fulfill({
      headers: { "Access-Control-Allow-Origin": school.origin },
      json: { name: "triend", version: "0.0.9", paired: false, pair_with: "POST /v1/pairings" },
    }),
  );
  await page.goto(school.page);
  await connect(page);
  await expect(page.locator("#notice")).toContainText("triend trên máy này là bản cũ");
});

test("another program took triend's place, and a page that knows triend says so", async ({ page, context, school, machine }) => {
  await page.goto(school.page);
  await connect(page);
  const window = await context.newPage();
  await window.goto(await machine.window(1));
  await window.waitForTimeout(700);
  await window.getByRole("button", { name: "Cho phép" }).click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
  await machine.end();
  const impostor = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    response.setHeader("Content-Type", "application/json");
    response.end(
      JSON.stringify({ name: "triend", version: "9.9.9", paired: true, pair_with: "", proof: "A".repeat(43) }),
    );
  });
  await new Promise<void>((resolve) => impostor.listen(school.port, "127.0.0.1", resolve));
  try {
    await page.reload();
    await connect(page);
    await expect(page.locator("#notice")).toContainText("đang giả làm triend");
    await expect(page.getByRole("button", { name: "Ký 40 học bạ" })).toBeDisabled();
    await picture(page, "client-impostor");
  } finally {
    impostor.closeAllConnections();
    await new Promise((resolve) => impostor.close(resolve));
  }
});

test("a page that is not served by https is told so", async ({ context, page, school, machine }) => {
  expect(machine.base).toContain("http");
  const insecure = "http://hocba.truong.example";
  await publish(context, school, insecure);
  await page.goto(`${insecure}/`);
  await connect(page);
  await expect(page.locator("#notice")).toContainText("không dùng https");
});

test("the browser keeps the page from this machine because the person said no", async ({ context, page, school, machine }) => {
  expect(machine.base).toContain("http");
  await publish(context, school);
  await context.grantPermissions([], { origin: PUBLIC });
  await page.goto(`${PUBLIC}/`);
  await connect(page);
  await expect(page.locator("#notice")).toContainText("Trình duyệt không cho trang này gọi ứng dụng trên máy");
  await picture(page, "client-denied");
});

test("a page on the internet is let in where the person said yes to the browser", async ({ context, page, school, machine }) => {
  await publish(context, school);
  await context.grantPermissions(["local-network-access"], { origin: PUBLIC });
  await page.goto(`${PUBLIC}/`);
  await connect(page);
  const window = await context.newPage();
  await window.goto(await machine.window(1));
  await expect(window.locator(".origin")).toHaveText(PUBLIC);
  await window.waitForTimeout(700);
  await window.getByRole("button", { name: "Cho phép" }).click();
  await expect(page.locator("#connection")).toContainText("Đã kết nối triend");
});

test("trien.js and its types are had from triend by a page of any origin", async ({ page, machine, school }) => {
  await page.goto(school.page);
  const { names, types } = await page.evaluate(async (base) => {
    const response = await fetch(`${base}/trien.js`);
    const script = await response.text();
    const blob = URL.createObjectURL(new Blob([script], { type: response.headers.get("content-type") ?? "" }));
    return { names: script.includes("export {"), types: await (await fetch(`${base}/trien.d.ts`)).text(), blob };
  }, machine.base);
  expect(names).toBe(true);
  expect(types).toContain("export declare class Triend");
  expect(types).not.toContain("import ");
});
