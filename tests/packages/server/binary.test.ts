import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getBinaryPath } from "@tinyvex/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { packaged } from "../../../src/packages/server/src/binary.ts";
import { platformPackages, thisPlatform } from "../../../src/packages/server/src/platform.ts";

const debian = { os: "linux", cpu: "x64", glibc: "2.36" };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyvex-binary-"));
  vi.stubEnv("TINYVEX_BINARY", "");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

function put(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "");
  return file;
}

const resolver = (...from: string[]) => createRequire(join(folder, ...from, "main.js")).resolve;

test("the environment comes before the option", () => {
  const [named, given] = [put("named"), put("given")];
  expect(getBinaryPath({ binary: given })).toBe(given);
  vi.stubEnv("TINYVEX_BINARY", named);
  expect(getBinaryPath({ binary: given })).toBe(named);
});

test("a file that is not there is said so, with who names it", () => {
  vi.stubEnv("TINYVEX_BINARY", join(folder, "none"));
  expect(() => getBinaryPath()).toThrow(/there is no file .*none, which TINYVEX_BINARY names/);
});

test("the platform package is found from where the app is", () => {
  const file = put("node_modules/@tinyvex/server-linux-x64/bin/tinyvex");
  expect(packaged(debian, resolver("dist"))).toBe(file);
});

test("without it the error names what to install, and why that", () => {
  expect(() => packaged(debian, resolver())).toThrow(/linux x64, glibc 2.36 .* Install @tinyvex\/server-linux-x64 /);
  expect(() => packaged({ os: "linux", cpu: "x64", glibc: null }, resolver())).toThrow(/no glibc .* Install @tinyvex\/server-linux-x64-musl /);
});

test("inside of an Electron archive the file beside it is taken", () => {
  put("app.asar/node_modules/@tinyvex/server-linux-x64/bin/tinyvex");
  expect(() => packaged(debian, resolver("app.asar"))).toThrow(/asarUnpack/);
  const outside = put("app.asar.unpacked/node_modules/@tinyvex/server-linux-x64/bin/tinyvex");
  expect(packaged(debian, resolver("app.asar"))).toBe(outside);
});

test.each([
  [{ os: "linux", cpu: "x64", glibc: "2.34" }, ["@tinyvex/server-linux-x64", "@tinyvex/server-linux-x64-musl"]],
  [{ os: "linux", cpu: "x64", glibc: "3.0" }, ["@tinyvex/server-linux-x64", "@tinyvex/server-linux-x64-musl"]],
  [{ os: "linux", cpu: "x64", glibc: "2.31" }, ["@tinyvex/server-linux-x64-musl"]],
  [{ os: "linux", cpu: "x64", glibc: null }, ["@tinyvex/server-linux-x64-musl"]],
  [{ os: "darwin", cpu: "arm64" }, ["@tinyvex/server-darwin-arm64"]],
  [{ os: "win32", cpu: "x64" }, ["@tinyvex/server-win32-x64"]],
])("on %o the packages are %o", (platform, names) => {
  expect(platformPackages(platform)).toEqual(names);
});

test("this machine is known", () => {
  expect(thisPlatform()).toMatchObject({ os: process.platform, cpu: process.arch });
});
