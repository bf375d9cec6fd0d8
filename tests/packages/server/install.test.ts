import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { npmPackages, platformPackage, tarball, triples } from "../../../build/release-targets.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const rid = "linux-x64";
const published = process.platform === "linux" && process.arch === "x64" && existsSync(join(root, "artifacts", rid, "tinyvex"));
const built = npmPackages.filter((name) => existsSync(join(root, "src/packages", name, "src")));

/** What is installed has to be found without help. */
const { TINYVEX_BINARY: _, ...environment } = process.env;

/** The example for Node, with an agent that does not take its time. */
const example = readFileSync(join(root, "examples/node/main.mjs"), "utf8").replace('"replay"]', '"replay", "--speed", "max"]');

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", env: environment, timeout: 60_000 });
  if (status !== 0) throw new Error(`'${command} ${args.join(" ")}' ended with ${error?.message ?? status}\n${stdout}${stderr}`);
  return stdout;
}

describe.skipIf(!published)("what npm packs, installed in a fresh project", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tinyvex-install-"));
    const packs = join(folder, "packs");
    run(process.execPath, [join(root, "build/npm-pack.mjs"), "--into", packs, ...built, rid], root);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    const files = [...built.filter((name) => ["client", "server"].includes(name)).map((name) => `@tinyvex/${name}`), platformPackage(rid).name];
    run("npm", ["install", "--offline", "--no-audit", "--no-fund", ...files.map((name) => `./packs/${tarball(name)}`), join(root, "node_modules/ws")], folder);
    writeFileSync(join(folder, "main.mjs"), `import { getBinaryPath as found } from "@tinyvex/server"; console.log(found());\n${example}`);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("every package is packed with its licence, and no package runs anything when it is installed", () => {
    expect(readdirSync(join(folder, "packs")).sort()).toEqual([...built.map((name) => `@tinyvex/${name}`), platformPackage(rid).name].map(tarball).sort());
    for (const file of readdirSync(join(folder, "packs"))) {
      const { scripts } = JSON.parse(run("tar", ["xzOf", join(folder, "packs", file), "package/package.json"], folder));
      expect({ file, scripts }).toEqual({ file, scripts: undefined });
      expect(run("tar", ["tzf", join(folder, "packs", file)], folder)).toMatch(/^package\/LICENSE$/m);
    }
  });

  test("packing again gives the same bytes", () => {
    const again = join(folder, "again");
    run(process.execPath, [join(root, "build/npm-pack.mjs"), "--into", again, "server", rid], root);
    expect(readdirSync(again)).toHaveLength(2);
    for (const file of readdirSync(again)) expect(readFileSync(join(again, file)).equals(readFileSync(join(folder, "packs", file)))).toBe(true);
  });

  test("the platform package says where it runs, and its file can be run", () => {
    const installed = join(folder, "node_modules", platformPackage(rid).name);
    expect(createRequire(import.meta.url)(join(installed, "package.json"))).toMatchObject({ os: ["linux"], cpu: ["x64"], libc: ["glibc"] });
    expect(statSync(join(installed, "bin/tinyvex")).mode & 0o777).toBe(0o755);
    expect(readdirSync(installed)).toContain("THIRD-PARTY-NOTICES.txt");
  });

  test("the server asks for the platform package of every released system", () => {
    const { optionalDependencies } = createRequire(import.meta.url)(join(folder, "node_modules/@tinyvex/server/package.json"));
    expect(Object.keys(optionalDependencies)).toEqual(Object.keys(triples).map((name) => platformPackage(name).name));
  });

  test.each([
    ["Node", process.execPath],
    ["Bun", fileURLToPath(new URL("node_modules/@oven/bun-linux-x64/bin/bun", `file://${root}`))],
  ])("%s starts the server of the package and takes a turn", (_name, runtime) => {
    const said = run(runtime, ["main.mjs", "Hello from a test"], folder);
    expect(said.split("\n")[0]).toBe(join(folder, "node_modules", platformPackage(rid).name, "bin/tinyvex"));
    expect(said).toContain("Hello from a test");
    expect(said).toContain("[Edit src/cut.js: completed]");
    expect(said).toMatch(/\n\ncompleted\n$/);
  });
});
