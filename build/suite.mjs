// node build/suite.mjs <name> <test executable> [arguments]
//
// Runs one test suite, shows its output only when something is wrong, and leaves its counts for sum.mjs, whose
// exit code is the verdict on all suites: this one always ends well. A crash, a hang and an empty run are failures.
import { spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { record, root } from "./results.mjs";

const [name, executable, ...args] = process.argv.slice(2);
const log = `${root}/artifacts/logs/test-${name}.log`;
const report = `${root}/artifacts/results/${name}.xml`;
const minutes = 15;
const zeroTests = 8; // the test platform's exit code for it

mkdirSync(`${root}/artifacts/logs`, { recursive: true });
mkdirSync(`${root}/artifacts/results`, { recursive: true });
rmSync(report, { force: true });

const output = openSync(log, "w");
const run = spawnSync(executable, [...args, "--junit-output-path", report], {
  stdio: ["ignore", output, output],
  timeout: minutes * 60_000,
  killSignal: "SIGKILL",
  env: { ...process.env, TUNIT_ENABLE_JUNIT_REPORTER: "true", TUNIT_DISABLE_HTML_REPORTER: "true" },
});

const counts = readReport();
const trouble =
  run.error ? (run.error.code === "ETIMEDOUT" ? `did not end within ${minutes} minutes` : run.error.message)
  : run.status === zeroTests ? "ran no test"
  : !counts ? `crashed with ${run.signal ?? run.status}`
  : counts.passed + counts.failed === 0 ? "skipped every test"
  : run.status !== 0 && counts.failed === 0 ? `ended with ${run.signal ?? run.status}`
  : undefined;

const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
if (trouble || failed)
  process.stdout.write(readFileSync(log, "utf8"));
record(name, { passed, failed: failed + (trouble ? 1 : 0), skipped }, trouble);

/** The totals stand on the report's root element; a suite that died has left none. */
function readReport() {
  let head;
  try {
    head = /<testsuites [^>]*>/.exec(readFileSync(report, "utf8"))[0];
  } catch {
    return undefined;
  }
  const count = (attribute) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(head)[1]);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  return { passed: count("tests") - failed - skipped, failed, skipped };
}
