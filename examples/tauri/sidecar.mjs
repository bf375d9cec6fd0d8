// node sidecar.mjs <file>
//
// Puts the server's file where `externalBin` looks for it: under the triple that Rust has for this machine.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";

const [file] = process.argv.slice(2);
if (!file) throw new Error("name the server's file: node sidecar.mjs <file>");
const rustc = spawnSync("rustc", ["--print", "host-tuple"], { encoding: "utf8" });
if (rustc.status !== 0) throw new Error(`rustc 1.84 or later is needed: ${rustc.error?.message ?? rustc.stderr}`);
const target = `src-tauri/binaries/tinyvex-${rustc.stdout.trim()}${process.platform === "win32" ? ".exe" : ""}`;
mkdirSync("src-tauri/binaries", { recursive: true });
copyFileSync(file, target);
chmodSync(target, 0o755);
console.log(target);
