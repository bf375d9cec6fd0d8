import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

describe("the client", () => {
  it("is below 8 KB compressed, with all that it exports, and needs nothing else", async () => {
    const { outputFiles, metafile } = await build({ entryPoints: ["@tinyvex/client"], bundle: true, minify: true, format: "esm", write: false, metafile: true });
    expect(brotliCompressSync(outputFiles[0]!.contents).length).toBeLessThan(8 * 1024);
    expect(Object.keys(metafile.inputs).filter((file) => !file.includes("packages/client/"))).toEqual([]);
  });
});
