// Whether the packages have the version of the server that they are for.
import { readFileSync, readdirSync } from "node:fs";
import { version } from "./release-targets.mjs";
import { root } from "./results.mjs";

/** Each place in a package.json of the workspace that names another version of ours. */
export function versionFaults() {
  const folders = JSON.parse(readFileSync(`${root}/package.json`, "utf8")).workspaces
    .flatMap((place) => place.endsWith("/*") ? readdirSync(`${root}/${place.slice(0, -2)}`).map((name) => place.replace("*", name)) : [place]);
  const manifests = folders.map((folder) => `${folder}/package.json`);
  return manifests.flatMap((path) => {
    const manifest = JSON.parse(readFileSync(`${root}/${path}`, "utf8"));
    const own = manifest.version === undefined ? [] : [["version", manifest.version]];
    const needed = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]
      .flatMap((kind) => Object.entries(manifest[kind] ?? {})).filter(([name]) => name.startsWith("@tinyvex/"));
    return [...own, ...needed].filter(([, named]) => named !== version).map(([what, named]) => `${path} has ${what} ${named}`);
  });
}
