// node build/npm-pack.mjs [--into <folder>] [<package>|<rid>]...
//
// Makes the tarballs that are published to npm, in artifacts/npm: each package of src/packages, and for a RID the one that
// brings its published file. Without a name, all packages of src/packages. No package has an install script.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { components } from "./components.mjs";
import { notices } from "./notices.mjs";
import { versionFaults } from "./npm-versions.mjs";
import { binary, npmPackages, platformPackage, tarball, triples, version } from "./release-targets.mjs";
import { root } from "./results.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { into: { type: "string", default: `${root}/artifacts/npm` } } });
const folder = resolve(values.into);
const faults = versionFaults();
if (faults.length)
  throw new Error(`the packages do not have version ${version}, which Directory.Build.props says:\n  ${faults.join("\n  ")}`);

mkdirSync(folder, { recursive: true });
for (const name of positionals.length ? positionals : npmPackages) {
  if (!npmPackages.includes(name) && !triples[name])
    throw new Error(`'${name}' is neither a package (${npmPackages.join(", ")}) nor a RID (${Object.keys(triples).join(", ")})`);
  const scratch = mkdtempSync(join(folder, ".pack-"));
  try {
    const manifest = triples[name] ? stagePlatform(name, scratch) : stagePackage(name, scratch);
    writeFileSync(join(scratch, "package.json"), JSON.stringify({ ...manifest, ...origin() }, undefined, 2) + "\n");
    copyFileSync(`${root}/LICENSE`, join(scratch, "LICENSE"));
    run("npm", ["pack", "--silent", "--pack-destination", folder], scratch);
    console.log(join(folder, tarball(manifest.name)));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What was written for people who build it is left out, and the server gets its platform packages. */
function stagePackage(name, scratch) {
  const source = `${root}/src/packages/${name}`;
  const { scripts, devDependencies, ...manifest } = JSON.parse(readFileSync(`${source}/package.json`, "utf8"));
  for (const needed of Object.keys(manifest.dependencies ?? {}).filter((other) => other.startsWith("@tinyvex/")))
    if (!existsSync(`${root}/src/packages/${basename(needed)}/dist`))
      compile(basename(needed));
  compile(name, "--outDir", join(scratch, "dist"));
  writeFileSync(join(scratch, "README.md"), withWholeLinks(readFileSync(`${source}/README.md`, "utf8")));
  return name === "server" ? { ...manifest, optionalDependencies: platforms() } : manifest;
}

function stagePlatform(rid, scratch) {
  const { name, os, cpu, libc } = platformPackage(rid);
  if (!existsSync(binary(rid)))
    throw new Error(`${rid} is not published; run './build.sh publish ${rid}' first`);
  const file = `bin/${basename(binary(rid))}`;
  mkdirSync(join(scratch, "bin"));
  copyFileSync(binary(rid), join(scratch, file));
  chmodSync(join(scratch, file), 0o755);
  writeFileSync(join(scratch, "THIRD-PARTY-NOTICES.txt"), notices(components(rid)));
  writeFileSync(join(scratch, "README.md"), `# ${name}\n\nThe Tinyvex server for this system. Install \`@tinyvex/server\`, which brings it along and starts it.\n`);
  return {
    name, version, description: `The Tinyvex server, for ${rid}.`, license: "MIT",
    os: [os], cpu: [cpu], ...(libc && { libc: [libc] }),
    // Package managers that keep archives zipped have to lay this one out, since its file is run.
    preferUnplugged: true,
  };
}

function platforms() {
  return Object.fromEntries(Object.keys(triples).map((rid) => [platformPackage(rid).name, version]));
}

/** Links to the repository's documents, which no package brings, lead to them at this version; where no repository is known, their paths are left. */
function withWholeLinks(readme) {
  const { repository } = origin();
  const base = repository && `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/v${version}/`;
  return readme.replace(/\[([^\]]+)\]\((?:\.\.\/){3}([^)]+)\)/g, (_, words, path) =>
    base ? `[${words}](${base}${path})` : `${words} (\`${path}\` in the repository)`);
}

/** npm takes a package's provenance for true only where it names the repository that it is built in. */
function origin() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
  return repository ? { repository: { type: "git", url: `git+${server}/${repository}.git` } } : {};
}

function compile(name, ...options) {
  run(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, "-p", `src/packages/${name}`, ...options], root);
}

function run(command, args, cwd) {
  // On Windows npm is a script, which needs a shell, and that takes one line.
  const shell = command === "npm" && process.platform === "win32";
  const given = shell ? args.map((arg) => `"${arg}"`) : args;
  const { status, error, stdout, stderr } = spawnSync(command, given, { cwd, encoding: "utf8", shell });
  if (status !== 0)
    throw new Error(`'${command} ${args.join(" ")}' failed with ${error?.message ?? status}\n${stdout}${stderr}`);
}
