// What the suites of one test run leave for the sum.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed` + (skipped ? `, ${skipped} skipped` : "");
}

export function record(name, counts, trouble) {
  mkdirSync(`${root}/artifacts/results`, { recursive: true });
  writeFileSync(file(name), JSON.stringify(counts));
  console.log(`${name} tests: ${describe(counts)}` + (trouble ? ` (${trouble})` : ""));
}

/** A suite that left nothing, because what it needs was not built, counts as one failure. */
export function recall(name) {
  try {
    return JSON.parse(readFileSync(file(name), "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ["it could not be run"] };
  }
}

function file(name) {
  return `${root}/artifacts/results/${name}.json`;
}
