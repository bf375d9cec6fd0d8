import type { PendingAttachment } from "@assistant-ui/react";
import { describe, expect, it } from "vitest";
import { promptAttachments } from "@tinyvex/assistant-ui";
import { changedLines } from "../../../src/packages/assistant-ui/src/changed-lines.ts";
import { promptBlocks } from "../../../src/packages/assistant-ui/src/prompt-blocks.ts";

async function attached(file: File) {
  const pending = (await promptAttachments.add({ file })) as PendingAttachment;
  const complete = await promptAttachments.send(pending);
  return promptBlocks({ content: [{ type: "text", text: "Look" }], attachments: [complete] });
}

describe("the blocks of a prompt", () => {
  it("are an image for an image", async () => {
    expect(await attached(new File(["hi"], "a.png", { type: "image/png" }))).toEqual([
      { type: "text", text: "Look" },
      { type: "image", data: "aGk=", mimeType: "image/png" },
    ]);
  });

  it("are the text of what is text, also where nobody said so", async () => {
    expect((await attached(new File(["é"], "a b.ts")))[1]).toEqual({
      type: "resource", resource: { uri: "attachment:///a%20b.ts", mimeType: "text/plain", text: "é" },
    });
    expect((await attached(new File(["{}"], "a.json", { type: "application/json" })))[1]).toMatchObject({ resource: { text: "{}" } });
  });

  it("are the text of sources that a browser takes for something else", async () => {
    const sent = async (name: string, type: string) => ((await attached(new File(["key: é\n"], name, { type })))[1] as any).resource;
    expect(await sent("a.ts", "video/mp2t")).toEqual({ uri: "attachment:///a.ts", mimeType: "text/plain", text: "key: é\n" });
    expect(await sent("a.yaml", "application/x-yaml")).toMatchObject({ mimeType: "application/x-yaml", text: "key: é\n" });
    expect(await sent("a.sh", "application/x-shellscript")).toMatchObject({ text: "key: é\n" });
    expect(await sent("a", "application/octet-stream")).toMatchObject({ mimeType: "text/plain", text: "key: é\n" });
  });

  it("are bytes where a file says that it is text and is not", async () => {
    for (const bytes of [[0x61, 0], [0xe9]]) {
      expect(((await attached(new File([new Uint8Array(bytes)], "a.txt", { type: "text/plain" })))[1] as any).resource).toHaveProperty("blob");
    }
  });

  it("are bytes for what is not", async () => {
    expect((await attached(new File([new Uint8Array([0xff, 0])], "a.bin")))[1]).toMatchObject({ resource: { mimeType: "application/octet-stream", blob: "/wA=" } });
    expect((await attached(new File(["hi"], "a.wav", { type: "audio/wav" })))[1]).toEqual({ type: "audio", data: "aGk=", mimeType: "audio/wav" });
  });

  it("hold large files whole, and none that no frame can hold", async () => {
    const bytes = new Uint8Array(300_000).map((_, i) => i * 7);
    const [, block] = await attached(new File([bytes], "a.bin", { type: "application/zip" }));
    expect(Buffer.from((block as any).resource.blob, "base64").equals(bytes)).toBe(true);
    await expect(async () => promptAttachments.add({ file: new File([new Uint8Array(11 * 1024 * 1024)], "large.bin") })).rejects.toThrow(/10 MiB/);
  });
});

describe("a prompt that is larger than a frame", () => {
  const text = (letter: string, length: number) => ({ content: [{ type: "text" as const, text: letter.repeat(length) }], attachments: [] });

  it("is refused, though each of its files would fit", () => {
    // Seven MiB of 0xff each, as base64.
    const files = ["a.bin", "b.bin"].map((filename) => ({ type: "file" as const, data: "/".repeat(28 * 1024 * 1024 / 3), mimeType: "application/zip", filename }));
    expect(promptBlocks({ content: files.slice(1), attachments: [] }).length).toBe(1);
    expect(() => promptBlocks({ content: files, attachments: [] })).toThrow(/takes 18\.7 MiB .* 15\.9 MiB that can be sent/);
  });

  it("is measured in the bytes of its JSON as UTF-8", () => {
    expect(promptBlocks(text("a", 12_000_000)).length).toBe(1);
    expect(() => promptBlocks(text("é", 12_000_000))).toThrow(/MiB/);
    expect(() => promptBlocks(text("\n", 12_000_000))).toThrow(/MiB/);
  });
});

describe("the lines of a diff", () => {
  const shown = (before: string, after: string) => changedLines(before, after).map(({ kind, text }) => `${kind[0]}${text}`).join(" ");

  it("are those that changed, with three around them", () => {
    expect(shown("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nx\ny\n6\n7\n8\n9")).toBe("s2 s3 s4 r5 ax ay s6 s7 s8");
  });

  it("are all of a new or removed file, and none of the same", () => {
    expect(shown("", "a\nb")).toBe("aa ab");
    expect(shown("a\nb", "")).toBe("ra rb");
    expect(shown("a", "a")).toBe("sa");
    expect(shown("a\na", "a\na\na")).toBe("sa sa aa");
  });
});
