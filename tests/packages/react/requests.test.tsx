// @vitest-environment happy-dom
import { useAgents, useElicitations, usePermissions, usePolicy, useRun, useRuns, useSearch, useServerInfo, useThreads, useTinyvexWebSocket } from "@tinyvex/react";
import { act } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReactPage } from "../support/react-page.tsx";
import { chunk, elicitationRow, permissionRow, runRow, threadRow } from "../support/scripted-server.ts";

let page: ReactPage;

beforeEach(() => {
  page = new ReactPage();
});

afterEach(() => page.end());

/** Renders a hook alone, and gives what it said last. */
async function using<Value>(hook: () => Value): Promise<{ now: Value; renders: number }> {
  const result = { now: undefined as Value, renders: 0 };
  function Use() {
    result.now = hook();
    result.renders++;
    return null;
  }

  await page.render(<Use />);
  return result;
}

describe("useRun", () => {
  it("sends a prompt, and follows its run without the agent's words", async () => {
    const run = await using(() => useRun("t1"));
    await page.open();
    await page.snapshot();
    expect(run.now).toMatchObject({ run: null, isRunning: false, error: null });

    let submitted!: ReturnType<typeof run.now.submit>;
    await act(async () => void (submitted = run.now.submit("Hello", { agent: "codex" })));
    expect(page.socket.last("run.submit")).toMatchObject({ text: "Hello", threadId: "t1", agent: "codex" });
    expect(run.now).toMatchObject({ isRunning: true, isSubmitting: true });
    await page.answer("run.submit", { type: "run.submitted", threadId: "t1", runId: "r1", timestamp: 1 });
    expect(await submitted).toMatchObject({ runId: "r1" });
    expect(run.now).toMatchObject({ isRunning: true, isSubmitting: false, run: null });
    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r1", 1, "running"), cursor: "1" });
    expect(run.now).toMatchObject({ isRunning: true, isSubmitting: false, run: { runId: "r1" } });

    const { renders } = run;
    await page.say(chunk("a", 2, 1, "word"));
    expect(run.renders).toBe(renders);

    await act(async () => void run.now.cancel());
    expect(page.socket.last("run.cancel")).toMatchObject({ runId: "r1" });
    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r1", 1, "failed", { error: { code: "agent_error", message: "gone" } }), cursor: "2" });
    expect(run.now).toMatchObject({ isRunning: false, error: { message: "gone" } });
  });

  describe("cancel", () => {
    const cancels = () => page.socket.sent.filter((frame) => frame["control"] === "run.cancel");

    it("hits the run that was under way, and not the one that began while it was offline", async () => {
      const run = await using(() => useRun("t1"));
      await page.open();
      await page.snapshot({ runs: [runRow("r1", 1, "running"), runRow("r2", 2, "queued")] });
      await act(async () => page.socket.drop());
      await act(async () => void run.now.cancel());
      await page.settle(1_000);
      await page.open();
      await page.snapshot({ runs: [runRow("r1", 1, "completed"), runRow("r2", 2, "running")] });
      expect(cancels()).toMatchObject([{ runId: "r1" }]);
      expect(cancels()[0]).not.toHaveProperty("threadId");
      await page.answer("run.cancel", { type: "tinyvex.error", code: "conflict", message: "the run has ended: it is completed" });
      expect(run.now).toMatchObject({ error: null, isRunning: true, run: { runId: "r2" } });
    });

    it("hits the prompt that is on its way, once it has a name", async () => {
      const run = await using(() => useRun("t1"));
      await page.open();
      await page.snapshot({ runs: [runRow("r1", 1, "completed")] });
      await act(async () => void run.now.submit("Hello"));
      await act(async () => void run.now.cancel());
      expect(cancels()).toEqual([]);
      await page.answer("run.submit", { type: "run.submitted", threadId: "t1", runId: "r2", timestamp: 1 });
      expect(cancels()).toMatchObject([{ runId: "r2" }]);
    });

    it("hits nothing where all that is known has ended, and shows what was not taken", async () => {
      const run = await using(() => useRun("t1"));
      await page.open();
      await page.snapshot({ runs: [runRow("r1", 1, "completed")] });
      await act(async () => void run.now.cancel());
      expect(cancels()).toEqual([]);
      await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r2", 2, "running"), cursor: "1" });
      await act(async () => void run.now.cancel());
      await page.answer("run.cancel", { type: "tinyvex.error", code: "store_error", message: "the disk is full" });
      expect(run.now.error).toMatchObject({ message: "the disk is full" });
    });

    it("hits the thread where nothing is known of it yet", async () => {
      const run = await using(() => useRun("t1"));
      await page.open();
      await act(async () => void run.now.cancel());
      expect(cancels()).toMatchObject([{ threadId: "t1" }]);
    });
  });

  it("runs in a new thread from the prompt on, without a moment between", async () => {
    const seen: boolean[] = [];
    let run!: ReturnType<typeof useRun>;
    function New() {
      const [threadId, setThreadId] = useState<string | null>(null);
      run = useRun(threadId);
      seen.push(run.isRunning);
      return <button onClick={() => void run.submit("Hello").then((submitted) => setThreadId(submitted!.threadId))}>send</button>;
    }

    await page.render(<New />);
    await act(async () => page.shown.getByRole("button").click());
    await page.open();
    await page.answer("run.submit", { type: "run.submitted", threadId: "t1", runId: "r1", timestamp: 1 });
    await page.snapshot({ runs: [runRow("r1", 1, "running")] });
    expect(run.run?.runId).toBe("r1");
    expect(seen.lastIndexOf(false)).toBe(seen.indexOf(true) - 1);
    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r1", 1, "completed"), cursor: "2" });
    expect(run.isRunning).toBe(false);
  });

  it("shows a refusal as its error, and forgets it with the next prompt", async () => {
    const run = await using(() => useRun(null));
    let submitted!: ReturnType<typeof run.now.submit>;
    await act(async () => void (submitted = run.now.submit([{ type: "text", text: "Hello" }])));
    await page.open();
    expect(page.socket.last("run.submit")).toMatchObject({ prompt: [{ type: "text", text: "Hello" }] });
    await page.answer("run.submit", { type: "tinyvex.error", code: "agent_unavailable", message: "there is no agent" });
    expect(await submitted).toBeNull();
    expect(run.now).toMatchObject({ isRunning: false, error: { code: "agent_unavailable" } });
    await act(async () => void run.now.submit("Again"));
    expect(run.now.error).toBeNull();
    await page.answer("run.submit", { type: "run.submitted", threadId: "new", runId: "r1", timestamp: 1 });
    expect(run.now.isRunning).toBe(false);
  });
});

