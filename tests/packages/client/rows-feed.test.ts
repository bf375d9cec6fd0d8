import { TinyvexClient, type RowsFeed, type RowsView } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chunk, elicitationRow, permissionRow, runRow, ScriptedServer, threadRow, threadSnapshot } from "../support/scripted-server.ts";

let server: ScriptedServer;
let client: TinyvexClient;

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

async function follow<Row>(feed: (client: TinyvexClient) => RowsFeed<Row>, snapshot: object, mode: "sync" | "broadcast" = "sync"): Promise<RowsFeed<Row>> {
  client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket, mode });
  const followed = feed(client);
  followed.subscribe(() => {});
  await settle();
  server.socket.open();
  server.socket.answer("tvx.subscribe", { type: "tinyvex.snapshot", cursor: "c0", nextPage: null, ...snapshot });
  await settle();
  return followed;
}

async function say(...frames: object[]): Promise<void> {
  for (const frame of frames) server.socket.say(frame);
  await settle();
}

const thread = (id: string, updatedAt: number, more: object = {}) => threadRow(id, { updatedAt, ...more });
const threadsUpdate = (row: object) => ({ type: "tinyvex.update", stream: "threads", row });
const ids = ({ rows }: RowsView<{ id: string }>) => rows.map((row) => row.id).join("");

describe("a list of threads", () => {
  it("begins anew where another list of the same subscription is at another place", async () => {
    const feed = await follow((c) => c.threads(), { stream: "threads", rows: [] });
    const archived = client.threads({ archived: true });
    const stop = archived.subscribe(() => {});
    server.socket.answer("tvx.subscribe", { type: "tinyvex.snapshot", stream: "threads", rows: [], nextPage: null, cursor: "c1" });
    await settle();
    stop();
    await vi.advanceTimersByTimeAsync(5_000);
    await say({ ...threadsUpdate(thread("a", 2)), cursor: "c2" });
    server.socket.drop();
    // Both are read again, the one that is behind first.
    archived.subscribe(() => {});
    client.wake();
    await settle();
    server.socket.open();
    const asked = server.socket.sent.filter((frame) => frame["control"] === "tvx.subscribe");
    expect(asked.map((frame) => frame["since"])).toEqual([undefined, undefined]);
    for (const { id } of asked) server.socket.say({ type: "tinyvex.snapshot", id, stream: "threads", rows: [thread("a", 2)], nextPage: null, cursor: "c2" });
    await settle();
    expect([ids(feed.getSnapshot()), feed.cursor, archived.cursor]).toEqual(["a", "c2", "c2"]);
  });

  it("has the thread first that changed last, and none that was archived or deleted", async () => {
    const feed = await follow((c) => c.threads(), { stream: "threads", rows: [thread("b", 2), thread("a", 1)] });
    expect(ids(feed.getSnapshot())).toBe("ba");
    const [b] = feed.getSnapshot().rows;
    await say(threadsUpdate(thread("a", 3)), threadsUpdate(thread("c", 4)));
    expect(ids(feed.getSnapshot())).toBe("cab");
    expect(feed.getSnapshot().rows[2]).toBe(b);
    await say(threadsUpdate(thread("a", 5, { archived: true })));
    expect(ids(feed.getSnapshot())).toBe("cb");
    await say({ type: "tinyvex.update", stream: "threads", threadId: "c", deleted: true }, threadsUpdate(thread("b", 1, { title: "of before" })));
    expect(ids(feed.getSnapshot())).toBe("b");
    expect(feed.getSnapshot().rows[0]!.title).toBeNull();
  });

  it("brings further pages, and keeps them while rows move", async () => {
    const feed = await follow((c) => c.threads({ limit: 2 }), { stream: "threads", rows: [thread("d", 4), thread("c", 3)], nextPage: "p1" });
    expect(server.socket.last("tvx.subscribe")["limit"]).toBe(2);
    const more = feed.loadMore();
    void feed.loadMore();
    await settle();
    expect(feed.getSnapshot().isLoadingMore).toBe(true);
    expect(server.socket.last("tvx.query")["args"]).toEqual({ limit: 2, archived: false, page: "p1" });
    await say(threadsUpdate(thread("c", 9)));
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", rows: [thread("b", 2), thread("a", 1)], nextPage: null });
    await more;
    await settle();
    expect(ids(feed.getSnapshot())).toBe("cdba");
    expect(feed.getSnapshot()).toMatchObject({ hasMore: false, isLoadingMore: false });
    await feed.loadMore();
    expect(server.socket.sent.filter((frame) => frame["control"] === "tvx.query").length).toBe(1);
  });

  it("of the archived is asked for, as the stream begins with the others", async () => {
    const feed = await follow((c) => c.threads({ archived: true }), { stream: "threads", rows: [thread("a", 1)] });
    expect(ids(feed.getSnapshot())).toBe("");
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", rows: [thread("z", 1, { archived: true })], nextPage: null });
    await settle();
    await say(threadsUpdate(thread("a", 2, { archived: true })));
    expect(ids(feed.getSnapshot())).toBe("az");
  });

  it("says why a page did not come", async () => {
    const feed = await follow((c) => c.threads(), { stream: "threads", rows: [], nextPage: "p1" });
    const more = feed.loadMore();
    server.socket.answer("tvx.query", { type: "tinyvex.error", code: "overloaded", message: "later" });
    await expect(more).rejects.toMatchObject({ code: "overloaded" });
    await settle();
    expect(feed.getSnapshot()).toMatchObject({ hasMore: true, isLoadingMore: false });
  });

  it("that is read in two ways goes on from one snapshot for both", async () => {
    const feed = await follow((c) => c.threads(), { stream: "threads", rows: [thread("a", 1)] });
    const all = client.threads({ archived: "all" });
    all.subscribe(() => {});
    server.socket.answer("tvx.subscribe", { type: "tinyvex.snapshot", stream: "threads", rows: [thread("b", 2)], cursor: "c9", nextPage: null });
    await settle();
    expect(ids(feed.getSnapshot())).toBe("b");
    expect(feed.cursor).toBe("c9");
    expect(ids(all.getSnapshot())).toBe("b");
  });
});

