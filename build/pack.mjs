// node build/pack.mjs <rid>...
//
// Turns published files into what is released, in artifacts/packages: for each RID an archive, the file under the name
// that Tauri asks of a sidecar, and a bill of materials; then the checksums of all that is there. The same commit and
// the same published file give the same bytes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { create } from "tar";
import { components } from "./components.mjs";
import { notices } from "./notices.mjs";
import { binary, names, packages, runsHere, triples } from "./release-targets.mjs";
import { root } from "./results.mjs";
import { bill } from "./sbom.mjs";

/** Files that tinyvex prints itself: path in the archive, and the arguments for it. */
const printed = {
  "tinyvex.1": ["man"],
  "completions/tinyvex.bash": ["completions", "bash"],
  "completions/tinyvex.zsh": ["completions", "zsh"],
  "completions/tinyvex.fish": ["completions", "fish"],
  "completions/tinyvex.ps1": ["completions", "powershell"],
};

const time = commitTime();
mkdirSync(packages, { recursive: true });
for (const rid of process.argv.slice(2))
  await pack(rid);
writeChecksums();

async function pack(rid) {
  if (!triples[rid])
    throw new Error(`'${rid}' is not released; released are ${Object.keys(triples).join(", ")}`);
  if (!existsSync(binary(rid)))
    throw new Error(`${rid} is not published; run './build.sh publish ${rid}' first`);

  const { folder, archive, sbom, sidecar } = names(rid);
  const parts = components(rid);
  const scratch = mkdtempSync(join(packages, ".pack-"));
  try {
    const staged = stage(rid, join(scratch, folder), parts);
    if (rid.startsWith("win"))
      writeFileSync(join(packages, archive), zip(scratch, staged.map((file) => `${folder}/${file}`)));
    else
      await create({ cwd: scratch, file: join(packages, archive), gzip: { level: 9 }, portable: true, mtime: new Date(time * 1000) },
        staged.map((file) => `${folder}/${file}`));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  copyFileSync(binary(rid), join(packages, sidecar));
  chmodSync(join(packages, sidecar), 0o755);
  writeFileSync(join(packages, sbom), bill(rid, parts, time));
  console.log([archive, sidecar, sbom].map((name) => `artifacts/packages/${name}`).join("\n"));
}

/** Puts together what the archive holds, and names it in order. */
function stage(rid, folder, parts) {
  const files = {
    [rid.startsWith("win") ? "tinyvex.exe" : "tinyvex"]: readFileSync(binary(rid)),
    "LICENSE": readFileSync(`${root}/LICENSE`),
    "README.md": readFileSync(`${root}/README.md`),
    "THIRD-PARTY-NOTICES.txt": notices(parts),
  };
  for (const [path, args] of Object.entries(printed))
    files[path] = print(rid, args);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    chmodSync(join(folder, path), /^tinyvex(\.exe)?$/.test(path) ? 0o755 : 0o644);
  }
  return Object.keys(files).sort();
}

/** What the file prints is the same on every system, so where its own does not run, this machine's answers. */
function print(rid, args) {
  const file = [rid, ...Object.keys(triples)].find((candidate) => runsHere(candidate) && existsSync(binary(candidate)));
  if (!file)
    throw new Error(`no published file runs on this machine to print '${args.join(" ")}'; run './build.sh publish' first`);
  const run = spawnSync(binary(file), args, { encoding: "utf8" });
  if (run.status !== 0 || !run.stdout)
    throw new Error(`'tinyvex ${args.join(" ")}' failed with ${run.status ?? run.error}\n${run.stderr}`);
  return run.stdout;
}

function zip(folder, files) {
  const entries = files.map((file) => [file, [readFileSync(join(folder, file)), { level: 9, mtime: dosTime() }]]);
  return zipSync(Object.fromEntries(entries));
}

/** Zip holds local time without a zone. So that every machine writes the same, its own zone is taken out first. */
function dosTime() {
  const utc = new Date(time * 1000);
  return new Date(utc.getTime() + utc.getTimezoneOffset() * 60_000);
}

function writeChecksums() {
  const lines = readdirSync(packages).filter((name) => name.startsWith("tinyvex-")).sort()
    .map((name) => `${createHash("sha256").update(readFileSync(join(packages, name))).digest("hex")}  ${name}\n`);
  writeFileSync(join(packages, "SHA256SUMS"), lines.join(""));
}

function commitTime() {
  if (process.env.SOURCE_DATE_EPOCH)
    return Number(process.env.SOURCE_DATE_EPOCH);
  const git = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  if (git.status !== 0)
    throw new Error("archives carry the time of the commit; outside of a git clone set SOURCE_DATE_EPOCH");
  return Number(git.stdout);
}