describe("usePermissions", () => {
  const rows = [permissionRow("p1", 1, "pending"), permissionRow("p0", 0, "answered")];

  async function asked() {
    const permissions = await using(() => usePermissions());
    await page.open();
    await page.answer("tvx.subscribe", { type: "tinyvex.snapshot", stream: "permissions", rows, nextPage: null, cursor: "c" });
    return permissions;
  }

  it("answers what is pending", async () => {
    const permissions = await asked();
    expect(permissions.now.pending.map((row) => row.requestId)).toEqual(["p1"]);
    let answered!: Promise<string>;
    await act(async () => void (answered = permissions.now.respond("p1", "once")));
    expect(page.socket.last("permission.respond")).toMatchObject({ requestId: "p1", optionId: "once" });
    expect([...permissions.now.answering]).toEqual(["p1"]);
    await page.answer("permission.respond", { type: "tinyvex.ack" });
    await page.say({ type: "tinyvex.update", stream: "permissions", threadId: "t1", row: permissionRow("p1", 1, "answered"), cursor: "d" });
    expect(await answered).toBe("answered");
    expect(permissions.now.pending).toEqual([]);
    expect(permissions.now.answering.size).toBe(0);
  });

  it("shows an answer that another client gave first as that, not as an error", async () => {
    const permissions = await asked();
    let answered!: Promise<string>;
    await act(async () => void (answered = permissions.now.respond("p1", null)));
    expect(page.socket.last("permission.respond")).toMatchObject({ requestId: "p1", cancelled: true });
    await page.answer("permission.respond", { type: "tinyvex.error", code: "conflict", message: "answered", data: { status: "answered" } });
    expect(await answered).toBe("answered_elsewhere");
    expect([...permissions.now.answeredElsewhere]).toEqual(["p1"]);
    expect(permissions.now.error).toBeNull();
  });

  it("tells a request that was cancelled with its turn from one that somebody answered", async () => {
    const permissions = await asked();
    let answered!: Promise<string>;
    await act(async () => void (answered = permissions.now.respond("p1", "once")));
    await page.answer("permission.respond", { type: "tinyvex.error", code: "conflict", message: "cancelled", data: { status: "cancelled", outcome: { outcome: "cancelled" } } });
    expect(await answered).toBe("cancelled");
    expect(permissions.now).toMatchObject({ error: null, answeredElsewhere: new Set(), answering: new Set() });
  });

  it("shows why an answer was not taken", async () => {
    const permissions = await asked();
    let answered!: Promise<string>;
    await act(async () => void (answered = permissions.now.respond("p1", "never offered")));
    await page.answer("permission.respond", { type: "tinyvex.error", code: "bad_request", message: "not offered" });
    expect(await answered).toBe("failed");
    expect(permissions.now.error).toMatchObject({ message: "not offered" });
  });
});

