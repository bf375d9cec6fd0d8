import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { TinyvexStartError } from "./errors.js";
import { type Platform, binaryName, platformPackages, thisPlatform } from "./platform.js";

export interface BinaryOptions {
  /** A file that the app brings itself. Without it, the platform package's is taken. */
  readonly binary?: string | undefined;
}

/**
 * Where the server's file is: `$TINYVEX_BINARY`, else the option, else the platform package that npm installed beside this
 * one.
 *
 * @throws TinyvexStartError `binary_not_found`, naming what to install.
 */
export function getBinaryPath(options: BinaryOptions = {}): string {
  const { TINYVEX_BINARY: fromEnvironment } = process.env;
  if (fromEnvironment) return given(fromEnvironment, "TINYVEX_BINARY");
  if (options.binary !== undefined) return given(options.binary, "the option 'binary'");
  return packaged(thisPlatform(), createRequire(import.meta.url).resolve);
}

/** The file of the platform package, as the resolver of a module finds it. */
export function packaged(platform: Platform, resolveFile: (request: string) => string): string {
  const names = platformPackages(platform);
  for (const name of names) {
    const found = tryResolve(`${name}/bin/${binaryName(platform)}`, resolveFile);
    if (found !== undefined) return unpacked(found);
  }
  const libc = platform.os === "linux" ? (platform.glibc ? `, glibc ${platform.glibc}` : ", no glibc") : "";
  throw new TinyvexStartError(
    "binary_not_found",
    `no Tinyvex server for ${platform.os} ${platform.cpu}${libc} is installed. Install ${names[0]} in the version of ` +
      "@tinyvex/server (npm does so unless it is told to omit optional dependencies), or name a file with TINYVEX_BINARY.",
  );
}

/** A file inside an Electron archive can be read but not run; its builder puts those that run beside the archive. */
function unpacked(path: string): string {
  const outside = path.replace(/([\\/])app\.asar(?=[\\/])/, "$1app.asar.unpacked");
  if (outside !== path && !existsSync(outside)) {
    throw new TinyvexStartError(
      "binary_not_found",
      `${path} is inside of app.asar, where it cannot be run. Add "node_modules/@tinyvex/server-*/**" to asarUnpack.`,
    );
  }
  return outside;
}

function given(path: string, source: string): string {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new TinyvexStartError("binary_not_found", `there is no file ${absolute}, which ${source} names`);
  return absolute;
}

function tryResolve(request: string, resolveFile: (request: string) => string): string | undefined {
  try {
    return resolveFile(request);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
