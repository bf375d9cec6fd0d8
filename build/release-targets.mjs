// What is released, and under which version.
import { readFileSync } from "node:fs";
import { root } from "./results.mjs";

/** Each RID with the triple that Rust, and so Tauri's externalBin, has for the same system. */
export const triples = {
  "linux-x64": "x86_64-unknown-linux-gnu",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "linux-musl-x64": "x86_64-unknown-linux-musl",
  "osx-arm64": "aarch64-apple-darwin",
  "osx-x64": "x86_64-apple-darwin",
  "win-x64": "x86_64-pc-windows-msvc",
  "win-arm64": "aarch64-pc-windows-msvc",
};

/** Each RID as npm tells systems apart. */
const npmSystems = {
  "linux-x64": { os: "linux", cpu: "x64", libc: "glibc" },
  "linux-arm64": { os: "linux", cpu: "arm64", libc: "glibc" },
  "linux-musl-x64": { os: "linux", cpu: "x64", libc: "musl" },
  "osx-arm64": { os: "darwin", cpu: "arm64" },
  "osx-x64": { os: "darwin", cpu: "x64" },
  "win-x64": { os: "win32", cpu: "x64" },
  "win-arm64": { os: "win32", cpu: "arm64" },
};

/** The npm packages made of the sources, each after those that it needs. */
export const npmPackages = ["client", "server", "react", "assistant-ui"];

export const packages = `${root}/artifacts/packages`;
export const version = /<VersionPrefix>(.+)<\/VersionPrefix>/.exec(readFileSync(`${root}/Directory.Build.props`, "utf8"))[1];

export function binary(rid) {
  return `${root}/artifacts/${rid}/${rid.startsWith("win") ? "tinyvex.exe" : "tinyvex"}`;
}

/** The names of what is released for one RID. */
export function names(rid) {
  const windows = rid.startsWith("win");
  const folder = `tinyvex-${version}-${rid}`;
  return {
    folder,
    archive: `${folder}.${windows ? "zip" : "tar.gz"}`,
    sbom: `tinyvex-${rid}.cdx.json`,
    sidecar: `tinyvex-${triples[rid]}${windows ? ".exe" : ""}`,
  };
}

/** The npm package that brings a RID's file, by the name that src/packages/server looks for. */
export function platformPackage(rid) {
  const { os, cpu, libc } = npmSystems[rid];
  return { name: `@tinyvex/server-${os}-${cpu}${libc === "musl" ? "-musl" : ""}`, os, cpu, libc };
}

/** The file that npm makes of a package. */
export function tarball(name) {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}

/** Whether this machine runs a RID's file as it is. */
export function runsHere(rid) {
  const os = { linux: "linux", darwin: "osx", win32: "win" }[process.platform];
  return rid === `${os}-${process.arch}` || rid === `${os}-musl-${process.arch}`;
}
