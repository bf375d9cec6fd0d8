// node build/check-packages.mjs <rid>
//
// Checks what packing left for a RID that this machine runs, as one who downloads it would, and that it is reproducible.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { components } from "./components.mjs";
import { binary, names, packages, version } from "./release-targets.mjs";
import { record, root } from "./results.mjs";
import { faults } from "./sbom.mjs";

const rid = process.argv[2];
const { folder, archive, sbom, sidecar } = names(rid);
const counts = { passed: 0, failed: 0, skipped: 0 };
const scratch = mkdtempSync(join(tmpdir(), "tinyvex-packages-"));

try {
  await pack("packing works");
  const before = checksums();
  await check("the checksums are those of the files", () =>
    Object.entries(before).flatMap(([name, sum]) => sha256(join(packages, name)) === sum ? [] : [name]));
  await check("archive, sidecar and bill of materials have checksums", () =>
    [archive, sidecar, sbom].filter((name) => !before[name]));
  await check("the archive unpacks into one folder with the published file, licence, notices and README", () => {
    const tar = spawnSync("tar", ["-xf", join(packages, archive), "-C", scratch], { encoding: "utf8" });
    const same = [[binary(rid), binary(rid).split("/").at(-1)], [`${root}/LICENSE`, "LICENSE"], [`${root}/README.md`, "README.md"]];
    return tar.status !== 0 ? [tar.stderr] :
      same.flatMap(([file, name]) => sha256(file) === sha256(join(scratch, folder, name)) ? [] : [name]);
  });
  await check("the unpacked file and the sidecar run", () =>
    [join(scratch, folder, binary(rid).split("/").at(-1)), join(packages, sidecar)].filter((file) =>
      !spawnSync(file, ["--version"], { encoding: "utf8" }).stdout?.startsWith(`tinyvex ${version} `)));
  await check("the bill of materials is valid CycloneDX", async () => {
    const found = await faults(readFileSync(join(packages, sbom), "utf8"));
    return found ? [JSON.stringify(found)] : [];
  });
  await check("the bill and the notices name every part, SQLite and the runtime among them", () => {
    const bill = JSON.parse(readFileSync(join(packages, sbom), "utf8"));
    const notices = readFileSync(join(scratch, folder, "THIRD-PARTY-NOTICES.txt"), "utf8");
    const needed = ["SQLite", `Microsoft.NETCore.App.Runtime.NativeAOT.${rid}`, ...components(rid).map(({ name }) => name)];
    const billed = bill.components.filter(({ licenses, hashes }) => licenses?.length && hashes?.length).map(({ name }) => name);
    return needed.filter((name) => !billed.includes(name) || !notices.includes(name));
  });
  await pack("packing again works");
  await check("packing again gives the same bytes", () =>
    [archive, sidecar, sbom].filter((name) => checksums()[name] !== before[name]));
} finally {
  rmSync(scratch, { recursive: true });
}
record("packages", counts);

function pack(fact) {
  return check(fact, () => {
    const run = spawnSync(process.execPath, [`${root}/build/pack.mjs`, rid], { encoding: "utf8" });
    return run.status === 0 ? [] : [run.stderr];
  });
}

/** A fact holds when nothing speaks against it. */
async function check(fact, find) {
  let against;
  try {
    against = await find();
  } catch (error) {
    against = [error.message];
  }
  counts[against.length ? "failed" : "passed"]++;
  console.log(against.length ? `  FAILED  ${fact}: ${against.join(", ")}` : `  ok      ${fact}`);
}

function checksums() {
  return Object.fromEntries(readFileSync(join(packages, "SHA256SUMS"), "utf8").trim().split("\n").map((line) => line.split("  ").reverse()));
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
