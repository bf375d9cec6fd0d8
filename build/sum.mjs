// node build/sum.mjs <suite>...
//
// Adds up what the named suites left. Its line is the last of a test run, its exit code the run's.
import { describe, recall } from "./results.mjs";

const sum = { passed: 0, failed: 0, skipped: 0 };
for (const counts of process.argv.slice(2).map(recall))
  for (const key in sum)
    sum[key] += counts[key];

console.log(describe(sum));
process.exitCode = sum.failed || !sum.passed ? 1 : 0;