describe("a list of permission requests", () => {
  it("has those first that wait, and never goes back on an answer", async () => {
    const feed = await follow((c) => c.permissions(), { stream: "permissions", rows: [permissionRow("p1", 1, "answered"), permissionRow("p3", 3, "answered")] });
    const update = (row: object) => ({ type: "tinyvex.update", stream: "permissions", threadId: "t1", row });
    await say(update(permissionRow("p2", 2, "pending")), update(permissionRow("p3", 3, "pending")));
    expect(feed.getSnapshot().rows.map((row) => `${row.requestId} ${row.status}`)).toEqual(["p2 pending", "p3 answered", "p1 answered"]);
    await say({ type: "tinyvex.update", stream: "threads", threadId: "t1", deleted: true });
    expect(feed.getSnapshot().rows).toEqual([]);
  });
});

describe("a list of runs", () => {
  it("of one thread has only those, and keeps the prompt that an update leaves out", async () => {
    const feed = await follow((c) => c.runs({ threadId: "t1" }), { stream: "runs", threadId: "t1", rows: [runRow("r1", 1, "running")] });
    expect(server.socket.last("tvx.subscribe")).toMatchObject({ stream: "runs", threadId: "t1" });
    const { prompt: _prompt, ...ended } = runRow("r1", 1, "completed");
    const { prompt: _another, ...other } = runRow("r2", 2, "running", { threadId: "t2" });
    await say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: ended }, { type: "tinyvex.update", stream: "runs", threadId: "t2", row: other });
    await say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r1", 1, "running") });
    expect(feed.getSnapshot().rows).toEqual([runRow("r1", 1, "completed")]);
  });
});

describe("broadcast mode", () => {
  it("keeps what comes before a snapshot, and asks anew after a lost connection", async () => {
    client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket, mode: "broadcast" });
    const feed = client.thread("t1");
    feed.subscribe(() => {});
    await settle();
    server.socket.open();
    server.socket.say(chunk("a", 1, 1, "early"));
    server.socket.answer("tvx.subscribe", threadSnapshot());
    await settle();
    expect(feed.getSnapshot().items.length).toBe(1);
    server.socket.drop();
    client.wake();
    await settle();
    server.socket.open();
    expect(server.socket.last("tvx.subscribe")).not.toHaveProperty("since");
  });

  it("asks for another snapshot where too much came before it", async () => {
    client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket, mode: "broadcast" });
    client.thread("t1").subscribe(() => {});
    await settle();
    server.socket.open();
    for (let i = 1; i <= 1_100; i++) server.socket.say(chunk("a", 1, i, "x"));
    server.socket.answer("tvx.subscribe", threadSnapshot());
    expect(server.socket.sent.filter((frame) => frame["control"] === "tvx.subscribe").length).toBe(2);
  });
});

describe("a list of elicitations", () => {
  it("has what waits first, and never goes back from what was decided or done", async () => {
    const feed = await follow((c) => c.elicitations(), { stream: "elicitations", rows: [elicitationRow("e1", 1, "answered"), elicitationRow("e3", 3, "completed")] });
    const update = (row: object) => ({ type: "tinyvex.update", stream: "elicitations", threadId: "t1", row });
    await say(update(elicitationRow("e2", 2, "pending")), update(elicitationRow("e3", 3, "answered")), update(elicitationRow("e1", 1, "pending")));
    const rows = () => feed.getSnapshot().rows.map((row) => `${row.requestId} ${row.status}`);
    expect(rows()).toEqual(["e2 pending", "e3 completed", "e1 answered"]);
    await say(update(elicitationRow("e1", 1, "completed")), update(elicitationRow("e2", 2, "cancelled")));
    expect(rows()).toEqual(["e3 completed", "e2 cancelled", "e1 completed"]);
  });
});
