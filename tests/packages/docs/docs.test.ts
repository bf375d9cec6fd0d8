import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse as parseLua } from "luaparse";
import { codeBlocks, root, type CodeBlock } from "./code-blocks.ts";

const blocks = codeBlocks();
const of = (...languages: string[]) => blocks.filter((block) => languages.includes(block.language));
// Beside the other tests, where the packages are found.
const folder = join(root, "tests/packages/.documents");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the documents", () => {
  it("name the language of each block, and one that is checked here", () => {
    expect(blocks.length).toBeGreaterThan(20);
    // Without a language stands what a program prints, and what is drawn. Python, Rust and Go have a test of their own.
    const checked = ["", "ts", "tsx", "js", "json", "sh", "html", "promql", "yaml", "python", "rust", "go", "lua"];
    expect(blocks.filter((block) => !checked.includes(block.language)).map(({ place, language }) => `${place} ${language}`)).toEqual([]);
  });

  it("have TypeScript and React that the compiler takes, each block for itself", () => {
    const files = of("ts", "tsx").map((block, i) => ({ block, name: `block${i}.${block.language}` }));
    expect(files.length).toBeGreaterThan(3);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { block, name } of files) writeFileSync(join(folder, name), `${block.code}\nexport {};\n`);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.base.json",
        compilerOptions: { noEmit: true, declaration: false, types: ["node"], module: "esnext", moduleResolution: "bundler", noUnusedLocals: false, noUnusedParameters: false },
        include: ["*.ts", "*.tsx"],
      }),
    );
    const run = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8", shell: process.platform === "win32" });
    const told = files.reduce((text, { block, name }) => text.replaceAll(name, `${block.place} (${name})`), run.stdout + run.stderr);
    expect(told).toBe("");
  });

  it.each(of("js"))("have JavaScript that can be parsed: $place", ({ code }: CodeBlock) => {
    execFileSync(process.execPath, ["--input-type=module", "--check", "-"], { input: code });
  });

  it.each(of("json"))("have JSON in each line or as a whole: $place", ({ code }: CodeBlock) => {
    try {
      JSON.parse(code);
    } catch {
      for (const line of code.trim().split("\n")) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
    }
  });

  it.each(of("sh"))("have commands that a shell can read: $place", ({ code }: CodeBlock) => {
    execFileSync("sh", ["-n"], { input: code });
  });

  it.each(of("lua"))("have Lua that can be parsed: $place", ({ code }: CodeBlock) => {
    // A part of a configuration is a value, which is no program by itself.
    parseLua(code.startsWith("{") ? `return ${code}` : code);
  });
});
