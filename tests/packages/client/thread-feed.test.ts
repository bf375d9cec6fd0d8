import { TinyvexClient, type Message, type ThreadFeed, type ThreadView } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chunk, elicitationRow, finalize, messageRow, permissionRow, runRow, ScriptedServer, threadRow, threadSnapshot } from "../support/scripted-server.ts";

let server: ScriptedServer;
let client: TinyvexClient;
let feed: ThreadFeed;
let stop: () => void;
let told: number;

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  server = new ScriptedServer();
  client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket });
  feed = client.thread("t1");
  told = 0;
  stop = feed.subscribe(() => told++);
  await settle();
  server.socket.open();
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

async function snapshot(more: object = {}): Promise<void> {
  server.socket.answer("tvx.subscribe", threadSnapshot(more));
  await settle();
}

async function view(...frames: object[]): Promise<ThreadView> {
  for (const frame of frames) server.socket.say(frame);
  await settle();
  return feed.getSnapshot();
}

async function reconnect(): Promise<void> {
  server.socket.drop();
  client.wake();
  await settle();
  server.socket.open();
}

const texts = ({ items }: ThreadView) => items.map((item) => (item.kind === "message" ? item.row.text : item.kind));

describe("the feed of a thread", () => {
  it("is what the snapshot has, by order", async () => {
    expect(feed.getSnapshot()).toMatchObject({ status: "loading", thread: null, items: [] });
    await snapshot({
      messages: [messageRow("a", 2, "first"), messageRow("b", 5, "second")],
      toolCalls: [{ threadId: "t1", toolCallId: "c1", order: 4, title: "Read", kind: "read", status: "completed", updatedAt: 1 }],
      runs: [runRow("r1", 1, "running")],
      permissions: [permissionRow("p1", 3, "pending")],
    });
    const now = feed.getSnapshot();
    expect(now.status).toBe("live");
    expect(now.items.map((item) => item.key)).toEqual(["r:r1", "m:a", "p:p1", "t:c1", "m:b"]);
    expect(now.run?.runId).toBe("r1");
    expect(now.pending.map((row) => row.requestId)).toEqual(["p1"]);
  });

  it("grows by chunks, and leaves alone what did not change", async () => {
    await snapshot({ messages: [messageRow("a", 1, "old", { partial: false })] });
    const before = await view(chunk("b", 2, 1, "Hel"));
    const after = await view(chunk("b", 2, 2, "lo"), finalize("b", 2));
    expect(texts(after)).toEqual(["old", "Hello"]);
    expect(texts(before)).toEqual(["old", "Hel"]);
    expect(after.items[0]).toBe(before.items[0]);
    expect((after.items[1]!.row as Message).partial).toBe(false);
  });

  it("keeps the list of keys while items only change", async () => {
    await snapshot({ messages: [messageRow("a", 1, "old", { partial: false })] });
    const first = await view(chunk("c", 3, 1, "Hel"));
    expect(first.keys).toEqual(["m:a", "m:c"]);
    expect((await view(chunk("c", 3, 2, "lo"), finalize("c", 2))).keys).toBe(first.keys);
    expect((await view(chunk("b", 2, 1, "between"))).keys).toEqual(["m:a", "m:b", "m:c"]);
  });

  it("tells readers of one item of that item alone", async () => {
    await snapshot({ messages: [messageRow("a", 1, "one"), messageRow("b", 2, "two")], nextPage: "p" });
    const heard: string[] = [];
    const keys = ["m:a", "m:b", "m:old", "m:never"];
    const stops = keys.map((key) => feed.subscribeItem(key, () => heard.push(`${key} ${(feed.getItem(key)?.row as Message | undefined)?.text}`)));
    await view(chunk("b", 2, 2, "!"), chunk("b", 2, 3, "!"));
    expect(heard.splice(0)).toEqual(["m:b two!!"]);

    const loading = feed.loadOlder();
    await settle();
    await server.socket.answerOlder([{ kind: "message", row: messageRow("old", 0, "older") }]);
    await loading;
    await settle();
    expect(heard.splice(0)).toEqual(["m:old older"]);

    stops[1]!();
    await view(chunk("b", 2, 4, "?"));
    expect(heard).toEqual([]);
    await view({ type: "tinyvex.update", stream: "threads", threadId: "t1", deleted: true, cursor: "d" });
    expect(heard.splice(0)).toEqual(["m:a undefined", "m:old undefined", "m:never undefined"]);
  });

  it("gives an item as the view has it, also when it has moved since", async () => {
    await snapshot({ messages: [messageRow("c", 3, "c")] });
    server.socket.say(chunk("a", 1, 1, "a"));
    expect(feed.getItem("m:c")).toBe(feed.getSnapshot().items[0]);
    expect(feed.getItem("m:a")).toBeUndefined();
    await settle();
    expect(feed.getItem("m:c")).toBe(feed.getSnapshot().items[1]);
  });

  it("is followed for as long as one item is read", async () => {
    await snapshot();
    const stopItem = feed.subscribeItem("m:a", () => {});
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(feed.getSnapshot().status).toBe("live");
    stopItem();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.socket.last("tvx.unsubscribe")).toMatchObject({ stream: "thread", threadId: "t1" });
  });

  it("tells of frames that come together once", async () => {
    await snapshot();
    told = 0;
    await view(chunk("a", 1, 1, "1"), chunk("a", 1, 2, "2"), chunk("a", 1, 3, "3"));
    expect(told).toBe(1);
    expect(feed.getSnapshot()).toBe(feed.getSnapshot());
  });

  it("ignores chunks that it has, and takes those that are merged", async () => {
    await snapshot({ messages: [messageRow("a", 1, "12", { seq: 2 })] });
    const now = await view(chunk("a", 1, 2, "2"), chunk("a", 1, 5, "345", { fromSeq: 3 }), chunk("a", 1, 1, "1"), finalize("a", 5), chunk("a", 1, 6, "!"));
    expect(texts(now)).toEqual(["12345"]);
  });

  it("never shows a gap: it fetches the message, and takes up what came meanwhile", async () => {
    await snapshot({ messages: [messageRow("a", 1, "1", { seq: 1 })] });
    let now = await view(chunk("a", 1, 4, "4"), chunk("a", 1, 5, "5"), chunk("a", 1, 6, "6"));
    expect(texts(now)).toEqual(["1"]);
    expect(server.socket.sent.filter((frame) => frame["name"] === "messages.get").length).toBe(1);
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", name: "messages.get", rows: [messageRow("a", 1, "12345", { seq: 5 })] });
    now = await view();
    expect(texts(now)).toEqual(["123456"]);
  });

  it.each([
    ["an update that is cut", () => chunk("a", 1, 2, "2…", { truncated: true })],
    ["an end before its last chunks", () => finalize("a", 3)],
    ["a message whose beginning was never shown", () => chunk("b", 2, 3, "3")],
  ])("fetches for %s", async (_, frame) => {
    await snapshot({ messages: [messageRow("a", 1, "1", { seq: 1 })] });
    const { itemId } = (await view(frame()), server.socket.last("tvx.query")["args"]);
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", name: "messages.get", rows: [messageRow(itemId, itemId === "a" ? 1 : 2, "123", { seq: 3, partial: false })] });
    expect(texts(await view())).toContain("123");
  });

  it("fetches again where what was held while fetching was too much", async () => {
    await snapshot({ messages: [messageRow("a", 1, "", { seq: 1 })] });
    await view(...Array.from({ length: 400 }, (_, i) => chunk("a", 1, i + 3, "x")));
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", rows: [messageRow("a", 1, "y", { seq: 2 })] });
    await view();
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", rows: [messageRow("a", 1, "all", { seq: 402 })] });
    expect(texts(await view())).toEqual(["all"]);
    expect(server.socket.sent.filter((frame) => frame["name"] === "messages.get").length).toBe(2);
  });

  it("keeps images at their place in the text", async () => {
    const image = { type: "image", data: "aGk=", mimeType: "image/png" };
    await snapshot();
    const now = await view(chunk("a", 1, 1, "see "), chunk("a", 1, 2, "", { content: [image] }), chunk("a", 1, 3, "this"), chunk("a", 1, 4, "!"));
    expect(now.items[0]!.row).toMatchObject({ text: "see this!", content: [{ type: "text", text: "see " }, image, { type: "text", text: "this!" }] });
  });

  it("keeps of a tool call what an update leaves out", async () => {
    const row = { threadId: "t1", toolCallId: "c1", order: 1, title: "Read", kind: "read", status: "in_progress", locations: null, createdAt: 1, updatedAt: 1 };
    await snapshot({ toolCalls: [{ ...row, content: [], rawInput: { path: "a" }, rawOutput: null }] });
    let now = await view({ type: "tinyvex.update", stream: "tool_calls", threadId: "t1", toolCallId: "c1", row: { ...row, status: "completed", rawOutput: 1, updatedAt: 2 } });
    expect(now.items[0]!.row).toMatchObject({ status: "completed", rawInput: { path: "a" }, rawOutput: 1 });
    now = await view({ type: "tinyvex.update", stream: "tool_calls", threadId: "t1", toolCallId: "c1", row });
    expect(now.items[0]!.row).toMatchObject({ status: "completed" });
  });

  it("does not go back to what a run or a permission request was before", async () => {
    await snapshot({ runs: [runRow("r1", 1, "completed")], permissions: [permissionRow("p1", 2, "answered")] });
    const { prompt: _prompt, ...late } = runRow("r1", 1, "running");
    const now = await view(
      { type: "tinyvex.update", stream: "runs", threadId: "t1", row: late },
      { type: "tinyvex.update", stream: "permissions", threadId: "t1", row: permissionRow("p1", 2, "pending") },
    );
    expect(now.items.map((item) => (item.row as { status: string }).status)).toEqual(["completed", "answered"]);
    expect(now.pending).toEqual([]);
  });

  it("has the agent's questions among its items, and those that wait by themselves", async () => {
    await snapshot({ permissions: [permissionRow("p1", 1, "answered")], elicitations: [elicitationRow("e1", 2, "pending"), elicitationRow("e2", 3, "completed")] });
    expect(feed.getSnapshot().pendingElicitations.map((row) => row.requestId)).toEqual(["e1"]);
    const { pendingElicitations } = await view(chunk("a", 4, 1, "word"));
    expect(pendingElicitations).toBe(feed.getSnapshot().pendingElicitations);
    const update = (row: object) => ({ type: "tinyvex.update", stream: "elicitations", threadId: "t1", row });
    const now = await view(update(elicitationRow("e1", 2, "answered")), update(elicitationRow("e2", 3, "answered")), update(elicitationRow("e3", 5, "pending")));
    expect(now.items.map(({ key }) => key)).toEqual(["p:p1", "e:e1", "e:e2", "m:a", "e:e3"]);
    expect(now.items.map(({ row }) => (row as { status?: string }).status)).toEqual(["answered", "answered", "completed", undefined, "pending"]);
    expect(now.pendingElicitations.map((row) => row.requestId)).toEqual(["e3"]);
  });

  it("shows the run under way, then the one that waits, then the last", async () => {
    await snapshot({ runs: [runRow("r1", 1, "completed"), runRow("r2", 2, "queued"), runRow("r3", 3, "running")] });
    expect(feed.getSnapshot().run?.runId).toBe("r3");
    const ended = (await view({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r3", 3, "failed") })).run;
    expect(ended?.runId).toBe("r2");
    expect((await view({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r2", 2, "cancelled") })).run?.runId).toBe("r3");
  });

  it("loads what is older, page by page, and leaves updates of what is not loaded to those pages", async () => {
    await snapshot({ messages: [messageRow("c", 10, "c", { partial: false })], nextPage: "p1" });
    let now = await view(chunk("a", 2, 9, "late"), { type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r0", 1, "completed") });
    expect(texts(now)).toEqual(["c"]);
    const loading = feed.loadOlder();
    void feed.loadOlder();
    await settle();
    expect(feed.getSnapshot()).toMatchObject({ isLoadingOlder: true, hasOlder: true });
    expect(server.socket.sent.filter((frame) => frame["name"] === "timeline.list").map((frame) => frame["args"])).toEqual([{ threadId: "t1", limit: 100, page: "p1" }]);
    await server.socket.answerOlder([{ kind: "run", row: runRow("r0", 1, "completed") }, { kind: "message", row: messageRow("b", 3, "b") }]);
    await loading;
    now = await view();
    expect(now.items.map((item) => item.key)).toEqual(["r:r0", "m:b", "m:c"]);
    expect(now).toMatchObject({ isLoadingOlder: false, hasOlder: false });
    await feed.loadOlder();
    expect(server.socket.sent.filter((frame) => frame["name"] === "timeline.list").length).toBe(1);
  });

  it("does not begin an old tool call in the middle, whatever waits or runs from before it", async () => {
    await snapshot({ messages: [messageRow("c", 10, "c")], permissions: [permissionRow("p", 1, "pending")], nextPage: "p1" });
    const patch = { threadId: "t1", toolCallId: "t", order: 4, title: "Build", kind: null, status: "completed", locations: null, createdAt: 1, updatedAt: 2 };
    await view({ type: "tinyvex.update", stream: "tool_calls", threadId: "t1", row: patch });
    const loading = feed.loadOlder();
    await settle();
    await server.socket.answerOlder([{ kind: "tool_call", row: { ...patch, content: null, rawInput: null, rawOutput: { all: "of it" } } }]);
    await loading;
    expect((await view()).items.find((item) => item.key === "t:t")?.row).toMatchObject({ rawOutput: { all: "of it" } });
  });

  it("brings with older items what was asked among them, and each page of that once", async () => {
    await snapshot({ messages: [messageRow("d", 40, "d")], permissions: [permissionRow("p4", 41, "answered")], nextPage: "n1" });
    const loading = feed.loadOlder();
    await settle();
    server.socket.answerQuery("timeline.list", [{ kind: "message", row: messageRow("b", 20, "b") }], "n2");
    await settle();
    server.socket.answerQuery("permissions.list", [permissionRow("p4", 41, "answered"), permissionRow("p3", 25, "answered")], "more");
    server.socket.answerQuery("elicitations.list", []);
    await settle();
    // The page reached up to 25: one more is needed for what begins at 20.
    server.socket.answerQuery("permissions.list", [permissionRow("p2", 22, "cancelled"), permissionRow("p1", 10, "answered")], "rest");
    await loading;
    expect((await view()).keys).toEqual(["p:p1", "m:b", "p:p2", "p:p3", "m:d", "p:p4"]);

    const last = feed.loadOlder();
    await settle();
    server.socket.answerQuery("timeline.list", [{ kind: "message", row: messageRow("a", 12, "a") }], "n3");
    await last;
    expect((await view()).keys[1]).toBe("m:a");
  });

  it("brings the whole of what was cut", async () => {
    await snapshot({ messages: [messageRow("a", 1, "cut", { truncated: true, partial: false })] });
    const whole = feed.loadWhole(feed.getSnapshot().items[0]!);
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", rows: [messageRow("a", 1, "cut no more", { partial: false })] });
    await whole;
    expect((await view()).items[0]!.row).toMatchObject({ text: "cut no more" });
    expect(feed.getSnapshot().items[0]!.row).not.toHaveProperty("truncated");
  });

  it("resumes from its last cursor, and goes on as if nothing had happened", async () => {
    await snapshot({ messages: [messageRow("a", 1, "1")] });
    await view(chunk("a", 1, 2, "2"), { type: "tinyvex.update", stream: "permissions", threadId: "t1", row: permissionRow("p1", 2, "pending") });
    server.socket.drop();
    await settle();
    expect(feed.getSnapshot()).toMatchObject({ status: "offline" });
    client.wake();
    await settle();
    server.socket.open();
    expect(server.socket.last("tvx.subscribe")).toMatchObject({ stream: "thread", threadId: "t1", limit: 100, since: "c1.2" });
    server.socket.answer("tvx.subscribe", { type: "tinyvex.resumed", stream: "thread", threadId: "t1", cursor: "c1.2" });
    const now = await view(chunk("a", 1, 4, "34", { fromSeq: 3 }));
    expect(now.status).toBe("live");
    expect(texts(now)).toEqual(["1234", "permission"]);
  });

  it("is replaced by a reset", async () => {
    await snapshot({ messages: [messageRow("a", 1, "of another history")] });
    await reconnect();
    await snapshot({ reset: true, messages: [messageRow("b", 1, "of this one")], cursor: "n1" });
    expect(texts(feed.getSnapshot())).toEqual(["of this one"]);
    await reconnect();
    expect(server.socket.last("tvx.subscribe")["since"]).toBe("n1");
  });

  it("is emptied with its thread, and asks once more whether that was made anew", async () => {
    await snapshot({ messages: [messageRow("a", 1, "gone")] });
    const gone = await view({ type: "tinyvex.update", stream: "threads", threadId: "t1", deleted: true, cursor: "d" });
    expect(gone).toMatchObject({ isDeleted: true, items: [], thread: null });
    expect(server.socket.sent.filter((frame) => frame["control"] === "tvx.subscribe").length).toBe(2);
    expect(server.socket.last("tvx.subscribe")).not.toHaveProperty("since");
    await snapshot({ thread: null });
    expect(feed.getSnapshot()).toMatchObject({ isDeleted: true, status: "live" });
    server.socket.say({ type: "tinyvex.update", stream: "threads", row: threadRow("t1", { title: "anew" }) });
    expect((await view()).thread?.title).toBe("anew");
    expect(feed.getSnapshot().isDeleted).toBe(false);
  });

  it("is not the business of other threads", async () => {
    await snapshot();
    told = 0;
    await view(chunk("a", 1, 1, "x", { threadId: "t2" }), { type: "tinyvex.update", stream: "threads", row: threadRow("t2") });
    expect(told).toBe(0);
  });

  it("is left some time after its last reader, and taken up from its cursor when one comes back", async () => {
    await snapshot({ messages: [messageRow("a", 1, "kept")] });
    stop();
    await vi.advanceTimersByTimeAsync(1_000);
    stop = feed.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.socket.sent.map((frame) => frame["control"])).toEqual(["tvx.subscribe"]);
    stop();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.socket.last("tvx.unsubscribe")).toEqual({ control: "tvx.unsubscribe", stream: "thread", threadId: "t1" });
    expect(texts(await view(chunk("a", 1, 2, " not")))).toEqual(["kept"]);
    stop = client.thread("t1").subscribe(() => {});
    expect(client.thread("t1")).toBe(feed);
    expect(server.socket.last("tvx.subscribe")["since"]).toBe("c0");
  });

  it("is forgotten when twenty others were used since, unless somebody reads it", async () => {
    await snapshot();
    const others = Array.from({ length: 30 }, (_, i) => client.thread(`other${i}`));
    expect(client.thread("t1")).toBe(feed);
    expect(client.thread("other29")).toBe(others[29]);
    expect(client.thread("other0")).not.toBe(others[0]);
  });

  it("says why the server refuses it", async () => {
    server.socket.answer("tvx.subscribe", { type: "tinyvex.error", code: "too_large", message: "the id is too long" });
    await settle();
    expect(feed.getSnapshot()).toMatchObject({ status: "failed", error: { code: "too_large" } });
  });

  it("asks again where the server has too much to do", async () => {
    server.socket.answer("tvx.subscribe", { type: "tinyvex.error", code: "overloaded", message: "later" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(server.socket.sent.length).toBe(2);
    await snapshot();
    expect(feed.getSnapshot().status).toBe("live");
  });
});
