import { describe, expect, it } from "vitest";
import { promptText } from "../../../src/console/src/conversation/prompt-text.ts";
import { bytes } from "../../../src/console/src/text/bytes.ts";
import { duration } from "../../../src/console/src/text/duration.ts";
import { piecesOf } from "../../../src/console/src/threads/highlights.ts";

describe("a duration", () => {
  it.each([[0, "0.0 s"], [940, "0.9 s"], [9_949, "9.9 s"], [9_960, "10 s"], [59_400, "59 s"], [59_600, "1 min"], [185_000, "3 min 5 s"], [7_440_000, "2 h 4 min"], [93_600_000, "1 d 2 h"]])(
    "of %d ms is %s", (milliseconds, shown) => expect(duration(milliseconds)).toBe(shown));
});

describe("a size", () => {
  it.each([[0, "0 B"], [999, "999 B"], [1_000, "1.0 KB"], [14_800_000, "14.8 MB"], [2e15, "2000 TB"]])("of %d is %s", (count, shown) => expect(bytes(count)).toBe(shown));
});

describe("a prompt in one line", () => {
  it("is its text and how many attachments it has", () => {
    const image = { type: "image" as const, data: "", mimeType: "image/png" };
    expect(promptText([{ type: "text", text: "Look" }, image, image])).toBe("Look · 2 attachments");
    expect(promptText([image])).toBe("1 attachment");
    expect(promptText(null)).toBe("a prompt");
  });
});

describe("a snippet", () => {
  it("is cut at what was found", () =>
    expect(piecesOf("The lock is held", [[12, 4], [4, 4]])).toEqual([
      { text: "The ", isFound: false }, { text: "lock", isFound: true }, { text: " is ", isFound: false }, { text: "held", isFound: true },
    ]));

  it.each([[[[0, 3], [2, 3]]], [[[4, 100]]], [[[-2, 4]]], [[[9, 0]]], [[]]])("is whole whatever the places are: %j", (places) =>
    expect(piecesOf("abcdef", places as [number, number][]).map((piece) => piece.text).join("")).toBe("abcdef"));
});
