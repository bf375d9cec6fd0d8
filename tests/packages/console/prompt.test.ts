import type { ThreadRow } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { mostAttachments, mostBytes, takeFiles } from "../../../src/console/src/prompt/attachments.ts";
import { directoriesOf, isAbsolute, keepChoices, readChoices } from "../../../src/console/src/prompt/choices.ts";
import { Drafts, longestDraft, mostDrafts } from "../../../src/console/src/prompt/drafts.ts";
import { MemoryStorage } from "./memory-storage.ts";

describe("drafts", () => {
  it("are kept by thread, over a reload", () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage);
    drafts.set("a", "first");
    drafts.set("b", "second");
    drafts.set("a", "");
    expect(new Drafts(storage).get("b")).toBe("second");
    expect(new Drafts(storage).get("a")).toBe("");
  });

  it("are bounded: the oldest go, and none is huge in the storage", () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage);
    for (let i = 0; i <= mostDrafts; i++) drafts.set(`t${i}`, "x");
    expect(drafts.get("t0")).toBe("");
    expect(drafts.get("t1")).toBe("x");
    drafts.set("long", "x".repeat(longestDraft + 1));
    expect(drafts.get("long")).toHaveLength(longestDraft + 1);
    expect(new Drafts(storage).get("long")).toBe("");
  });

  it("stay in memory where the storage is full or there is none", () => {
    for (const storage of [new MemoryStorage(10), null]) {
      const drafts = new Drafts(storage);
      drafts.set("a", "some longer text");
      expect(drafts.get("a")).toBe("some longer text");
    }
  });

  it.each(["no json", "{}", '[["a"]]', '[["a",1]]', "null"])("begin empty where the storage has %s", (kept) => {
    const storage = new MemoryStorage();
    storage.setItem("tinyvex.drafts", kept);
    expect(new Drafts(storage).get("a")).toBe("");
  });
});

describe("attachments", () => {
  it("make an image of an image", async () => {
    const { attachments, problems } = await takeFiles([new File([new Uint8Array([104, 105])], "a.png", { type: "image/png" })], []);
    expect(problems).toEqual([]);
    expect(attachments[0]).toMatchObject({ name: "a.png", size: 2, block: { type: "image", data: "aGk=", mimeType: "image/png" } });
  });

  it("make a resource of text", async () => {
    const { attachments } = await takeFiles([new File(["näh"], "a b.txt", { type: "text/plain" })], []);
    expect(attachments[0]!.block).toEqual({ type: "resource", resource: { uri: "file:///a%20b.txt", mimeType: "text/plain", text: "näh" } });
  });

  it("leave out what is neither, and say so", async () => {
    const { attachments, problems } = await takeFiles([new File([new Uint8Array([0xff, 0xfe, 0])], "a.bin")], []);
    expect(attachments).toEqual([]);
    expect(problems).toEqual([expect.stringContaining("a.bin was left out")]);
  });

  it("leave out what cannot be read, such as a folder", async () => {
    const folder = Object.assign(new File([], "src"), { arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) });
    expect(await takeFiles([folder], [])).toEqual({ attachments: [], problems: ["src was left out: it could not be read."] });
  });

  it("are bounded together, with those that are there", async () => {
    const held = [{ id: 1, name: "held", size: mostBytes - 3, block: { type: "text" as const, text: "" } }];
    const { attachments, problems } = await takeFiles([new File(["abcd"], "large.txt"), new File(["abc"], "small.txt")], held);
    expect(attachments.map((one) => one.name)).toEqual(["small.txt"]);
    expect(problems).toEqual([expect.stringMatching(/large\.txt \(4 B\) was left out.*10\.0 MB/)]);
    const many = Array.from({ length: mostAttachments + 1 }, (_, i) => new File(["x"], `${i}.txt`));
    expect((await takeFiles(many, [])).attachments).toHaveLength(mostAttachments);
  });

  it("keep all bytes of a large image", async () => {
    const data = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const { attachments } = await takeFiles([new File([data], "a.webp", { type: "image/webp" })], []);
    expect(Buffer.from((attachments[0]!.block as { data: string }).data, "base64").equals(Buffer.from(data))).toBe(true);
  });
});

describe("choices for a new thread", () => {
  it("are those of the last one", () => {
    const storage = new MemoryStorage();
    expect(readChoices(storage)).toEqual({ agent: null, directory: "" });
    keepChoices(storage, { agent: "codex", directory: "/a" });
    expect(readChoices(storage)).toEqual({ agent: "codex", directory: "/a" });
    storage.setItem("tinyvex.choices", "{broken");
    expect(readChoices(storage)).toEqual({ agent: null, directory: "" });
  });

  it("offer each known directory once", () =>
    expect(directoriesOf([{ workingDirectory: "/b" }, { workingDirectory: null }, { workingDirectory: "/a" }, { workingDirectory: "/b" }] as ThreadRow[])).toEqual(["/b", "/a"]));

  it.each([["/home/me", true], ["C:\\x", true], ["c:/x", true], ["\\\\host\\share", true], ["home", false], ["./x", false], ["~", false]])(
    "take the directory %s: %s", (directory, taken) => expect(isAbsolute(directory)).toBe(taken));
});
