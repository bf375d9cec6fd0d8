// node build/sum.mjs <suite>...
//
// Adds up what the named suites left, and names what failed. Its line is the last of a test run, its exit code the run's.
import { describe, recall } from "./results.mjs";

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const suite of process.argv.slice(2)) {
  const counts = recall(suite);
  for (const key in sum)
    sum[key] += counts[key];
  for (const failure of counts.failures ?? [])
    console.log(`failed in ${suite}: ${failure}`);
}

console.log(describe(sum));
process.exitCode = sum.failed || !sum.passed ? 1 : 0;
