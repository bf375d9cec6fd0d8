import { describe, expect, it } from "vitest";
import { markdownBlocks } from "../../../src/console/src/conversation/markdown-blocks.ts";

const sample = [
  "# Title", "", "A paragraph", "of two lines.", "", "- one", "", "- two", "", "  more of two", "", "Then text.", "", "```js", "const a = 1;", "", "", "# no title", "```",
  "", "1. first", "2. second", "", "> quoted", "", "    indented code", "", "| a | b |", "|---|---|", "| 1 | 2 |", "", "~~~~", "```", "", "still code", "~~~~", "", "End.",
].join("\n");

describe("blocks of markdown", () => {
  it("are the text, cut", () => expect(markdownBlocks(sample).join("")).toBe(sample));

  it("begin at empty lines outside of fences and lists", () => {
    expect(markdownBlocks(sample).map((block) => block.split("\n")[0])).toEqual([
      "# Title", "A paragraph", "- one", "Then text.", "```js", "1. first", "> quoted", "| a | b |", "~~~~", "End.",
    ]);
  });

  it("stay as they are while the text grows, but for the last", () => {
    const whole = markdownBlocks(sample);
    for (let length = 0; length <= sample.length; length++) {
      const settled = markdownBlocks(sample.slice(0, length)).slice(0, -1);
      expect(settled).toEqual(whole.slice(0, settled.length));
    }
  });

  it("are one where a definition holds for all of it", () => {
    const text = "See [it].\n\nMore.\n\n[it]: https://example.com\n";
    expect(markdownBlocks(text)).toEqual([text]);
  });

  it("do not end an open fence at a shorter one", () => expect(markdownBlocks("````\n```\n\ntext\n````\n\nend")).toEqual(["````\n```\n\ntext\n````\n\n", "end"]));

  it("of nothing are none", () => expect(markdownBlocks("")).toEqual([]));
});
