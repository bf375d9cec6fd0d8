import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { names, triples } from "../../../build/release-targets.mjs";
import { tauriFaults } from "./tauri-schema.ts";
import { root, typeErrors } from "./type-check.ts";

const example = join(root, "examples/tauri");
const config = json("src-tauri/tauri.conf.json");
const capability = json("src-tauri/capabilities/main.json");

function text(path: string): string {
  return readFileSync(join(example, path), "utf8");
}

function json(path: string) {
  return JSON.parse(text(path));
}

test("the configuration is one in the eyes of Tauri's schema", () => {
  expect(tauriFaults(config)).toEqual([]);
  expect(tauriFaults({ ...config, bundle: { ...config.bundle, externalBins: ["binaries/tinyvex"] } })).not.toEqual([]);
});

test("the capability is one, and allows the command that the build lists, no more", () => {
  expect(tauriFaults(capability, "Capability")).toEqual([]);
  expect(tauriFaults({ ...capability, permissions: [{ allow: [] }] }, "Capability")).not.toEqual([]);
  const [, command] = /\.commands\(&\["(\w+)"\]\)/.exec(text("src-tauri/build.rs"))!;
  expect(text("src-tauri/src/lib.rs")).toContain(`generate_handler![${command}]`);
  expect(text("src/main.ts")).toContain(`("${command}")`);
  expect(capability.permissions).toEqual([`allow-${command!.replaceAll("_", "-")}`]);
});

test("the sidecar has the name of the released files", () => {
  expect(config.bundle.externalBin).toEqual(["binaries/tinyvex"]);
  expect(text("src-tauri/src/lib.rs")).toContain('.sidecar("tinyvex")');
  for (const [rid, triple] of Object.entries(triples)) expect(names(rid).sidecar).toBe(`tinyvex-${triple}${rid.startsWith("win") ? ".exe" : ""}`);
});

test("the page may run its own scripts alone, and connect to loopback alone", () => {
  const { csp } = config.app.security;
  expect(csp.split("; ")).toEqual(["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src ipc: http://ipc.localhost ws://127.0.0.1:*"]);
});

test("the page has the types of Tauri", () => {
  expect(typeErrors("examples/tauri")).toBe("");
});
