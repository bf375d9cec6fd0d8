import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tauriFaults } from "../shells/tauri-schema.ts";
import { root, typeErrors } from "../shells/type-check.ts";
import { binary } from "../support/real-server.ts";

const blocks = [...readFileSync(join(root, "docs/sidecar.md"), "utf8").matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)]
  .map(([, language, name, text]) => ({ language: language!, name: name!, text: text! }));
const of = (language: string) => blocks.filter((block) => block.language === language);
const has = (tool: string) => spawnSync(tool, ["--version"]).error === undefined;

let folder: string;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tinyvex-docs-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program that finds `tinyvex` in its path, and gives what it said. */
function run(command: string, args: string[]): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(binary!, join(bin, "tinyvex"));
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  delete (env as NodeJS.ProcessEnv)["TINYVEX_TOKEN"];
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8", timeout: 120_000 });
  if (status !== 0) throw new Error(`'${command}' ended with ${error?.message ?? status}\n${stdout}${stderr}`);
  return stdout;
}

test("every block is of a language that is checked here", () => {
  expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(["go", "json", "python", "rust", "sh", "ts"]);
});

test("the TypeScript is right", () => {
  // Inside of the workspace, so that what it imports is found.
  const inside = mkdtempSync(join(root, "tests/packages/.docs-"));
  try {
    of("ts").forEach(({ text }, index) => writeFileSync(join(inside, `block${index}.ts`), `${text}\nexport {};\n`));
    writeFileSync(join(inside, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", compilerOptions: { types: ["node"] }, include: ["*.ts"] }));
    expect(typeErrors(inside)).toBe("");
  } finally {
    rmSync(inside, { recursive: true });
  }
});

test.each(of("json"))("the $name is right in the eyes of Tauri's schema", ({ name, text }) => {
  expect(tauriFaults(JSON.parse(text), name === "capability" ? "Capability" : undefined)).toEqual([]);
});

test.each(of("sh"))("the packages to install are those of this repository and known ones", ({ text }) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "examples/node/package.json"), "utf8"));
  const [npm, install, ...named] = text.trim().split(" ");
  expect([npm, install]).toEqual(["npm", "install"]);
  expect(named.sort()).toEqual(Object.keys(dependencies).sort());
});

describe.skipIf(!binary)("programs that start the server", () => {
  test("in Python", () => {
    writeFileSync(join(folder, "app.py"), of("python")[0]!.text);
    expect(run("python3", ["app.py"])).toMatch(/^clients connect to ws:\/\/127\.0\.0\.1:\d+\/ws\nit ended with 0\n$/);
  });

  test.skipIf(!has("rustc"))("in Rust", () => {
    writeFileSync(join(folder, "app.rs"), of("rust")[0]!.text);
    const compiled = spawnSync("rustc", ["app.rs"], { cwd: folder, encoding: "utf8" });
    expect(compiled).toMatchObject({ status: 0, stderr: "" });
    expect(run(join(folder, "app"), [])).toMatch(/"ws":"ws:[^]*it ended with exit status: 0\n$/);
  });

  test.skipIf(!has("go"))("in Go", () => {
    writeFileSync(join(folder, "app.go"), of("go")[0]!.text);
    expect(run("go", ["run", "app.go"])).toMatch(/^clients connect to ws:\/\/127\.0\.0\.1:\d+\/ws\nit ended with <nil>\n$/);
  });

  test("the example for Node shows a whole turn", () => {
    const example = join(root, "examples/node/main.mjs");
    const fast = join(dirname(example), `.fast-${process.pid}.mjs`);
    writeFileSync(fast, readFileSync(example, "utf8").replace('"replay"]', '"replay", "--speed", "max"]'));
    try {
      expect(run(process.execPath, [fast])).toMatch(/\n\ncompleted\n$/);
    } finally {
      rmSync(fast);
    }
  });
});
