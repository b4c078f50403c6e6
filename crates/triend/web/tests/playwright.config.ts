import { existsSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

/** The system's own Chromium; none is fetched from anywhere. */
const browsers = ["chromium", "chromium-browser", "google-chrome"];
const folders = (process.env["PATH"] ?? "").split(":");
const executablePath = browsers.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);

export default defineConfig({
  testDir: ".",
  outputDir: "../results",
  // Far more than anything takes: a machine that builds something else at the same time is slow.
  timeout: 900_000,
  expect: { timeout: 180_000 },
  // Each test has a daemon of its own, and the machine few processors.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  reporter: "list",
  use: {
    browserName: "chromium",
    viewport: { width: 1366, height: 768 },
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ["--no-sandbox"],
      timeout: 300_000,
    },
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
  },
});
