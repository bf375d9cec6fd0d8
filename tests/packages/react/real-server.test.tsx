// @vitest-environment happy-dom
import { TinyvexClient, type WebSocketConstructor } from "@tinyvex/client";
import { TinyvexProvider, useAgents, usePermissions, useRun, useSearch, useThread, useThreads } from "@tinyvex/react";
import { cleanup, render } from "@testing-library/react";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { binary, RealServer } from "../support/real-server.ts";

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

  const shows = (holds: () => boolean) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 20_000, interval: 20 });

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
