import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { npmPackages, tarball, version } from "../../../build/release-targets.mjs";
import { root } from "./code-blocks.ts";

let folder: string;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tinyvex-readme-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The README in the tarball of a package, packed where the repository is known or where it is not. */
function packed(name: string, repository: string): string {
  const env = { ...process.env, GITHUB_SERVER_URL: "https://git.example", GITHUB_REPOSITORY: repository };
  const pack = spawnSync(process.execPath, [join(root, "build/npm-pack.mjs"), "--into", folder, name], { cwd: root, env, encoding: "utf8" });
  expect(pack.stderr).toBe("");
  const { status, stdout } = spawnSync("tar", ["xzOf", join(folder, tarball(`@tinyvex/${name}`)), "package/README.md"], { encoding: "utf8" });
  expect(status).toBe(0);
  return stdout;
}

describe.each(npmPackages)("the README that npm shows of %s", (name) => {
  test("says how it is installed, has an example, and leads to documents of its version that exist", () => {
    const readme = packed(name, "owner/name");
    expect(readme).toMatch(new RegExp(`^# @tinyvex/${name}\n`));
    expect(readme).toContain(`npm install @tinyvex/${name}`);
    expect(readme).toMatch(/^```tsx?$/m);
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to!);
    expect(links.filter((to) => !to.startsWith("https://"))).toEqual([]);
    const base = `https://git.example/owner/name/blob/v${version}/`;
    const documents = links.filter((to) => to.startsWith(base)).map((to) => to.slice(base.length));
    expect(documents.length).toBeGreaterThan(0);
    expect(documents.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("names the documents where no repository is known", () => {
    const readme = packed(name, "");
    expect(readme).toMatch(/\(`docs\/[\w-]+\.md` in the repository\)/);
    expect(readme).not.toContain("](..");
  });
});
