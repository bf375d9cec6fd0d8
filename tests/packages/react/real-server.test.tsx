// @vitest-environment happy-dom
import { TinyvexClient, type WebSocketConstructor } from "@tinyvex/client";
import { TinyvexProvider, useAgents, usePermissions, useRun, useSearch, useThread, useThreads } from "@tinyvex/react";
import { cleanup, render } from "@testing-library/react";
import { join } from "node:path";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { binary, RealServer } from "../support/real-server.ts";

const shows = (holds: () => boolean) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 20_000, interval: 20 });

describe.skipIf(!binary)("the hooks, with a real server and the agent that plays a recording", () => {
  let server: RealServer;
  let client: TinyvexClient;

  beforeAll(async () => {
    server = await RealServer.start();
  });

  beforeEach(() => {
    client = new TinyvexClient({ url: server.ready.ws, token: server.ready.token, WebSocket: WebSocket as unknown as WebSocketConstructor });
  });

  afterEach(() => {
    cleanup();
    client.close();
  });

  afterAll(() => server?.stop());

  it("run a turn: a prompt, its words and tool calls as they come, permissions, its end, and find it again", async () => {
    let run!: ReturnType<typeof useRun>;
    let thread!: ReturnType<typeof useThread>;
    let threads!: ReturnType<typeof useThreads>;
    let permissions!: ReturnType<typeof usePermissions>;
    let agents!: ReturnType<typeof useAgents>;
    let search!: ReturnType<typeof useSearch>;
    let open!: (threadId: string) => void;
    let lookFor!: (text: string) => void;

    function App() {
      const [threadId, setThreadId] = useState<string | null>(null);
      const [text, setText] = useState("");
      open = setThreadId;
      lookFor = setText;
      run = useRun(threadId);
      thread = useThread(threadId);
      threads = useThreads();
      permissions = usePermissions();
      agents = useAgents();
      search = useSearch(text);
      return <p>{thread.items.map((item) => (item.kind === "message" ? item.row.text : null))}</p>;
    }

    const { container } = render(<TinyvexProvider client={client}><App /></TinyvexProvider>);
    await shows(() => agents.agents[0]?.name === "replay" && threads.status === "live");

    const submitted = await run.submit("Cut titles sometimes end oddly.");
    open(submitted!.threadId);
    while (thread.run?.finishedAt == null) {
      await shows(() => permissions.pending.length > 0 || thread.run?.finishedAt != null);
      for (const { requestId, options } of permissions.pending) await permissions.respond(requestId, options[0]!.optionId);
    }

    expect(thread.run).toMatchObject({ status: "completed" });
    expect(run.isRunning).toBe(false);
    expect(thread.items.some((item) => item.kind === "tool_call")).toBe(true);
    const { rows } = await client.query("messages.list", { threadId: submitted!.threadId });
    expect(container.textContent).toBe(rows.map(({ text }) => text).join(""));
    expect(threads.rows.map(({ id }) => id)).toEqual([submitted!.threadId]);

    lookFor("titles oddly");
    await shows(() => search.rows.length === 1);
    expect(search.rows[0]).toMatchObject({ threadId: submitted!.threadId, role: "user" });

    await client.request("tvx.delete_thread", { threadId: submitted!.threadId });
    await shows(() => thread.isDeleted && threads.rows.length === 0);
  });
});

describe.skipIf(!binary)("the hooks, with a real server and an agent that asks", () => {
  let server: RealServer;
  let client: TinyvexClient;

  beforeAll(async () => {
    // With a DOM, a file's address is one of a page.
    server = await RealServer.start("--agent", `asking="${process.execPath}" "${join(import.meta.dirname, "../support/asking-agent.mjs")}"`);
    client = new TinyvexClient({ url: server.ready.ws, token: server.ready.token, WebSocket: WebSocket as unknown as WebSocketConstructor });
  });

  afterAll(async () => {
    cleanup();
    client?.close();
    await server?.stop();
  });

  it("cancel the run that asks, and no later one; an answer behind that is told that the request was cancelled", async () => {
    let run!: ReturnType<typeof useRun>;
    let permissions!: ReturnType<typeof usePermissions>;
    let open!: (threadId: string) => void;

    function App() {
      const [threadId, setThreadId] = useState<string | null>(null);
      open = setThreadId;
      run = useRun(threadId);
      permissions = usePermissions({ threadId });
      return null;
    }

    render(<TinyvexProvider client={client}><App /></TinyvexProvider>);
    const first = await run.submit("read", { agent: "asking" });
    open(first!.threadId);
    await shows(() => permissions.pending.length === 1 && run.run?.status === "running");
    const { requestId } = permissions.pending[0]!;
    const { cancel } = run;
    const second = await run.submit("read");
    await cancel();
    expect(await permissions.respond(requestId, "yes")).toBe("cancelled");
    expect([...permissions.answeredElsewhere]).toEqual([]);
    await shows(() => run.run?.runId === second!.runId && run.run.status === "running" && permissions.pending.length === 1);
    // As a click that came a moment too late.
    await cancel();
    await permissions.respond(permissions.pending[0]!.requestId, "yes");
    await shows(() => run.run?.status === "completed");
    expect(run.run?.runId).toBe(second!.runId);
    expect(run.error).toBeNull();
  });
});
