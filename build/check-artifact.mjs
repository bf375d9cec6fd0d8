// node build/check-artifact.mjs <rid> [--accept-size]
//
// Checks what publishing left: one file, which needs nothing but the system, of the size we expect. The size may
// neither grow nor shrink unnoticed: a jump up is a dependency that crept in, a jump down a feature trimmed away.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { record, root } from "./results.mjs";

const limit = 15_000_000;
const tolerance = 0.05;
const sizes = `${root}/build/size.json`;

const [rid, flag] = process.argv.slice(2);
const folder = `${root}/artifacts/${rid}`;
const name = rid.startsWith("win") ? "tinyvex.exe" : "tinyvex";
const counts = { passed: 0, failed: 0, skipped: 0 };

const files = list(folder);
if (check(files.length === 1 && files[0] === name, `artifacts/${rid} holds one file`, `it holds [${files.join(", ")}], not [${name}]`)) {
  checkNeeds();
  checkSize(statSync(`${folder}/${name}`).size);
}
record("artifact", counts);
process.exitCode = counts.failed ? 1 : 0;

/** Direct needs are enough: what libc and libm need is libc's business. readelf reads every architecture, ldd its own. */
function checkNeeds() {
  const [tool, args, pattern, allowed] = rid.startsWith("linux")
    ? ["readelf", ["-d"], /\(NEEDED\).*\[(.+)\]/g, /^(libc|libm|ld-linux[-\w]*)\.so\.\d+$/]
    : ["otool", ["-L"], /^\s+(\S+) \(/gm, /^\/(usr\/lib|System\/Library)\//];
  const run = spawnSync(tool, [...args, `${folder}/${name}`], { encoding: "utf8" });
  if (run.error) {
    counts.skipped++;
    return;
  }
  const needs = [...run.stdout.matchAll(pattern)].map((match) => match[1]);
  const strangers = needs.filter((library) => !allowed.test(library));
  check(needs.length > 0 && strangers.length === 0, "it needs only the system's own libraries", `it also needs [${strangers.join(", ")}]`);
}

function checkSize(size) {
  const shown = `${size.toLocaleString("en")} bytes`;
  check(size <= limit, `it has ${shown}, within the limit`, `it has ${shown}, the limit is ${limit.toLocaleString("en")}`);

  const expected = JSON.parse(readFileSync(sizes, "utf8"));
  if (flag === "--accept-size") {
    expected[rid] = size;
    writeFileSync(sizes, JSON.stringify(expected, Object.keys(expected).sort(), 2) + "\n");
    console.log(`build/size.json now expects ${shown} for ${rid}; commit it with the reason`);
  }
  const wanted = expected[rid];
  if (wanted === undefined) {
    counts.skipped++;
    return;
  }
  const change = ((size / wanted - 1) * 100).toFixed(1);
  check(Math.abs(size / wanted - 1) <= tolerance, "its size is as expected",
    `it has ${shown}, ${change} % off the expected ${wanted.toLocaleString("en")}; if that is right, ` +
    `run './build.sh publish ${rid} --accept-size' and commit build/size.json with the reason`);
}

function check(holds, fact, fault) {
  counts[holds ? "passed" : "failed"]++;
  console.log(holds ? `  ok      ${fact}` : `  FAILED  ${fault}`);
  return holds;
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
