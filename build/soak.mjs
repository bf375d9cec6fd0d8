// node build/soak.mjs <test executable> <server> [MINUTES] [--seed N]
//
// Runs the storm against the published file, again and again with new seeds, a line for each, for so many minutes or until one fails. With
// --seed the first one has that seed. Ends with 1 and the seed where a storm failed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { root } from "./results.mjs";

const [executable, server, ...args] = process.argv.slice(2);
const seeds = args.flatMap((arg, i) => (arg === "--seed" ? [Number(args[i + 1])] : []));
const minutes = Number(args.find((arg, i) => args[i - 1] !== "--seed" && arg !== "--seed") ?? 10);
if (!(minutes > 0) || seeds.some((seed) => !Number.isInteger(seed))) {
  console.error("Say for how many minutes, and after --seed a whole number.");
  process.exit(2);
}

const log = `${root}/artifacts/storm/storms.log`;
const longest = 5 * 60_000; // a storm takes half a minute
const end = Date.now() + minutes * 60_000;
mkdirSync(`${root}/artifacts/storm`, { recursive: true });
for (let storms = 1; storms === 1 || Date.now() < end; storms++) {
  const seed = seeds.shift() ?? Math.floor(Math.random() * 2 ** 31);
  rmSync(log, { force: true });
  const run = spawnSync(executable, ["--treenode-filter", "/*/Tinyvex.Tests.Storm/StormTests/*"], {
    encoding: "utf8",
    timeout: longest,
    killSignal: "SIGKILL",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, TINYVEX_TEST_BINARY: server, TINYVEX_TEST_SEED: String(seed), TUNIT_DISABLE_HTML_REPORTER: "true" },
  });
  console.log(`storm ${storms}, ${summary() ?? `seed ${seed} left no summary`}`);
  if (run.status !== 0) {
    console.log(run.stdout);
    console.log(`The storm of seed ${seed} failed${run.error ? `: ${run.error.message}` : ""}. Again: soak 1 --seed ${seed}`);
    process.exit(1);
  }
}

function summary() {
  try {
    return readFileSync(log, "utf8").trim().split("\n").at(-1);
  } catch {
    return undefined;
  }
}
