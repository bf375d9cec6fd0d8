import { describe, expect, it } from "vitest";
import { safeImage, safeLink } from "../../../src/console/src/conversation/link-policy.ts";
import { visibleCode, visibleOutput, visibleText } from "../../../src/console/src/text/visible-text.ts";

describe("a link", () => {
  it.each(["https://example.com/a?b#c", "http://127.0.0.1:3000/", "mailto:me@example.com"])("to %s may be followed", (url) => expect(safeLink(url)).toBe(url));

  it.each([
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "vbscript:x", "data:text/html,<script>1</script>", "file:///etc/passwd",
    "blob:https://example.com/1", "/relative", "#/server", "//example.com", "", undefined,
  ])("to %j is none", (url) => expect(safeLink(url)).toBeUndefined());
});

describe("an image", () => {
  it.each(["data:image/png;base64,aGk=", "blob:http://127.0.0.1/1"])("of %s is shown", (url) => expect(safeImage(url)).toBe(url));

  it.each(["https://evil.example/pixel.png", "data:image/svg+xml,<svg onload='alert(1)'/>", "data:text/html,x", "/favicon.svg", undefined])(
    "of %j is not", (url) => expect(safeImage(url)).toBeUndefined());
});

describe("control characters", () => {
  it("are shown and not obeyed", () => expect(visibleText("\u001b[31mred\u0007\u0000\u007f")).toBe("\\x1b[31mred\\x07\\x00\\x7f"));

  it("that lay out text stay", () => expect(visibleText("a\tb\nc\r\n")).toBe("a\tb\nc\r\n"));

  it("that reorder code are named", () => expect(visibleCode("if (admin\u202e ⁦// check⁩")).toBe("if (admin⟨U+202E⟩ ⟨U+2066⟩// check⟨U+2069⟩"));

  it("that colour a program's output are left out, others shown", () =>
    expect(visibleOutput("\u001b[1;32mok\u001b[0m\r\n\u001b]0;title\u0007\u001b[2J")).toBe("ok\n\\x1b]0;title\\x07\\x1b[2J"));

  it("leave text of any language as it is", () => {
    const text = "مرحبا 数据库 👩‍👩‍👧 é";
    expect(visibleCode(text)).toBe(text);
  });
});
