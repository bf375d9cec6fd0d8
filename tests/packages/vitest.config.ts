import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["*/**/*.test.{ts,tsx}"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores, on which real servers run too.
    maxWorkers: 2,
    reporters: process.env["JUNIT_REPORT"] ? ["default", ["junit", { outputFile: process.env["JUNIT_REPORT"], addFileAttribute: true }]] : ["default"],
  },
});
