// node build/suite.mjs <name> <test executable> [arguments]
//
// Runs one test suite, shows its output only when something is wrong, and leaves its counts for sum.mjs, whose
// exit code is the verdict on all suites: this one always ends well. A crash, a hang and an empty run are failures.
// The executable leaves a JUnit report at the path in JUNIT_REPORT; TUnit's are told by an argument.
import { spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { record, root } from "./results.mjs";

const [name, executable, ...args] = process.argv.slice(2);
const log = `${root}/artifacts/logs/test-${name}.log`;
const report = `${root}/artifacts/results/${name}.xml`;
const minutes = 25;
const zeroTests = 8; // the test platform's exit code for it

mkdirSync(`${root}/artifacts/logs`, { recursive: true });
mkdirSync(`${root}/artifacts/results`, { recursive: true });
rmSync(report, { force: true });

const output = openSync(log, "w");
const reporting = executable === "npx" ? [] : ["--junit-output-path", report];
const run = spawnSync(executable, [...args, ...reporting], {
  // On Windows npx is a script.
  shell: executable === "npx" && process.platform === "win32",
  stdio: ["ignore", output, output],
  timeout: minutes * 60_000,
  killSignal: "SIGKILL",
  env: { ...process.env, TUNIT_ENABLE_JUNIT_REPORTER: "true", TUNIT_DISABLE_HTML_REPORTER: "true", JUNIT_REPORT: report },
});

const counts = readReport();
const trouble =
  run.error ? (run.error.code === "ETIMEDOUT" ? `did not end within ${minutes} minutes` : run.error.message)
  : run.status === zeroTests ? "ran no test"
  : !counts ? `crashed with ${run.signal ?? run.status}`
  : counts.passed + counts.failed === 0 ? "skipped every test"
  : run.status !== 0 && counts.failed === 0 ? `ended with ${run.signal ?? run.status}`
  : undefined;

const { passed, failed, skipped, failures } = counts ?? { passed: 0, failed: 0, skipped: 0, failures: [] };
if (trouble || failed)
  process.stdout.write(readFileSync(log, "utf8"));
record(name, { passed, failed: failed + (trouble ? 1 : 0), skipped, failures: trouble ? [...failures, trouble] : failures }, trouble);

/** Every test of the report; a suite that died has left none. */
function readReport() {
  let cases;
  try {
    cases = readFileSync(report, "utf8").split("<testcase ").slice(1);
  } catch {
    return undefined;
  }
  const failures = cases.filter((one) => /<(failure|error)\b/.test(one)).map(describe);
  const skipped = cases.filter((one) => /<skipped\b/.test(one)).length;
  return { passed: cases.length - failures.length - skipped, failed: failures.length, skipped, failures };
}

/** A test and what it said, in one line. */
function describe(testcase) {
  const attribute = (name) => new RegExp(`\\b${name}="([^"]*)"`).exec(testcase)?.[1] ?? "";
  const text = `${attribute("classname")} ${attribute("name")}: ${attribute("message")}`;
  const characters = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(#x?[\da-fA-F]+|\w+);/g, (_, code) => characters[code] ?? " ").replace(/\s+/g, " ").slice(0, 500);
}
