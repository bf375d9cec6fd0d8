import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmPackages } from "../../../build/release-targets.mjs";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A block of code in a document. */
export interface CodeBlock {
  /** `docs/client.md:12`: where it begins. */
  place: string;
  language: string;
  code: string;
}

/** Every block of every document, those of README.md and of the packages' too. */
export function codeBlocks(): CodeBlock[] {
  const documents = [
    "README.md",
    "CONTRIBUTING.md",
    ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
    ...npmPackages.map((name) => `src/packages/${name}/README.md`),
  ].filter((name) => name.endsWith(".md"));
  return documents.flatMap((name) => {
    const text = readFileSync(join(root, name), "utf8");
    return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code], i, all) => ({
      place: `${name}:${text.slice(0, all[i]!.index).split("\n").length}`,
      language: language!,
      code: code!,
    }));
  });
}
