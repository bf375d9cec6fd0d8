import { describe, expect, it } from "vitest";
import { isHighlightable, languageOfPath, loadHighlighter, mostHighlighted } from "../../../src/console/src/code/highlight.ts";

describe("highlighting", () => {
  it("has bounds", () => {
    expect(isHighlightable("const a = 1;\n".repeat(100))).toBe(true);
    expect(isHighlightable("ab\n".repeat(mostHighlighted.lines + 1))).toBe(false);
    expect(isHighlightable("a".repeat(mostHighlighted.line + 1))).toBe(false);
    expect(isHighlightable("abcdefgh\n".repeat(mostHighlighted.characters / 9 + 1))).toBe(false);
  });

  it("changes nothing of the text, and sets no style", async () => {
    const highlight = await loadHighlighter();
    const code = 'const s = "<b>" + `${a}`; // ok\n';
    const tree = highlight("typescript", code)!;
    const names = new Set<string>();
    const textOf = (node: (typeof tree)["children"][number]): string => {
      if (node.type !== "element") return node.type === "text" ? node.value : "";
      for (const name of Object.keys(node.properties)) names.add(name);
      return node.children.map(textOf).join("");
    };
    expect(tree.children.map(textOf).join("")).toBe(code);
    expect([...names]).toEqual(["className"]);
  });

  it("knows no language that was not chosen", async () => expect((await loadHighlighter())("brainfuck", "+")).toBeNull());

  it.each([["src/a.ts", "typescript"], ["C:/x/Y.CS", "csharp"], ["/a/Dockerfile", "dockerfile"], ["a.b/none", null], ["x.unknown", null]])(
    "of the path %s is %s", (path, language) => expect(languageOfPath(path)).toBe(language));
});
