import type { AgentRow, ThreadRow } from "@tinyvex/client";
import { describe, expect, it, vi } from "vitest";
import { mostAttachments, mostBytes, takeFiles } from "../../../src/console/src/prompt/attachments.ts";
import { directoriesOf, isAbsolute, keepChoices, readChoices } from "../../../src/console/src/prompt/choices.ts";
import { Drafts, longestDraft, mostDrafts } from "../../../src/console/src/prompt/drafts.ts";
import { namedAgent, shownAgent } from "../../../src/console/src/prompt/agents.ts";
import { pastedFiles } from "../../../src/console/src/prompt/pasted-files.ts";
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

  it.each(["no json", "{}", '{"text":1}', "[]", "null"])("begin empty where the storage has %s", (kept) => {
    const storage = new MemoryStorage();
    storage.setItem("tinyvex.draft.a", kept);
    expect(new Drafts(storage).get("a")).toBe("");
  });

  it("are taken up once from where an older console kept them together", () => {
    const storage = new MemoryStorage();
    storage.setItem("tinyvex.drafts", '[["a","first"],["b"],["c","third"]]');
    const drafts = new Drafts(storage);
    expect([drafts.get("a"), drafts.get("b"), drafts.get("c")]).toEqual(["first", "", "third"]);
    drafts.set("a", "");
    expect(new Drafts(storage).get("a")).toBe("");
    expect(new Drafts(storage).get("c")).toBe("third");
  });

  it("of two tabs leave each other's threads alone, and what one has sent does not come back from the other", () => {
    const storage = new MemoryStorage();
    const [one, other] = [new Drafts(storage), new Drafts(storage)];
    one.set("a", "of one");
    other.set("b", "of the other");
    one.sent(one.send("a"));
    other.set("c", "more");
    const later = new Drafts(storage);
    expect([later.get("a"), later.get("b"), later.get("c")]).toEqual(["", "of the other", "more"]);
  });

  it("that another tab shows too are gone there once they are sent, unless more was typed", () => {
    const storage = new MemoryStorage();
    const [one, same, more] = [new Drafts(storage), new Drafts(storage), new Drafts(storage)];
    one.set("a", "text");
    expect([same.get("a"), more.get("a")]).toEqual(["text", "text"]);
    more.set("a", "text and more");
    one.set("a", "text");
    const before = storage.getItem("tinyvex.draft.a");
    one.set("a", "");
    for (const drafts of [same, more]) drafts.changed("tinyvex.draft.a", before, null);
    expect([same.get("a"), more.get("a")]).toEqual(["", "text and more"]);
  });

  it("do not take away what another tab has begun in the same thread", () => {
    const storage = new MemoryStorage();
    const [one, other] = [new Drafts(storage), new Drafts(storage)];
    one.set("a", "of one");
    const sent = one.send("a");
    other.set("a", "of the other");
    one.sent(sent);
    expect(new Drafts(storage).get("a")).toBe("of the other");
  });

  it("are kept while they are on their way, and come back before what was begun meanwhile where they did not arrive", () => {
    const storage = new MemoryStorage();
    const drafts = new Drafts(storage);
    drafts.set("a", "first");
    const [first, told] = [drafts.send("a"), vi.fn()];
    expect([drafts.get("a"), new Drafts(storage).get("a")]).toEqual(["", "first"]);
    drafts.set("a", "second");
    expect(new Drafts(storage).get("a")).toBe("first\n\nsecond");
    const stop = drafts.subscribe("a", told);
    drafts.failed(first);
    drafts.failed(first);
    expect(told).toHaveBeenCalledOnce();
    stop();
    expect(drafts.get("a")).toBe("first\n\nsecond");
    drafts.sent(drafts.send("a"));
    expect(storage.length).toBe(0);
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
    expect(attachments[0]!.block).toEqual({ type: "resource", resource: { uri: "attachment:///a%20b.txt", mimeType: "text/plain", text: "näh" } });
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

describe("what is pasted", () => {
  const clipboard = (names: string[], text: string | null) => ({
    files: names.map((name) => new File(["x"], name)) as unknown as FileList, types: [...(text === null ? [] : ["text/plain"]), "Files"], getData: () => text ?? "",
  });

  it("is its files where it has no text, or nothing but their names", () => {
    expect(pastedFiles(clipboard(["a.png"], null)).map(({ name }) => name)).toEqual(["a.png"]);
    expect(pastedFiles(clipboard(["a.png", "b.txt"], "a.png\r\n/home/me/b.txt\n"))).toHaveLength(2);
  });

  it("is its text where a program adds a picture of it", () => expect(pastedFiles(clipboard(["image.png"], "1\t2\n3\t4"))).toEqual([]));
});

describe("the agent of a prompt", () => {
  const agents = [{ name: "replay", default: true }, { name: "codex" }] as AgentRow[];
  const asked = { threadId: "t1", source: "mine", chosen: null, last: "codex", agents };

  it("is the thread's own also where it is not there, and is named by nobody but the server", () => {
    expect([shownAgent(asked), namedAgent(asked)]).toEqual(["mine", null]);
    expect([shownAgent({ ...asked, source: "codex" }), namedAgent({ ...asked, source: "codex" })]).toEqual(["codex", null]);
    expect([shownAgent({ ...asked, source: null }), namedAgent({ ...asked, source: null })]).toEqual(["replay", null]);
  });

  it("is the one that was chosen", () => expect([shownAgent({ ...asked, chosen: "codex" }), namedAgent({ ...asked, chosen: "codex" })]).toEqual(["codex", "codex"]));

  it("of a new thread is the last one's, else the default", () => {
    const fresh = { ...asked, threadId: null, source: null };
    expect(namedAgent(fresh)).toBe("codex");
    expect(namedAgent({ ...fresh, last: "gone" })).toBe("replay");
    expect(namedAgent({ ...fresh, agents: [] })).toBe("codex");
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
