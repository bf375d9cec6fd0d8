import { TinyvexClient, TinyvexError, type TinyvexOptions } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ScriptedServer } from "../support/scripted-server.ts";

let server: ScriptedServer;
let client: TinyvexClient;

/** One whose answer does not matter: it ends with the test's client. */
const unanswered = (answer: Promise<unknown>) => void answer.catch(() => {});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function start(options: Partial<TinyvexOptions> = {}): Promise<void> {
  client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket, ...options });
  client.connect();
  await settle();
}

async function reconnect(): Promise<void> {
  server.socket.drop();
  client.wake();
  await settle();
  server.socket.open();
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

describe("a request", () => {
  it("is answered by the reply with its id", async () => {
    await start();
    server.socket.open();
    const first = client.query("threads.list", { limit: 1 });
    const second = client.query("agents.list", {});
    const [one, two] = server.socket.sent;
    expect(one).toEqual({ control: "tvx.query", id: one!["id"], name: "threads.list", args: { limit: 1 } });
    server.socket.say({ type: "tinyvex.query_result", id: two!["id"], name: "agents.list", rows: [{ name: "a" }] });
    server.socket.say({ type: "tinyvex.query_result", id: one!["id"], name: "threads.list", rows: [], nextPage: null });
    expect((await second).rows).toEqual([{ name: "a" }]);
    expect((await first).nextPage).toBeNull();
  });

  it("fails with the server's code, words and data", async () => {
    await start();
    server.socket.open();
    const answer = client.respond({ requestId: "p1", optionId: "once" });
    server.socket.answer("permission.respond", { type: "tinyvex.error", code: "conflict", message: "the first answer stands", data: { status: "answered" } });
    const error = await answer.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TinyvexError);
    expect(error).toMatchObject({ name: "TinyvexError", code: "conflict", message: "the first answer stands", data: { status: "answered" } });
  });

  it("that is made offline waits, and is sent in order once there is a connection", async () => {
    await start();
    unanswered(client.request("tvx.update_thread", { threadId: "t1", updates: { title: "a" } }));
    unanswered(client.request("tvx.update_thread", { threadId: "t1", updates: { title: "b" } }));
    expect(server.socket.sent).toEqual([]);
    server.socket.open();
    expect(server.socket.sent.map((frame) => frame["updates"].title)).toEqual(["a", "b"]);
  });

  it("connects a client that has never connected", async () => {
    client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket });
    unanswered(client.agents());
    await settle();
    server.socket.open();
    expect(server.socket.last("tvx.query")["name"]).toBe("agents.list");
  });

  it("that writes is sent again under the same key until it is answered", async () => {
    await start();
    server.socket.open();
    const submitted = client.submit({ text: "Hello", threadId: "t1" });
    const sent = server.socket.last("run.submit");
    expect(sent["key"]).toMatch(/^[0-9a-f]{32}$/);
    await reconnect();
    expect(server.socket.last("run.submit")).toEqual(sent);
    server.socket.answer("run.submit", { type: "run.submitted", threadId: "t1", runId: "r1", timestamp: 1 });
    expect((await submitted).runId).toBe("r1");
    await reconnect();
    expect(server.socket.sent).toEqual([]);
  });

  it("has a key of its own each time, and keeps one that it was given", async () => {
    await start();
    server.socket.open();
    unanswered(client.submit({ text: "a" }));
    unanswered(client.submit({ text: "a" }));
    unanswered(client.submit({ text: "a", key: "mine" }));
    const keys = server.socket.sent.map((frame) => frame["key"] as string);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe("mine");
  });

  it("that is not to be repeated fails when the connection is lost", async () => {
    await start();
    server.socket.open();
    const stopping = client.request("server.stop", {});
    server.socket.drop(1001);
    await expect(stopping).rejects.toMatchObject({ code: "disconnected" });
  });

  it("is refused where too many wait, and room is made by answers", async () => {
    await start({ outbox: { requests: 2, bytes: 1_000 } });
    server.socket.open();
    unanswered(client.agents());
    const second = client.agents();
    await expect(client.agents()).rejects.toMatchObject({ code: "outbox_full" });
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", name: "agents.list", rows: [] });
    await second;
    await expect(client.submit({ text: "x".repeat(900) })).rejects.toMatchObject({ code: "outbox_full" });
    unanswered(client.agents());
    expect(server.socket.sent.length).toBe(3);
  });

  it("that is larger than a frame may be is refused at once, by its bytes", async () => {
    await start();
    server.socket.open();
    await expect(client.submit({ text: "語".repeat(6 * 1024 * 1024) })).rejects.toMatchObject({ code: "too_large" });
    await expect(client.submit({ text: "x".repeat(17 * 1024 * 1024) })).rejects.toMatchObject({ code: "too_large" });
    expect(server.socket.sent.length).toBe(0);
    unanswered(client.submit({ text: "語".repeat(5 * 1024 * 1024) }));
    expect(server.socket.sent.length).toBe(1);
  });

  it("fails where the token is refused, as no attempt of its own will change that", async () => {
    await start({ token: "old" });
    const asked = client.agents();
    server.socket.open();
    server.socket.drop(4401, "wrong token");
    await expect(asked).rejects.toMatchObject({ code: "refused" });
  });

  it("is given up with its signal, and makes room", async () => {
    await start({ outbox: { requests: 1, bytes: 1_000 } });
    server.socket.open();
    const given = new AbortController();
    const answer = client.query("search", { text: "a" }, { signal: given.signal });
    given.abort(new Error("typed on"));
    await expect(answer).rejects.toThrow("typed on");
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", name: "search", rows: [] });
    await expect(client.query("search", { text: "b" }, { signal: given.signal })).rejects.toThrow("typed on");
    expect(server.socket.sent.length).toBe(1);
    unanswered(client.agents());
    expect(server.socket.sent.length).toBe(2);
  });

  it("fails when the client is closed, which can be used again", async () => {
    await start();
    server.socket.open();
    const answer = client.agents();
    client.close();
    await expect(answer).rejects.toMatchObject({ code: "closed" });
    expect(client.getStatus().state).toBe("idle");
    unanswered(client.agents());
    await settle();
    server.socket.open();
    expect(server.socket.sent.length).toBe(1);
  });

  it("is seen by those who look at the wire, both ways", async () => {
    await start();
    server.socket.open();
    const seen: string[] = [];
    const stop = client.onFrame(({ direction, frame, size }) => seen.push(`${direction} ${"control" in frame ? frame.control : frame.type} ${size > 10}`));
    const answer = client.agents();
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", name: "agents.list", rows: [] });
    await answer;
    stop();
    unanswered(client.agents());
    expect(seen).toEqual(["out tvx.query true", "in tinyvex.query_result true"]);
  });
});
