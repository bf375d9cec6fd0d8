import { TinyvexClient, type TerminalRow, type ThreadFeed } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { printed, ScriptedServer, terminalRow, terminalUpdate, threadSnapshot } from "../support/scripted-server.ts";

let server: ScriptedServer;
let client: TinyvexClient;
let feed: ThreadFeed;

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  server = new ScriptedServer();
  client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket });
  feed = client.thread("t1");
  feed.subscribe(() => {});
  await settle();
  server.socket.open();
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

async function snapshot(...terminals: object[]): Promise<void> {
  server.socket.answer("tvx.subscribe", threadSnapshot({ terminals }));
  await settle();
}

async function terminal(...frames: object[]): Promise<TerminalRow | undefined> {
  for (const frame of frames) server.socket.say(frame);
  await settle();
  return feed.getSnapshot().items.find((item) => item.kind === "terminal")?.row as TerminalRow | undefined;
}

const asked = () => server.socket.sent.filter((frame) => frame["control"] === "tvx.query").map((frame) => frame["args"]);

async function answer(row: object): Promise<void> {
  server.socket.answer("tvx.query", { type: "tinyvex.query_result", rows: [row] });
  await settle();
}

describe("a terminal", () => {
  it("grows by what is printed, and passes over what it has", async () => {
    await snapshot(terminalRow("x", 1, "one\n"));
    expect((await terminal(printed("x", 4, "two\n"), printed("x", 0, "one\n"), printed("x", 4, "two\n"), printed("x", 8, "ä\n")))?.output).toBe("one\ntwo\nä\n");
    expect((await terminal(printed("x", 11, "!")))?.outputLen).toBe(12);
    expect(asked()).toEqual([]);
  });

  it("keeps its output where only its state changes, and never runs again", async () => {
    await snapshot();
    const { output: _, outputStart: _start, outputLen: _len, ...end } = terminalRow("x", 1, "", { status: "exited", exitCode: 2, exitedAt: 9, updatedAt: 9 });
    const ended = await terminal(terminalUpdate(terminalRow("x", 1, "")), printed("x", 0, "abc"), terminalUpdate(end));
    expect(ended).toMatchObject({ output: "abc", status: "exited", exitCode: 2 });
    expect(await terminal(terminalUpdate(terminalRow("x", 1, "", { updatedAt: 9 })))).toBe(ended);
  });

  it("takes what begins where the kept output begins in place of all", async () => {
    await snapshot(terminalRow("x", 1, "old", { truncated: true }));
    expect(await terminal(printed("x", 100, "new", { outputStart: 100 }))).toMatchObject({ output: "new", outputStart: 100, outputLen: 103 });
    expect(await terminal(printed("x", 103, "er", { outputStart: 100 }))).toMatchObject({ output: "newer", outputLen: 105 });
    expect(await terminal()).not.toHaveProperty("truncated");
    expect(asked()).toEqual([]);
  });

  it("is given anew by its row, with more than it had before too, and never with less", async () => {
    await snapshot(terminalRow("x", 1, "c", { outputStart: 2, outputLen: 3 }));
    expect(await terminal(terminalUpdate(terminalRow("x", 1, "abc")))).toMatchObject({ output: "abc", outputStart: 0 });
    const end = terminalRow("x", 1, "c", { outputStart: 2, outputLen: 3, truncated: true, status: "exited" });
    expect(await terminal(terminalUpdate(end))).toMatchObject({ output: "abc", outputStart: 0, status: "exited" });
  });

  it("is fetched where something between is missing, and goes on with what came meanwhile", async () => {
    await snapshot(terminalRow("x", 1, "one"));
    expect((await terminal(printed("x", 6, "three"), printed("x", 11, "four")))?.output).toBe("one");
    expect(asked()).toEqual([{ threadId: "t1", terminalId: "x" }]);
    await answer(terminalRow("x", 1, "onetwothree"));
    expect((await terminal())?.output).toBe("onetwothreefour");
  });

  it("is loaded whole on demand, with what is printed meanwhile", async () => {
    await snapshot(terminalRow("x", 1, "c", { outputStart: 2, outputLen: 3, truncated: true }));
    const loading = feed.loadWhole(feed.getSnapshot().items[0]!);
    await terminal(printed("x", 3, "d"));
    await answer(terminalRow("x", 1, "abc"));
    await loading;
    expect(await terminal()).toMatchObject({ output: "abcd", outputStart: 0 });
    expect(await terminal()).not.toHaveProperty("truncated");
  });

  it("that is not known is fetched", async () => {
    await snapshot();
    expect(await terminal(printed("x", 3, "d"))).toBeUndefined();
    await answer(terminalRow("x", 1, "abcd"));
    expect((await terminal())?.output).toBe("abcd");
  });

  it("lets go of what the server keeps no more, between two characters", async () => {
    await snapshot(terminalRow("x", 1, "é€😀a".repeat(60_000), { outputLen: 600_000 }));
    expect((await terminal(printed("x", 600_000, "b", { outputStart: 100 })))?.outputStart).toBe(0);
    const cut = await terminal(printed("x", 600_001, "c", { outputStart: 300_005 }));
    expect(cut).toMatchObject({ outputStart: 300_005, outputLen: 600_002 });
    expect(cut?.output).toBe(`😀a${"é€😀a".repeat(29_999)}bc`);
  });

  it("of an older page is there once that is loaded", async () => {
    server.socket.answer("tvx.subscribe", threadSnapshot({ nextPage: "p" }));
    await settle();
    const loading = feed.loadOlder();
    await settle();
    await server.socket.answerOlder([{ kind: "terminal", row: terminalRow("x", 1, "old", { status: "exited" }) }]);
    await loading;
    await settle();
    expect(feed.getItem("x:x")?.row).toMatchObject({ output: "old" });
  });
});
