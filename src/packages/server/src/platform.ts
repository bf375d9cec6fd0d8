import { existsSync } from "node:fs";

/** The oldest glibc that the file for it starts on. */
const oldestGlibc = { major: 2, minor: 34 };

/** What decides which file runs here. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** The version of glibc, or null where the C library is another one. Said on Linux alone. */
  readonly glibc?: string | null;
}

export function thisPlatform(): Platform {
  const { platform: os, arch: cpu } = process;
  return os === "linux" ? { os, cpu, glibc: glibcVersion() } : { os, cpu };
}

/**
 * The packages whose file runs on a platform, best first. The file for musl is static, so that it runs where glibc is
 * too old for the other, or not there at all.
 */
export function platformPackages({ os, cpu, glibc }: Platform): readonly string[] {
  const name = `@tinyvex/server-${os}-${cpu}`;
  if (os !== "linux") return [name];
  return glibc && isRecent(glibc) ? [name, `${name}-musl`] : [`${name}-musl`];
}

/** The name of the file inside its package. */
export function binaryName({ os }: Platform): string {
  return os === "win32" ? "tinyvex.exe" : "tinyvex";
}

function isRecent(glibc: string): boolean {
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  return major > oldestGlibc.major || (major === oldestGlibc.major && minor >= oldestGlibc.minor);
}

function glibcVersion(): string | null {
  const report = process.report as { excludeNetwork?: boolean; getReport(): object } | undefined;
  if (report === undefined) return guessedVersion();
  // Otherwise the report looks up names of open connections, which may take seconds.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header ? (header.glibcVersionRuntime ?? null) : guessedVersion();
}

/** For runtimes without a report: Alpine has this file, systems with glibc have not. */
function guessedVersion(): string | null {
  return existsSync("/etc/alpine-release") ? null : `${oldestGlibc.major}.${oldestGlibc.minor}`;
}
