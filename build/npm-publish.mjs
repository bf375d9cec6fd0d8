// node build/npm-publish.mjs <tag>
//
// Publishes what is in artifacts/npm: first the packages that bring a file, then those that ask for them. npm knows the
// release workflow as the publisher, so there is no token, and signs where each package was built. A package that is there
// already, from a run that was cut off, is passed over.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { npmPackages, platformPackage, tarball, triples, version } from "./release-targets.mjs";
import { root } from "./results.mjs";

const [tag] = process.argv.slice(2);
const folder = `${root}/artifacts/npm`;
const wanted = [...Object.keys(triples).map((rid) => platformPackage(rid).name), ...npmPackages.map((name) => `@tinyvex/${name}`)];
const found = existsSync(folder) ? readdirSync(folder) : [];
const missing = wanted.map(tarball).filter((file) => !found.includes(file));
if (tag !== `v${version}`)
  throw new Error(`the tag is '${tag ?? ""}', but Directory.Build.props says version ${version}`);
if (missing.length)
  throw new Error(`artifacts/npm does not hold this release: missing [${missing.join(", ")}]`);

for (const name of wanted) {
  if (npm(["view", `${name}@${version}`, "version"], "pipe").stdout?.trim() === version) {
    console.log(`${name} ${version} is published already`);
    continue;
  }
  const { status, error } = npm(["publish", `./${tarball(name)}`, "--access", "public", "--provenance"], "inherit");
  if (status !== 0)
    throw new Error(`publishing ${name} failed with ${error?.message ?? status}`);
}

function npm(args, stdio) {
  return spawnSync("npm", args, { cwd: folder, encoding: "utf8", stdio });
}
