// node build-sqlite.mjs <rid> [output directory]
//
// Builds SQLite for one RID, twice from one source and one options file: a static library, which the published
// file contains, and a shared one, which ordinary builds load, so that the tests run on the SQLite that ships.
// Does nothing when both are newer than this script, the options and the pinned source. Called by Sqlite.targets and by
// the build scripts.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const optionsFile = join(here, "sqlite-options.txt");
const sourceFile = join(here, "sqlite-source.json");
// The npm package is the amalgamation's carrier, pinned by its hash; nothing else of it is used.
const { carrier, carrierVersion, integrity } = JSON.parse(readFileSync(sourceFile, "utf8"));
const rid = process.argv[2] ?? "";
const output = resolve(process.argv[3] ?? join(here, "../../artifacts/native"));

const [, os, musl, arch] = /^(linux|osx|win)((?<=linux)-musl)?-(x64|arm64)$/.exec(rid) ??
  fail(`unknown RID '${rid}'; known are linux, linux-musl, osx and win, each with -x64 or -arm64`);
if (os !== { darwin: "osx", win32: "win" }[process.platform] && os !== process.platform)
  fail(`${rid} is built on its own system: Native AOT does not cross from one to another`);
const libraries = {
  linux: { static: "libe_sqlite3.a", shared: "libe_sqlite3.so" },
  osx: { static: "libe_sqlite3.a", shared: "libe_sqlite3.dylib" },
  win: { static: "e_sqlite3.lib", shared: "e_sqlite3.dll" },
}[os];
const target = join(output, rid);

if (!upToDate()) {
  // All work is done aside and renamed at the end: a build cut short, or two at once, never leave half a file.
  const scratch = join(output, `${rid}.${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    fetchAmalgamation(scratch);
    (os === "win" ? compileWindows : compileUnix)(scratch);
    mkdirSync(target, { recursive: true });
    for (const name of Object.values(libraries))
      renameSync(join(scratch, name), join(target, name));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function upToDate() {
  const inputs = [fileURLToPath(import.meta.url), optionsFile, sourceFile].map(modified);
  const outputs = Object.values(libraries).map((name) => modified(join(target, name)));
  return Math.min(...outputs) > Math.max(...inputs);
}

function modified(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

/** Puts sqlite3.c into the folder. The carrier is fetched once and held against its hash on every use. */
function fetchAmalgamation(folder) {
  const archive = `${carrier}-${carrierVersion}.tgz`;
  const cached = join(output, archive);
  if (!existsSync(cached)) {
    run("npm", ["pack", `${carrier}@${carrierVersion}`, "--silent"], folder);
    renameSync(join(folder, archive), cached);
  }
  const actual = "sha512-" + createHash("sha512").update(readFileSync(cached)).digest("base64");
  if (actual !== integrity) {
    rmSync(cached);
    fail(`${archive} is not the file that was pinned, so it was deleted: expected ${integrity}, got ${actual}`);
  }
  run("tar", ["-xzf", `../${archive}`, "--strip-components=3", "package/deps/sqlite3"], folder);
}

function defines() {
  return readFileSync(optionsFile, "utf8").split("\n")
    .map((line) => /^(?:(linux|unix):\s*)?([A-Z][A-Z0-9_]*(?:=\w+)?)/.exec(line))
    .filter((match) => match && (!match[1] || match[1] === os || (match[1] === "unix" && os !== "win")))
    .map((match) => match[2]);
}

function compileUnix(folder) {
  const cross = os === "linux" && arch !== process.arch ? { x64: "x86_64-linux-gnu-", arm64: "aarch64-linux-gnu-" }[arch] : "";
  if (musl && cross)
    fail(`${rid} is built on a machine of its own processor: Debian has musl-gcc for that one alone`);
  // On a system whose own libc is musl, cc is the compiler for it.
  const compiler = cross ? `${cross}gcc` : musl && process.report.getReport().header.glibcVersionRuntime ? "musl-gcc" : "cc";
  const machine = os === "osx" ? ["-arch", arch === "x64" ? "x86_64" : "arm64", "-mmacosx-version-min=12.0"] : [];
  // A section for each function and variable, so that the linker can leave out what nothing calls.
  const flags = ["-O2", "-fPIC", "-ffunction-sections", "-fdata-sections", ...defines().map((define) => `-D${define}`)];
  run(compiler, [...machine, ...flags, "-c", "sqlite3.c"], folder);
  run(`${cross}ar`, ["rcs", libraries.static, "sqlite3.o"], folder);
  run(compiler, [...machine, os === "osx" ? "-dynamiclib" : "-shared", "sqlite3.o", "-o", libraries.shared, "-lm"], folder);
}

function compileWindows(folder) {
  // Two objects: exports in the static one would become exports of tinyvex.exe. /MT is what Native AOT links with.
  const flags = ["/nologo", "/c", "/O2", "/Gy", "/Gw", "/MT", ...defines().map((define) => `/D${define}`)].join(" ");
  const lines = [
    "@echo off",
    `cl ${flags} sqlite3.c /Fostatic.obj || exit /b 1`,
    `lib /nologo /out:${libraries.static} static.obj || exit /b 1`,
    `cl ${flags} /DSQLITE_API=__declspec(dllexport) sqlite3.c /Foshared.obj || exit /b 1`,
    // The import library would otherwise take the static library's name.
    `link /nologo /dll /out:${libraries.shared} /implib:import.lib shared.obj || exit /b 1`,
  ];
  if (process.env.VSCMD_ARG_TGT_ARCH !== arch)
    lines.splice(1, 0, `call "${findVcvars()}" ${process.arch === arch ? arch : `${process.arch}_${arch}`} >nul || exit /b 1`);
  writeFileSync(join(folder, "compile.cmd"), lines.join("\r\n"));
  run("cmd", ["/d", "/c", "compile.cmd"], folder);
}

function findVcvars() {
  const vswhere = join(process.env["ProgramFiles(x86)"] ?? "", "Microsoft Visual Studio/Installer/vswhere.exe");
  const found = existsSync(vswhere) ? spawnSync(vswhere, ["-latest", "-prerelease", "-products", "*",
    "-requires", "Microsoft.VisualStudio.Component.VC.Tools.x86.x64", "-property", "installationPath"], { encoding: "utf8" }) : {};
  const installation = found.stdout?.trim() ||
    fail("no C compiler found; install Visual Studio Build Tools with the workload 'Desktop development with C++'");
  return join(installation, "VC/Auxiliary/Build/vcvarsall.bat");
}

function run(command, args, cwd) {
  // npm is a .cmd file on Windows, which only a shell starts; its arguments are our own constants.
  const shell = process.platform === "win32" && command === "npm";
  const result = spawnSync(command, args, { cwd, encoding: "utf8", shell });
  if (result.error?.code === "ENOENT")
    fail(`'${command}' is not installed`);
  if (result.status !== 0)
    fail(`'${command} ${args.join(" ")}' failed with ${result.status ?? result.signal ?? result.error}\n${result.stdout}${result.stderr}`);
}

/** Ends, after the scratch folder is cleared, with a message in the form that MSBuild shows as an error of its own. */
function fail(message) {
  process.exitCode = 1;
  process.on("uncaughtException", () => console.error(`build-sqlite.mjs : error SQLITE: ${message}`));
  throw new Error(message);
}
