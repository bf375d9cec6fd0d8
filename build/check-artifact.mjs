// node build/check-artifact.mjs <rid> [--accept-size] [--tested]
//
// Checks what publishing left: one file, which needs nothing but the system, of the size we expect, and which runs. The
// size may neither grow nor shrink unnoticed: a jump up is a dependency that crept in, a jump down a feature trimmed away.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, runsHere, version } from "./release-targets.mjs";
import { record, root } from "./results.mjs";

const limit = 16_000_000;
const tolerance = 0.05;
// The oldest glibc that the file starts on, which is that of Debian 12, Ubuntu 22.04 and RHEL 9. Threads and dlopen came
// into libc itself then, so whatever is linked on a newer system asks for it. Older systems take the file for musl.
const glibc = "2.34";
const sizes = `${root}/build/size.json`;

const [rid, ...flags] = process.argv.slice(2);
const folder = `${root}/artifacts/${rid}`;
const name = rid.startsWith("win") ? "tinyvex.exe" : "tinyvex";
const counts = { passed: 0, failed: 0, skipped: 0 };

const files = list(folder);
if (check(files.length === 1 && files[0] === name, `artifacts/${rid} holds one file`, `it holds [${files.join(", ")}], not [${name}]`)) {
  if (rid.startsWith("linux-musl"))
    checkStatic();
  else
    checkNeeds();
  if (/^linux-(x64|arm64)$/.test(rid))
    checkGlibc();
  checkRuns();
  checkSize(statSync(`${folder}/${name}`).size);
}
record("artifact", counts);
process.exitCode = counts.failed ? 1 : 0;

/** Direct needs are enough: what libc and libm need is libc's business. readelf reads every architecture, ldd its own. */
function checkNeeds() {
  if (rid.startsWith("win"))
    return skip("what it needs: no tool that every Windows has tells it");
  const [tool, args, pattern, allowed] = rid.startsWith("linux")
    ? ["readelf", ["-d"], /\(NEEDED\).*\[(.+)\]/g, /^(libc|libm|ld-linux[-\w]*)\.so\.\d+$/]
    : ["otool", ["-L"], /^\s+(\S+) \(/gm, /^\/(usr\/lib|System\/Library)\//];
  const run = spawnSync(tool, [...args, `${folder}/${name}`], { encoding: "utf8" });
  if (run.error)
    return skip(`what it needs: ${tool} is not installed`);
  const needs = [...run.stdout.matchAll(pattern)].map((match) => match[1]);
  const strangers = needs.filter((library) => !allowed.test(library));
  check(needs.length > 0 && strangers.length === 0, "it needs only the system's own libraries", `it also needs [${strangers.join(", ")}]`);
}

function checkStatic() {
  const run = spawnSync("readelf", ["-ld", `${folder}/${name}`], { encoding: "utf8" });
  if (run.error)
    return skip("that it is static: readelf is not installed");
  check(run.status === 0 && !/\(NEEDED\)|Requesting program interpreter/.test(run.stdout),
    "it is static: it needs no library and no loader", "it is not static: readelf -ld shows a library or a loader");
}

function checkGlibc() {
  const run = spawnSync("readelf", ["-W", "--dyn-syms", `${folder}/${name}`], { encoding: "utf8" });
  if (run.error)
    return skip("the oldest glibc: readelf is not installed");
  const versions = [...run.stdout.matchAll(/(\S+)@+GLIBC_(2\.\d+)/g)].map(([, symbol, version]) => ({ symbol, minor: Number(version.slice(2)) }));
  const newest = Math.max(...versions.map(({ minor }) => minor));
  const culprits = versions.filter(({ minor }) => minor === newest).map(({ symbol }) => symbol);
  check(versions.length > 0 && newest <= Number(glibc.slice(2)), `it starts on glibc 2.${newest} and later`,
    `it needs glibc 2.${newest} for ${culprits.join(", ")}; promised is ${glibc}`);
}

function checkRuns() {
  if (!runsHere(rid))
    return skip("that it runs: it is for another system");
  const run = spawnSync(binary(rid), ["--version"], { encoding: "utf8", timeout: 30_000 });
  check(run.status === 0 && run.stdout.startsWith(`tinyvex ${version} `), `it runs and says that it is ${version}`,
    `'--version' ended with ${run.status ?? run.signal ?? run.error} and said '${run.stdout}${run.stderr}'`);

  // A turn takes as long as its recording did, and after the end-to-end tests it tells nothing new.
  if (flags.includes("--tested"))
    return;
  const work = mkdtempSync(join(tmpdir(), "tinyvex-artifact-"));
  const turn = spawnSync(binary(rid), ["demo", "--once", "--port", "0", "--db", join(work, "demo.db")], { encoding: "utf8", timeout: 60_000, input: "" });
  check(turn.status === 0 && turn.stdout.includes("✓ Read src/cut.js (read)"), "an agent takes a turn in it",
    `'demo --once' ended with ${turn.status ?? turn.signal ?? turn.error} and said '${turn.stdout}${turn.stderr}'`);
  rmSync(work, { recursive: true });
}

function checkSize(size) {
  const shown = `${size.toLocaleString("en")} bytes`;
  check(size <= limit, `it has ${shown}, within the limit`, `it has ${shown}, the limit is ${limit.toLocaleString("en")}`);

  const expected = JSON.parse(readFileSync(sizes, "utf8"));
  if (flags.includes("--accept-size")) {
    expected[rid] = size;
    writeFileSync(sizes, JSON.stringify(expected, Object.keys(expected).sort(), 2) + "\n");
    console.log(`build/size.json now expects ${shown} for ${rid}; commit it with the reason`);
  }
  const wanted = expected[rid];
  if (wanted === undefined)
    return skip(`whether ${shown} are right: nobody has measured ${rid} yet; --accept-size notes it`);
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

function skip(what) {
  counts.skipped++;
  console.log(`  skipped ${what}`);
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
