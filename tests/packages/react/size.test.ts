import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

describe("the hooks", () => {
  it("are below 4 KB compressed, and need React and the client alone", async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: ["@tinyvex/react"], bundle: true, minify: true, format: "esm", write: false, metafile: true, external: ["react", "react/jsx-runtime", "@tinyvex/client"],
    });
    expect(brotliCompressSync(outputFiles[0]!.contents).length).toBeLessThan(4 * 1024);
    expect(Object.keys(metafile.inputs).filter((file) => !file.includes("packages/react/"))).toEqual([]);
  });
});
