import type { ContentBlock } from "@tinyvex/client";
import { conversation, expect, show, test } from "./console.ts";

/** A tenth of a second of silence: 800 samples of 8 bits. */
function silence(): string {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + 800, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(800, 40);
  return Buffer.concat([head, Buffer.alloc(800, 128)]).toString("base64");
}

const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test("sounds play and images show, out of the message alone", async ({ stage }) => {
  const page = await stage.open();
  const blocks: ContentBlock[] = [
    { type: "audio", data: silence(), mimeType: "audio/wav" },
    { type: "audio", data: "AAAA", mimeType: "audio/wav" },
    { type: "image", data: dot, mimeType: "image/png" },
  ];
  const updates = blocks.map((content) => ({ sessionUpdate: "agent_message_chunk" as const, content }));
  await stage.client.request("tvx.ingest", { threadId: "t1", provider: "host", updates });
  await show(page, "t1");

  const sound = conversation(page).locator("audio");
  await expect(conversation(page).getByLabel("Audio, WAV")).toHaveCount(1);
  await expect.poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.duration)).toBeCloseTo(0.1, 3);
  await sound.evaluate((audio: HTMLAudioElement) => audio.play());
  await expect.poll(() => sound.evaluate((audio: HTMLAudioElement) => audio.ended)).toBe(true);
  // What is no sound is named, once the browser has found out.
  await expect(conversation(page).getByText("Audio, audio/wav")).toBeVisible();
  expect(await page.getByRole("img", { name: "Image, PNG" }).evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
});

test("no sound is fetched from anywhere", async ({ stage }) => {
  const page = await stage.open();
  const refused = await page.evaluate(async () => {
    const all: string[] = [];
    for (const url of ["http://127.0.0.1:9/a.wav", "/favicon.svg", "data:audio/wav;base64,AAAA"]) {
      const next = new Promise<SecurityPolicyViolationEvent>((resolve) => document.addEventListener("securitypolicyviolation", resolve, { once: true }));
      new Audio(url).load();
      all.push((await next).effectiveDirective);
    }

    return all;
  });
  expect(refused).toEqual(["media-src", "media-src", "media-src"]);
  expect(stage.problems.splice(0)).not.toEqual([]);
});
