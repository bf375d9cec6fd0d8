import { describe, expect, it } from "vitest";
import { commandLine, lastLines } from "../../../src/console/src/text/terminal-output.ts";

describe("the output of a terminal", () => {
  it("is its last lines, and says whether that is all", () => {
    expect(lastLines("a\nb\nc\n", 2)).toEqual({ text: "b\nc\n", isAll: false });
    expect(lastLines("a\nb\nc", 2)).toEqual({ text: "b\nc", isAll: false });
    expect(lastLines("a\nb", 2)).toEqual({ text: "a\nb", isAll: true });
    expect(lastLines("\na", 1)).toEqual({ text: "a", isAll: false });
    expect(lastLines("", 2)).toEqual({ text: "", isAll: true });
    expect(lastLines("a\nb\n", Infinity)).toEqual({ text: "a\nb\n", isAll: true });
  });

  it("shows of a line that was written anew what was written last, and obeys nothing else", () => {
    expect(lastLines("1%\r2%\r100%\r\ndone\r\n\u001b[31mred\u001b[0m\u001b[2J\n", 10).text).toBe("100%\ndone\nred\\x1b[2J\n");
  });

  it("takes a long line without an end in no time", () => {
    expect(lastLines("x".repeat(1_000_000), 10).text.length).toBe(1_000_000);
  });
});

describe("a command line", () => {
  it("is as one would type it", () => {
    expect(commandLine("sh", ["-c", "echo it's", ""])).toBe(`sh -c 'echo it'\\''s' ''`);
    expect(commandLine("ls -l | wc", null)).toBe("ls -l | wc");
  });
});