describe("useElicitations", () => {
  const rows = [elicitationRow("e1", 1, "pending"), elicitationRow("e0", 0, "answered")];

  async function asked() {
    const elicitations = await using(() => useElicitations());
    await page.open();
    await page.answer("tvx.subscribe", { type: "tinyvex.snapshot", stream: "elicitations", rows, nextPage: null, cursor: "c" });
    return elicitations;
  }

  it("answers what is pending, with what was filled in", async () => {
    const elicitations = await asked();
    expect(elicitations.now.pending.map((row) => row.requestId)).toEqual(["e1"]);
    let answered!: Promise<string>;
    await act(async () => void (answered = elicitations.now.answer("e1", "accept", { branch: "main" })));
    expect(page.socket.last("elicitation.respond")).toMatchObject({ requestId: "e1", action: "accept", content: { branch: "main" }, key: expect.any(String) });
    expect([...elicitations.now.answering]).toEqual(["e1"]);
    await page.answer("elicitation.respond", { type: "tinyvex.ack" });
    await page.say({ type: "tinyvex.update", stream: "elicitations", threadId: "t1", row: elicitationRow("e1", 1, "answered"), cursor: "d" });
    expect(await answered).toBe("answered");
    expect(elicitations.now.pending).toEqual([]);
  });

  it("tells an answer that came too late from one that does not fit", async () => {
    const elicitations = await asked();
    let answered!: Promise<string>;
    await act(async () => void (answered = elicitations.now.answer("e1", "accept", {})));
    await page.answer("elicitation.respond", { type: "tinyvex.error", code: "bad_request", message: "'branch' in 'content' is required" });
    expect(await answered).toBe("failed");
    expect(elicitations.now.error).toMatchObject({ message: "'branch' in 'content' is required" });
    await act(async () => void (answered = elicitations.now.answer("e1", "decline")));
    expect(page.socket.last("elicitation.respond")).not.toHaveProperty("content");
    await page.answer("elicitation.respond", { type: "tinyvex.error", code: "conflict", message: "answered" });
    expect(await answered).toBe("answered_elsewhere");
    expect([...elicitations.now.answeredElsewhere]).toEqual(["e1"]);
  });

  it("tells a question that was cancelled with its turn from one that somebody answered", async () => {
    const elicitations = await asked();
    let answered!: Promise<string>;
    await act(async () => void (answered = elicitations.now.answer("e1", "decline")));
    await page.answer("elicitation.respond", { type: "tinyvex.error", code: "conflict", message: "cancelled", data: { status: "cancelled", outcome: { action: "cancel" } } });
    expect(await answered).toBe("cancelled");
    expect(elicitations.now).toMatchObject({ error: null, answeredElsewhere: new Set() });
  });
});

describe("useRuns, usePermissions and useElicitations", () => {
  it("follow nothing while the thread is null, and all threads where none is named", async () => {
    const hooks = (threadId: string | null | undefined) => [useRuns({ threadId }), usePermissions({ threadId }), useElicitations({ threadId })];
    const statuses: string[][] = [];
    function Follow({ threadId }: { threadId: string | null | undefined }) {
      statuses.push(hooks(threadId).map(({ status }) => status));
      return null;
    }

    await page.render(<Follow threadId={null} />);
    expect(page.server.sockets).toEqual([]);
    expect(statuses.at(-1)).toEqual(["idle", "idle", "idle"]);
    page.shown.rerender(<Follow threadId="t1" />);
    await page.settle();
    await page.open();
    const followed = () => page.socket.sent.map(({ stream, threadId }) => `${stream} ${threadId ?? "of all"}`);
    expect(followed()).toEqual(["runs t1", "permissions t1", "elicitations t1"]);
    expect(statuses.at(-1)).toEqual(["loading", "loading", "loading"]);
    page.shown.rerender(<Follow threadId={undefined} />);
    await page.settle();
    expect(followed().slice(3)).toEqual(["runs of all", "permissions of all", "elicitations of all"]);
  });
});

