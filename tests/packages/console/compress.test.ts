import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("../../../src/console/compress.mjs", import.meta.url));
const page = "<p>again and again and again and again</p>\n".repeat(20);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tinyvex-compress-"));
  mkdirSync(join(folder, "assets"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a file that shrinks is left as gzip alone, and one that does not as it is", () => {
  const noise = randomBytes(1_000);
  write({ "index.html": page, "assets/noise.woff2": noise, "assets/small.js": "x" });

  expect(compress().status).toBe(0);

  expect(names()).toEqual(["assets/noise.woff2", "assets/small.js", "index.html.gz"]);
  expect(gunzipSync(read("index.html.gz")).toString()).toBe(page);
  expect(read("assets/noise.woff2")).toEqual(noise);
});

test("the same files give the same bytes, and a second time changes nothing", () => {
  write({ "index.html": page });
  compress();
  const first = read("index.html.gz");
  // Neither a time nor a system (RFC 1952, 2.3.1).
  expect([...first.subarray(4, 8), first[9]]).toEqual([0, 0, 0, 0, 255]);

  expect(compress().status).toBe(0);
  expect(names()).toEqual(["index.html.gz"]);
  rmSync(join(folder, "index.html.gz"));
  write({ "index.html": page });
  compress();
  expect(read("index.html.gz")).toEqual(first);
});

test("more than 350,000 bytes fail, and the largest files are named", () => {
  write({ "assets/a.woff2": randomBytes(200_000), "assets/b.woff2": randomBytes(150_000) });
  expect(compress().status).toBe(0);

  write({ "assets/c.txt": "x" });
  const { status, stderr } = compress();

  expect(status).toBe(1);
  expect(stderr).toContain("1 bytes too large");
  expect(stderr).toContain("200,000 bytes  assets/a.woff2");
});

test("an empty folder fails", () => {
  const { status, stderr } = compress();
  expect(status).toBe(1);
  expect(stderr).toContain("vite build comes first");
});

function write(files: Record<string, string | Buffer>) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

function read(name: string): Buffer {
  return readFileSync(join(folder, name));
}

function names(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function compress() {
  return spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
}
