import { brotliCompressSync } from "node:zlib";
import {
  TinyvexClient, type AgentRow, type ElicitationOutcome, type ElicitationRequest, type PermissionRow, type SessionUpdate, type WebSocketConstructor,
} from "@tinyvex/client";
import { attachAgent, type AgentHandler, type AgentRun } from "@tinyvex/client/agent";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { binary, RealServer } from "../support/real-server.ts";
import { until } from "../support/until.ts";

const chunkOf = (text: string): SessionUpdate => ({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
const options = [{ optionId: "yes", name: "Yes", kind: "allow_once" as const }, { optionId: "no", name: "No", kind: "reject_once" as const }];

it("is left out where it is not used, and small where it is", async () => {
  const { outputFiles, metafile } = await build({ entryPoints: ["@tinyvex/client/agent"], bundle: true, minify: true, format: "esm", write: false, metafile: true });
  expect(brotliCompressSync(outputFiles[0]!.contents).length).toBeLessThan(2 * 1024);
  expect(Object.keys(metafile.inputs).filter((file) => file.endsWith("/client.js"))).toEqual([]);
});

describe.skipIf(!binary)("an agent of our own with a real server (TINYVEX_BINARY names its file)", () => {
  let server: RealServer;
  const clients: TinyvexClient[] = [];

  beforeEach(async () => {
    server = await RealServer.start();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.stop();
  });

  function connect(Socket: WebSocketConstructor = WebSocket): TinyvexClient {
    const client = new TinyvexClient({ url: () => server.ready.ws, token: server.ready.token, WebSocket: Socket, backoff: { first: 20, longest: 200 } });
    clients.push(client);
    return client;
  }

  /** Attaches an agent; `lose` cuts its connection, and ends when it has another. */
  async function attached(handler: (run: AgentRun, lose: () => Promise<void>) => ReturnType<AgentHandler>) {
    const sockets: WebSocket[] = [];
    const client = connect(class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    });
    const lose = async () => {
      const before = sockets.length;
      sockets.at(-1)!.terminate();
      await expect.poll(() => sockets.length > before && client.getStatus().state === "open").toBe(true);
    };
    const errors: unknown[] = [];
    const agent = attachAgent(client, "mine", (run) => handler(run, lose), { title: "My own", onError: (error) => errors.push(error) });
    await agent.ready;
    return { errors, agent };
  }

  /** Submits as a phone does, and waits for the run's end. */
  async function ended(phone: TinyvexClient, text: string) {
    const { threadId, runId } = await phone.submit({ text, agent: "mine" });
    const view = await until(phone.thread(threadId), ({ run }) => run?.runId === runId && run.status !== "queued" && run.status !== "running");
    return { run: view.run!, texts: view.items.flatMap((item) => (item.kind === "message" ? [item.row.text] : [])) };
  }

  it("answers a prompt of another client, in order, without being waited for", async () => {
    const { errors } = await attached(async (run) => {
      for (let i = 0; i < 3_000; i++) void run.update(chunkOf(`${i} `));
      await run.update(chunkOf(`of ${run.text}`));
    });
    const phone = connect();
    expect((await phone.agents()).find((row: AgentRow) => row.name === "mine")).toMatchObject({ title: "My own", available: true, source: "attached" });
    const { run, texts } = await ended(phone, "numbers");
    expect(run).toMatchObject({ status: "completed", stopReason: "end_turn" });
    expect(texts).toEqual(["numbers", `${Array.from({ length: 3_000 }, (_, i) => `${i} `).join("")}of numbers`]);
    expect(errors).toEqual([]);
  });

  it("says on at whatever moment it hears that something is stored", async () => {
    await attached(async (run) => {
      for (let later = 0; later < 30; later++) {
        await run.update(chunkOf(`${later} `));
        for (let i = 0; i < later; i++) await undefined;
      }
    });
    expect((await ended(connect(), "go")).texts[1]).toBe(Array.from({ length: 30 }, (_, i) => `${i} `).join(""));
  });

  it("is told of what cannot be sent, which keeps nothing else from the thread", async () => {
    const failed: unknown[] = [];
    const { errors } = await attached(async (run) => {
      void run.update(chunkOf("before "));
      const circular: Record<string, unknown> = { sessionUpdate: "agent_message_chunk" };
      circular["content"] = circular;
      const bad = [circular as unknown as SessionUpdate, { ...chunkOf(""), big: 1n } as unknown as SessionUpdate, undefined as unknown as SessionUpdate, chunkOf("語".repeat(6 * 1024 * 1024))];
      for (const update of bad) failed.push(await run.update(update).catch((error: { code?: string; name: string }) => error.code ?? error.name));
      void run.update(chunkOf("after"));
    });
    const { run, texts } = await ended(connect(), "go");
    expect(run).toMatchObject({ status: "completed" });
    expect(texts[1]).toBe("before after");
    expect(failed).toEqual(["TypeError", "TypeError", "TypeError", "too_large"]);
    expect(errors).toEqual([]);
  });

  it("is over with its client, whatever a turn under way still says", async () => {
    const client = connect();
    let goOn!: () => void;
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    let said: unknown;
    const seen: AgentRun[] = [];
    const agent = attachAgent(client, "mine", async (run) => {
      seen.push(run);
      await waits;
      said = await run.update(chunkOf("late")).catch((error: { code: string }) => error.code);
      expect(await run.requestPermission({ toolCallId: "c" }, options)).toEqual({ outcome: "cancelled" });
    });
    await agent.ready;
    await connect().submit({ text: "go", agent: "mine" });
    await expect.poll(() => seen.length).toBe(1);
    client.close();
    expect(seen[0]!.signal.aborted).toBe(true);
    goOn();
    await expect.poll(() => agent.runs.size).toBe(0);
    expect(said).toBe("closed");
    expect(client.getStatus().state).toBe("idle");
  });

  it("does not wait for a server that refuses its token", async () => {
    const client = new TinyvexClient({ url: server.ready.ws, token: "wrong", WebSocket });
    clients.push(client);
    await expect(attachAgent(client, "mine", () => {}).ready).rejects.toMatchObject({ code: "refused" });
  });

  it("gets the answer that another client gives, and says by what it ends", async () => {
    const outcomes: unknown[] = [];
    await attached(async (run) => {
      outcomes.push(await run.requestPermission({ toolCallId: "c1", title: "Write" }, options));
      return "refusal" as const;
    });
    const phone = connect();
    const asked = until(phone.permissions(), ({ rows }) => rows.some((row: PermissionRow) => row.status === "pending"));
    const end = ended(phone, "may you?");
    await phone.respond({ requestId: (await asked).rows[0]!.requestId, optionId: "no" });
    expect((await end).run).toMatchObject({ status: "completed", stopReason: "refusal" });
    expect(outcomes).toEqual([{ outcome: "selected", optionId: "no" }]);
  });

  it("is told of a cancel, with its permission cancelled", async () => {
    const outcomes: unknown[] = [];
    await attached(async (run) => void outcomes.push(await run.requestPermission({ toolCallId: "c1" }, options), run.signal.aborted));
    const phone = connect();
    const asked = until(phone.permissions(), ({ rows }) => rows.length > 0);
    const end = ended(phone, "wait");
    await phone.cancel({ threadId: (await asked).rows[0]!.threadId });
    expect((await end).run).toMatchObject({ status: "cancelled", stopReason: "cancelled" });
    expect(outcomes[0]).toEqual({ outcome: "cancelled" });
  });

  it("gets what another client fills in, and cancels a form with its turn", async () => {
    const outcomes: ElicitationOutcome[] = [];
    const form: ElicitationRequest = {
      mode: "form",
      message: "Where to?",
      requestedSchema: { type: "object", properties: { branch: { type: "string" } }, required: ["branch"] },
    };
    await attached(async (run) => {
      outcomes.push(await run.requestElicitation(form));
      await run.completeElicitation("of no form");
      outcomes.push(await run.requestElicitation(form));
    });
    const phone = connect();
    const asked = until(phone.elicitations(), ({ rows }) => rows.length > 0);
    const end = ended(phone, "push it");
    const { requestId, threadId } = (await asked).rows[0]!;
    const again = until(phone.elicitations(), ({ rows }) => rows.length > 1);
    await phone.answer({ requestId, action: "accept", content: { branch: "main" } });
    await again;
    await phone.cancel({ threadId });
    expect((await end).run.status).toBe("cancelled");
    expect(outcomes).toEqual([{ action: "accept", content: { branch: "main" } }, { action: "cancel" }]);
  });

  it("fails a run with what its handler throws, and one wrong update harms no other", async () => {
    const refused: unknown[] = [];
    const { errors } = await attached(async (run) => {
      const wrong = run.update({ sessionUpdate: "agent_message_chunk" } as unknown as SessionUpdate);
      const right = run.update(chunkOf("right"));
      await wrong.catch((error: unknown) => refused.push(error));
      await right;
      throw new Error("no more credit");
    });
    const { run, texts } = await ended(connect(), "go");
    expect(run).toMatchObject({ status: "failed", error: { code: "agent_error", message: "no more credit" } });
    expect(texts).toEqual(["go", "right"]);
    expect(refused).toMatchObject([{ code: "bad_request" }]);
    expect(errors).toMatchObject([{ message: "no more credit" }]);
  });

  it("fails at once where the name is a configured agent's", async () => {
    const agent = attachAgent(connect(), "", () => {});
    await expect(agent.ready).rejects.toMatchObject({ code: "bad_request" });
  });

  it("goes on with a turn on a new connection, and asks nobody to begin it again", async () => {
    let begun = 0;
    await attached(async (run, lose) => {
      begun++;
      await run.update(chunkOf("before "));
      await lose();
      await run.update(chunkOf("after"));
    });
    const { run, texts } = await ended(connect(), "go on");
    expect(run.status).toBe("completed");
    expect(texts).toEqual(["go on", "before after"]);
    expect(begun).toBe(1);
  });

  it("gives up a turn that a killed server has forgotten, and takes the next prompt when it is back", async () => {
    let stuck: AgentRun | undefined;
    const { agent } = await attached(async (run) => {
      if (run.text !== "stuck") return;
      stuck = run;
      await run.requestPermission({ toolCallId: "c1" }, options);
    });
    const phone = connect();
    const asked = until(phone.permissions(), ({ rows }) => rows.length > 0);
    const end = ended(phone, "stuck");
    await asked;
    await server.kill();
    await server.restart();
    expect((await end).run.status).toBe("failed");
    await expect.poll(() => agent.runs.size).toBe(0);
    expect(stuck!.signal.aborted).toBe(true);
    await expect.poll(async () => (await phone.agents()).some(({ name }) => name === "mine")).toBe(true);
    expect((await ended(phone, "next")).run.status).toBe("completed");
  });
});