describe("usePolicy", () => {
  it("has the thread's policy, and changes it for all", async () => {
    const policy = await using(() => usePolicy("t1"));
    expect(policy.now).toMatchObject({ policy: null, setBy: null });
    await page.open();
    await page.snapshot({ thread: threadRow("t1", { policy: "allow-reads", policySetBy: "client:phone" }) });
    expect(policy.now).toMatchObject({ policy: "allow-reads", setBy: "client:phone", isSetting: false });
    let isTaken!: Promise<boolean>;
    await act(async () => void (isTaken = policy.now.setPolicy("ask")));
    expect(page.socket.last("tvx.update_thread")).toMatchObject({ threadId: "t1", updates: { policy: "ask" } });
    expect(policy.now).toMatchObject({ policy: "allow-reads", isSetting: true });
    await page.answer("tvx.update_thread", { type: "tinyvex.ack" });
    expect(await isTaken).toBe(true);
    await page.say({ type: "tinyvex.update", stream: "threads", row: threadRow("t1", { updatedAt: 2, policySetBy: "client" }), cursor: "d" });
    expect(policy.now).toMatchObject({ policy: "ask", setBy: "client", isSetting: false, error: null });
    await act(async () => void (isTaken = policy.now.setPolicy("allow-all")));
    await page.answer("tvx.update_thread", { type: "tinyvex.error", code: "store_error", message: "the disk is full" });
    expect(await isTaken).toBe(false);
    expect(policy.now).toMatchObject({ policy: "ask", isSetting: false, error: { message: "the disk is full" } });
  });
});

describe("usePolicy without a thread", () => {
  it("has none, and takes none", async () => {
    const policy = await using(() => usePolicy(null));
    expect(await policy.now.setPolicy("allow-all")).toBe(false);
    expect(policy.now).toMatchObject({ policy: null, error: null });
    expect(page.server.sockets).toEqual([]);
  });
});

