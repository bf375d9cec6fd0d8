// node compress.mjs [FOLDER]
//
// The last step of the build: replaces each file by its gzip where that is smaller, as what is left in the folder is what
// the program embeds and serves. The same files give the same bytes: node's gzip writes neither a time nor a name.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

// What the console may weigh, all files together: the program's size and the first start in a browser depend on it.
const limit = 350_000;
const folder = process.argv[2] ?? fileURLToPath(new URL("dist", import.meta.url));

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
const sizes = files.map((file) => ({ name: relative(folder, file), size: compress(file) }));
const total = sizes.reduce((sum, { size }) => sum + size, 0);
console.log(`the console has ${bytes(total)} in ${files.length} files, of at most ${bytes(limit)}`);

if (files.length === 0) fail(`there is nothing in ${folder}: vite build comes first`);
if (total > limit) {
  const largest = sizes.sort((a, b) => b.size - a.size).slice(0, 10);
  fail(`the console is ${bytes(total - limit)} too large; its largest files are\n${largest.map(({ name, size }) => `  ${bytes(size)}  ${name}`).join("\n")}`);
}

/** Compresses a file in its place, unless it was or does not shrink, and answers the size of what is there. */
function compress(file) {
  const content = readFileSync(file);
  if (file.endsWith(".gz")) return content.length;
  const compressed = gzipSync(content, { level: 9 });
  // The byte that names the system it was made on (RFC 1952, 2.3.1), which would tell one build machine from another.
  compressed[9] = 255;
  if (compressed.length >= content.length) return content.length;
  writeFileSync(`${file}.gz`, compressed);
  rmSync(file);
  return compressed.length;
}

function bytes(count) {
  return `${count.toLocaleString("en")} bytes`;
}

function fail(why) {
  console.error(why);
  process.exitCode = 1;
}
