import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { platformPackage, triples } from "../../../build/release-targets.mjs";
import { electronBuilderFaults } from "./electron-builder-schema.ts";
import { root, typeErrors } from "./type-check.ts";

const example = join(root, "examples/electron");
const manifest = JSON.parse(readFileSync(join(example, "package.json"), "utf8"));

/** What a bundle still imports when it runs. */
async function imports(entry: string, script: string): Promise<string[]> {
  const flags: string[] = manifest.scripts[script].split(" ");
  const value = (name: string) => flags.find((flag) => flag.startsWith(`--${name}=`))?.split("=")[1];
  const { metafile, errors } = await build({
    entryPoints: [join(example, entry)], bundle: true, write: false, metafile: true,
    format: value("format") as "esm" | "cjs",
    platform: (value("platform") as "node" | undefined) ?? "browser",
    ...(value("packages") ? { packages: "external" as const } : {}),
    external: flags.filter((flag) => flag.startsWith("--external:")).map((flag) => flag.slice("--external:".length)),
  });
  expect(errors).toEqual([]);
  return [...new Set(Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path)))].sort();
}

test("the example has the types of Electron", () => {
  expect(typeErrors("examples/electron")).toBe("");
});

test("the page needs nothing of Node, and the preload script nothing but Electron, as a sandbox demands", async () => {
  expect(await imports("src/page.ts", "bundle:page")).toEqual([]);
  expect(await imports("src/preload.ts", "bundle:preload")).toEqual(["electron"]);
  expect(await imports("src/main.ts", "bundle:main")).toEqual(["@tinyvex/server", "electron", "node:path", "node:url"]);
});

test("the packaged app has the file of each released system with glibc, where the main process looks for it", () => {
  const systems: Record<string, string> = { linux: "linux", darwin: "mac", win32: "win" };
  const main = readFileSync(join(example, "src/main.ts"), "utf8");
  for (const rid of Object.keys(triples).filter((name) => !name.includes("musl"))) {
    const { name, os, cpu } = platformPackage(rid);
    const [resource] = manifest.build[systems[os]!].extraResources;
    expect(resource.from.replace("${arch}", cpu)).toBe(`node_modules/${name}/bin`);
    expect(main).toContain(`join(process.resourcesPath, "${resource.to}", file)`);
  }
});

test("the window is sandboxed, and its page may connect to loopback alone", () => {
  const main = readFileSync(join(example, "src/main.ts"), "utf8");
  expect(main).toMatch(/sandbox: true, contextIsolation: true, nodeIntegration: false/);
  const page = readFileSync(join(example, "src/index.html"), "utf8");
  expect(page).toContain(`content="default-src 'none'; script-src 'self'; connect-src ws://127.0.0.1:*"`);
});

test("the configuration is one in the eyes of electron-builder's schema", () => {
  const { linux, ...rest } = manifest.build;
  const misspelt = { ...rest, linux: { extraResource: linux.extraResources } };
  const [faults, faultsOfMisspelt] = electronBuilderFaults(manifest.build, misspelt);
  expect(faults).toEqual([]);
  expect(faultsOfMisspelt).not.toEqual([]);
}, 60_000);
