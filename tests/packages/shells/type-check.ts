import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What the compiler says against a project; nothing where its types are right. */
export function typeErrors(project: string): string {
  const { status, error, stdout, stderr } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], { cwd: root, encoding: "utf8" });
  if (status === null) throw error;
  return stdout + stderr;
}
