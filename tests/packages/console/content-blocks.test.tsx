// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { ContentBlock } from "@tinyvex/client";
import { cleanup, fireEvent, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ContentBlockView } from "../../../src/console/src/conversation/content-blocks.tsx";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const shown = (block: ContentBlock) => render(<ContentBlockView block={block} />);

describe("a sound", () => {
  it("is played out of memory, has a name, and does not begin by itself", () => {
    const gone = vi.spyOn(URL, "revokeObjectURL");
    const { container, unmount } = shown({ type: "audio", data: btoa("RIFF"), mimeType: "audio/wav" });
    const audio = container.querySelector("audio")!;
    expect(audio.getAttribute("src")).toMatch(/^blob:/);
    expect([audio.controls, audio.autoplay, audio.getAttribute("aria-label")]).toEqual([true, false, "Audio, WAV"]);
    expect(container.textContent).toBe("Audio, WAV4 B");
    const url = audio.getAttribute("src");
    unmount();
    expect(gone.mock.calls).toEqual([[url]]);
  });

  it("that the browser does not know is named", () => {
    const { container } = shown({ type: "audio", data: btoa("RIFF"), mimeType: "audio/x-odd" });
    fireEvent.error(container.querySelector("audio")!);
    expect(container.querySelector("audio")).toBeNull();
    expect(container.textContent).toBe("Audio, audio/x-odd4 B");
  });

  it.each([
    ["text/html", btoa("<script>")], ["audio/wav\u0000", "AAAA"], ["audio/", "AAAA"], ["audio/wav", "AAA…"],
  ])("of %j that is none, or was cut, is named", (mimeType, data) => {
    const made = vi.spyOn(URL, "createObjectURL");
    expect(shown({ type: "audio", data, mimeType }).container.querySelector(".chip")).not.toBeNull();
    expect(made).not.toHaveBeenCalled();
  });
});

describe("an image", () => {
  it("is shown, with a name", () => {
    const image = shown({ type: "image", data: "aGk=", mimeType: "image/png" }).container.querySelector("img")!;
    expect([image.getAttribute("src"), image.alt]).toEqual(["data:image/png;base64,aGk=", "Image, PNG"]);
  });

  it("that could hold a script is named", () => {
    const { container } = shown({ type: "image", data: "aGk=", mimeType: "image/svg+xml" });
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toBe("Image, image/svg+xml2 B");
  });
});