describe("useThreads", () => {
  it("lists threads, and brings more", async () => {
    const threads = await using(() => useThreads({ limit: 1 }));
    expect(threads.now.status).toBe("loading");
    await page.open();
    await page.answer("tvx.subscribe", { type: "tinyvex.snapshot", stream: "threads", rows: [threadRow("a", { updatedAt: 2 })], nextPage: "n", cursor: "c" });
    expect(threads.now).toMatchObject({ status: "live", hasMore: true });
    await act(async () => void threads.now.loadMore());
    expect(page.socket.last("tvx.query")).toMatchObject({ name: "threads.list", args: { limit: 1, page: "n" } });
    await page.answer("tvx.query", { type: "tinyvex.query_result", rows: [threadRow("b")], nextPage: null });
    expect(threads.now.rows.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(threads.now.hasMore).toBe(false);
  });
});

describe("useSearch", () => {
  let latest: ReturnType<typeof useSearch>;
  const found = (itemId: string) => ({ threadId: "t1", itemId, order: 1, role: "user", kind: "message", snippet: "", highlights: [], rank: 1, ts: 1 });
  const asked = () => page.socket.sent.filter((frame) => frame["control"] === "tvx.query").map((frame) => frame["args"].text);

  function Search({ text }: { text: string }) {
    latest = useSearch(text);
    return null;
  }

  async function searching() {
    await page.render(<Search text="" />);
    page.client.connect();
    await page.settle();
    await page.open();
  }

  async function type(text: string, milliseconds: number) {
    page.shown.rerender(<Search text={text} />);
    await page.settle(milliseconds);
  }

  it("waits for the last keystroke, and asks nothing for no words", async () => {
    await searching();
    await type(" ?", 1_000);
    await type("w", 100);
    await type("wo", 100);
    await type("wor", 1_000);
    expect(asked()).toEqual(["wor"]);
    expect(latest).toMatchObject({ isLoading: true, rows: [] });
    await page.answer("tvx.query", { type: "tinyvex.query_result", rows: [found("a")], nextPage: "n" });
    expect(latest).toMatchObject({ isLoading: false, hasMore: true, rows: [{ itemId: "a" }] });
    await act(async () => void latest.loadMore());
    expect(page.socket.last("tvx.query")["args"]).toMatchObject({ text: "wor", page: "n" });
    await page.answer("tvx.query", { type: "tinyvex.query_result", rows: [found("b")], nextPage: null });
    expect(latest).toMatchObject({ hasMore: false, rows: [{ itemId: "a" }, { itemId: "b" }] });
    await type("", 1_000);
    expect(latest).toMatchObject({ isLoading: false, rows: [], hasMore: false });
  });

  it("does not show what was found for words that were typed before", async () => {
    await searching();
    await type("first", 1_000);
    const first = page.socket.last("tvx.query")["id"];
    await type("second", 1_000);
    await page.answer("tvx.query", { type: "tinyvex.query_result", rows: [found("second")], nextPage: null });
    await page.say({ type: "tinyvex.query_result", id: first, rows: [found("first")], nextPage: null });
    expect(latest.rows.map(({ itemId }) => itemId)).toEqual(["second"]);
  });

  it("shows an error, and keeps what was found", async () => {
    await searching();
    await type("a", 1_000);
    await page.answer("tvx.query", { type: "tinyvex.query_result", rows: [found("a")], nextPage: null });
    await type("ab", 1_000);
    await page.answer("tvx.query", { type: "tinyvex.error", code: "internal", message: "failed" });
    expect(latest).toMatchObject({ isLoading: false, error: { message: "failed" }, rows: [{ itemId: "a" }] });
  });
});

describe("useAgents and useServerInfo", () => {
  it("ask again with each new connection", async () => {
    const agents = await using(() => useAgents());
    await page.open();
    await page.answer("tvx.query", { type: "tinyvex.query_result", name: "agents.list", rows: [{ name: "replay" }] });
    expect(agents.now).toMatchObject({ isLoading: false, agents: [{ name: "replay" }] });
    await act(async () => page.socket.drop());
    await page.settle(1_000);
    await page.open();
    expect(page.socket.sent.length).toBe(1);
    await page.answer("tvx.query", { type: "tinyvex.query_result", name: "agents.list", rows: [{ name: "codex" }] });
    expect(agents.now.agents).toMatchObject([{ name: "codex" }]);
  });

  it("ask again as often as they are told to, one at a time, until they are gone", async () => {
    const info = await using(() => useServerInfo({ every: 1_000 }));
    await page.open();
    await page.settle(5_000);
    expect(page.socket.sent.length).toBe(1);
    await page.answer("tvx.query", { type: "tinyvex.query_result", name: "server.info", rows: [{ connections: 1 }] });
    await page.settle(1_000);
    await page.answer("tvx.query", { type: "tinyvex.query_result", name: "server.info", rows: [{ connections: 2 }] });
    expect(info.now.server).toMatchObject({ connections: 2 });
    expect(page.socket.sent.length).toBe(2);
    page.shown.unmount();
    await page.settle(5_000);
    expect(page.socket.sent.length).toBe(2);
  });
});

describe("useTinyvexWebSocket", () => {
  it("tells of the connection, its frames, and sends", async () => {
    const socket = await using(() => useTinyvexWebSocket());
    expect(socket.now).toMatchObject({ connected: false, connecting: false, error: null });
    await act(async () => socket.now.connect());
    expect(socket.now.connecting).toBe(true);
    await page.open();
    expect(socket.now.connected).toBe(true);
    const types: string[] = [];
    const stop = socket.now.subscribe(({ type }) => types.push(type));
    const reply = socket.now.send("echo", { payload: 1 });
    await page.answer("echo", { type: "echo", payload: 1, timestamp: 1 });
    expect(await reply).toMatchObject({ payload: 1 });
    stop();
    await page.say({ type: "echo", timestamp: 2 });
    expect(types).toEqual(["echo"]);
    await act(async () => page.socket.drop(1001, "the server stops"));
    expect(socket.now).toMatchObject({ connected: false, connecting: true, error: "the server stops" });
    await act(async () => socket.now.disconnect());
    expect(socket.now.connecting).toBe(false);
  });
});
