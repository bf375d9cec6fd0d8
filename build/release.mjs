// node build/release.mjs check-tag <tag>    the tag is that of the version, and the changes are written down
// node build/release.mjs release <tag>      releases what is in artifacts/packages, with checksums
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { versionFaults } from "./npm-versions.mjs";
import { names, packages, triples, version } from "./release-targets.mjs";
import { root } from "./results.mjs";

const [verb, tag] = process.argv.slice(2);
const notes = checkTag();
if (verb === "release")
  release();

/** Returns what CHANGELOG.md says of the version. */
function checkTag() {
  if (tag !== `v${version}`)
    fail(`the tag is '${tag ?? ""}', but Directory.Build.props says version ${version}, so it has to be 'v${version}'`);
  const faults = versionFaults();
  if (faults.length)
    fail(`Directory.Build.props says version ${version}, but:\n  ${faults.join("\n  ")}`);
  const section = new RegExp(`^## ${version.replaceAll(".", "\\.")}( .*)?\\n([^]*?)(?=^## |(?![^]))`, "m").exec(readFileSync(`${root}/CHANGELOG.md`, "utf8"));
  if (!section?.[2].trim())
    fail(`CHANGELOG.md has no section '## ${version}'; name the one of unreleased changes so`);
  console.log(`${tag} is version ${version}, and its changes are written down`);
  return section[2].trim();
}

function release() {
  const wanted = Object.keys(triples).flatMap((rid) => { const { archive, sbom, sidecar } = names(rid); return [archive, sbom, sidecar]; }).sort();
  const found = existsSync(packages) ? readdirSync(packages).filter((name) => name.startsWith("tinyvex-")).sort() : [];
  const missing = wanted.filter((name) => !found.includes(name));
  const strange = found.filter((name) => !wanted.includes(name));
  if (missing.length || strange.length)
    fail(`artifacts/packages does not hold this release: missing [${missing.join(", ")}], not part of it [${strange.join(", ")}]`);

  const sums = `${packages}/SHA256SUMS`;
  writeFileSync(sums, wanted.map((name) => `${sha256(`${packages}/${name}`)}  ${name}\n`).join(""));
  const gh = spawnSync("gh", ["release", "create", tag, "--verify-tag", "--title", `Tinyvex ${version}`, "--notes", notes,
    ...wanted.map((name) => `${packages}/${name}`), sums], { cwd: root, stdio: "inherit" });
  if (gh.status !== 0)
    fail(`'gh release create' failed with ${gh.error?.message ?? gh.signal ?? gh.status}`);
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
