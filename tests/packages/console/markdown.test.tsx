// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Markdown, mostMarkdown } from "../../../src/console/src/conversation/markdown.tsx";

afterEach(cleanup);

const shown = (text: string) => render(<Markdown text={text} />).container;

describe("markdown of an agent", () => {
  it("never becomes elements of its own HTML", () => {
    const page = shown('<script>window.hacked = 1</script>\n\nText <img src=x onerror="hacked()"> <b>bold</b>\n\n<iframe src="https://example.com"></iframe>');
    expect(page.querySelector("script, img, b, iframe")).toBeNull();
    expect(page.innerHTML).not.toMatch(/<[^>]*onerror/);
  });

  it("has links that lead out, and no others", () => {
    const page = shown("[a](https://example.com/) [b](javascript:alert(1)) [c](/server) [d](#/server) <https://example.org/>");
    const links = [...page.querySelectorAll("a")];
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://example.com/", "https://example.org/"]);
    for (const link of links) expect([link.rel, link.target]).toEqual(["noopener noreferrer", "_blank"]);
    expect(page.textContent).toContain("b c d");
  });

  it("fetches no image", () => {
    const page = shown("![tracker](https://evil.example/p.png) ![dot](data:image/png;base64,aGk=)");
    expect([...page.querySelectorAll("img")].map((image) => image.getAttribute("src"))).toEqual(["data:image/png;base64,aGk="]);
    expect(page.textContent).toContain("[image: tracker]");
  });

  it("has tables, tasks and code with a button to copy it", () => {
    const page = shown("| a |\n|---|\n| 1 |\n\n- [x] done\n\n```js\nlet a;\n```");
    expect(page.querySelector("td")?.textContent).toBe("1");
    expect(page.querySelector("[role=img][aria-label=done]")).not.toBeNull();
    expect(page.querySelector("pre code")?.textContent).toBe("let a;");
    expect(page.querySelector("button[aria-label='Copy code']")).not.toBeNull();
  });

  it("takes its direction from the text", () => expect(shown("مرحبا").querySelector("p")?.getAttribute("dir")).toBe("auto"));

  it("is shown as it is where it is too long to be read", () => {
    const page = shown("# a\n".repeat(mostMarkdown / 4 + 1));
    expect(page.querySelectorAll("h2")).toHaveLength(0);
    expect(page.querySelector("pre")?.textContent).toHaveLength(mostMarkdown + 4);
  });

  it("keeps what was rendered while the text grows", () => {
    const { container, rerender } = render(<Markdown text={"First.\n\nSecond."} />);
    const first = container.querySelector("p");
    rerender(<Markdown text={"First.\n\nSecond, and more.\n\nThird."} />);
    expect(container.querySelector("p")).toBe(first);
    expect(container.querySelectorAll("p")).toHaveLength(3);
  });
});
