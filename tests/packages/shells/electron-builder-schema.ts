import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

/** The one file of the package that is wanted; as a dependency it would bring some 260 others along. */
const source = "app-builder-lib@26.17.0";

function schema(): object {
  const folder = mkdtempSync(join(tmpdir(), "tinyvex-electron-builder-"));
  try {
    const tarball = execFileSync("npm", ["pack", source, "--silent", "--pack-destination", folder], { encoding: "utf8", shell: process.platform === "win32" }).trim();
    execFileSync("tar", ["-xzf", tarball, "package/scheme.json"], { cwd: folder });
    return JSON.parse(readFileSync(join(folder, "package/scheme.json"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What electron-builder's own schema says against configurations. */
export function electronBuilderFaults(...configurations: unknown[]): unknown[][] {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema());
  return configurations.map((configuration) => (validate(configuration) ? [] : [...validate.errors!]));
}
