// What a published file is made of: what the native compiler read for it, SQLite, and musl where it is linked in.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { dirname } from "node:path/posix";
import { root } from "./results.mjs";

/** Components with name, version, licence, hash (SHA-512, hex), purl and the texts that their licences ask to pass on. */
export function components(rid) {
  return [...nugetPackages(rid), sqlite(), ...(rid.startsWith("linux-musl") ? [musl()] : [])];
}

/** The compiler's response file names every assembly that it read, and with it the package that brought it. */
function nugetPackages(rid) {
  const responses = `${root}/artifacts/obj/Tinyvex.Cli/release_${rid}/native/tinyvex.ilc.rsp`;
  const read = readFileSync(responses, "utf8").matchAll(/^-r:"?(.+?)"?\r?$/gm);
  const folders = new Set();
  for (const [, path] of read) {
    const assembly = path.replaceAll("\\", "/");
    if (/^(.*\/)?artifacts\/bin\/Tinyvex\./.test(assembly))
      continue;
    folders.add(packageOf(assembly));
  }
  return [...folders].sort().map(nugetPackage);
}

/** The folder above it with a package's description: NuGet's own folder may be anywhere. */
function packageOf(assembly) {
  for (let folder = dirname(assembly); folder !== dirname(folder); folder = dirname(folder)) {
    if (readdirSync(folder).some((name) => name.endsWith(".nuspec")))
      return folder;
  }
  throw new Error(`${assembly} is in the file, but no NuGet package holds it, so nothing is known of its licence`);
}

function nugetPackage(folder) {
  const files = readdirSync(folder);
  const text = (pattern) => readFileSync(`${folder}/${files.find((name) => pattern.test(name))}`, "utf8");
  const nuspec = text(/\.nuspec$/);
  const field = (name) => new RegExp(`<${name}[^>]*>([^<]+)</${name}>`).exec(nuspec)?.[1].replace("&amp;", "&");
  const [name, version] = [field("id"), field("version")];
  return {
    name,
    version,
    supplier: field("authors"),
    copyright: field("copyright"),
    license: /<license type="expression">([^<]+)</.exec(nuspec)?.[1] ?? fail(`${name} ${version} does not name its licence`),
    purl: `pkg:nuget/${name}@${version}`,
    sha512: Buffer.from(text(/\.nupkg\.sha512$/).trim(), "base64").toString("hex"),
    notices: files.filter((file) => /^(license|third-?party-?notices?)(\.txt|\.md)?$/i.test(file)).sort()
      .map((file) => readFileSync(`${folder}/${file}`, "utf8")),
  };
}

/** Its hash is that of the npm package that carried the source. */
function sqlite() {
  const source = JSON.parse(readFileSync(`${root}/src/native/sqlite-source.json`, "utf8"));
  return {
    name: "SQLite",
    version: source.version,
    supplier: "SQLite Consortium",
    copyright: "public domain",
    license: "blessing",
    purl: `pkg:generic/sqlite@${source.version}`,
    carrier: `pkg:npm/${source.carrier}@${source.carrierVersion}`,
    sha512: Buffer.from(source.integrity.replace("sha512-", ""), "base64").toString("hex"),
    notices: [],
  };
}

/** The static library of the machine that publishes; the loader beside it says which version it is of. */
function musl() {
  const version = /^Version (\S+)$/m.exec(spawnSync("/lib/ld-musl-x86_64.so.1", { encoding: "utf8" }).stderr ?? "")?.[1] ??
    fail("musl is linked in, but not installed here; publish and pack on one machine");
  return {
    name: "musl",
    version,
    supplier: "musl",
    copyright: "Copyright © Rich Felker and others",
    license: "MIT",
    purl: `pkg:generic/musl@${version}`,
    sha512: createHash("sha512").update(readFileSync("/usr/lib/x86_64-linux-musl/libc.a")).digest("hex"),
    notices: [readFileSync("/usr/share/doc/musl-dev/copyright", "utf8")],
  };
}

function fail(message) {
  throw new Error(message);
}
