import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // One browser beside one server: there are two cores.
  workers: 1,
  outputDir: "../../artifacts/browser",
  reporter: process.env["JUNIT_REPORT"] ? [["list"], ["junit", { outputFile: process.env["JUNIT_REPORT"] }]] : [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
});
