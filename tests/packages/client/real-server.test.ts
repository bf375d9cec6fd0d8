import { redeemCode, TinyvexClient, type Message, type SessionUpdate, type ThreadView, type TinyvexOptions } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { askingAgent, binary, RealServer } from "../support/real-server.ts";
import { until } from "../support/until.ts";

const chunkOf = (text: string): SessionUpdate => ({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });

describe.skipIf(!binary)("with a real server (TINYVEX_BINARY names its file)", () => {
  let server: RealServer;
  const clients: TinyvexClient[] = [];

  beforeEach(async () => {
    server = await RealServer.start();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await server.stop();
  });

  function connect(options: Partial<TinyvexOptions> = {}): TinyvexClient {
    const client = new TinyvexClient({ url: () => server.ready.ws, token: server.ready.token, WebSocket, backoff: { first: 20, longest: 200 }, ...options });
    clients.push(client);
    return client;
  }

  /** What of a row has to be the same in every client and in the store. */
  function essence(kind: string, row: object): unknown[] {
    const { itemId, text, partial, content, toolCallId, status, runId } = row as Record<string, unknown>;
    return kind === "message" ? [itemId, text, partial, content] : [toolCallId ?? runId, status];
  }

  async function stored(client: TinyvexClient, threadId: string): Promise<string> {
    const { rows } = await client.query("timeline.list", { threadId, limit: 1000 });
    return JSON.stringify(rows.map(({ kind, row }) => essence(kind, row)));
  }

  function shown({ items }: ThreadView): string {
    return JSON.stringify(items.filter(({ kind }) => kind !== "permission").map(({ kind, row }) => essence(kind, row)));
  }

  it("a turn streams, its permission is answered, and two clients end with what is stored", async () => {
    const [one, two] = [connect(), connect()];
    const { threadId } = await one.submit({ text: "Cut titles end in �" });
    const feeds = [one.thread(threadId), two.thread(threadId)];
    const asked = await until(two.permissions(), ({ rows }) => rows.some((row) => row.status === "pending"));
    const request = asked.rows[0]!;
    await two.respond({ requestId: request.requestId, optionId: request.options[0]!.optionId });
    await expect(one.respond({ requestId: request.requestId, optionId: request.options[0]!.optionId })).rejects.toMatchObject({ code: "conflict", data: { status: "answered" } });
    const views = await Promise.all(feeds.map((feed) => until(feed, ({ run, items }) => run?.status === "completed" && items.every((item) => item.kind !== "message" || !item.row.partial))));
    expect(views[0]!.items.map((item) => item.kind)).toContain("tool_call");
    expect(views.map(shown)).toEqual([await stored(one, threadId), await stored(one, threadId)]);
    expect(views[0]!.thread?.title).toContain("Cut titles");
    const threads = await until(one.threads(), ({ rows }) => rows.length === 1);
    expect(threads.rows[0]!.id).toBe(threadId);
  });

  it("a form is filled in by one of two clients, and a policy allows by itself", async () => {
    await server.stop();
    server = await RealServer.start(...askingAgent);
    const [one, two] = [connect({ name: "desk" }), connect({ name: "phone" })];
    const { threadId } = await one.submit({ agent: "asking", text: "form", workingDirectory: server.folder });
    const [asked] = (await until(two.elicitations(), ({ rows }) => rows.some((row) => row.status === "pending"))).rows;
    const { requestId, request } = asked!;
    expect(request.mode === "form" && Object.keys(request.requestedSchema.properties!)).toEqual(["branch", "remote", "depth", "tags", "push"]);
    await expect(one.answer({ requestId, action: "accept", content: { branch: "m" } })).rejects.toMatchObject({ code: "bad_request", message: expect.stringContaining("'remote'") });
    await two.answer({ requestId, action: "accept", content: { branch: "main", remote: "fork" } });
    await expect(one.answer({ requestId, action: "decline" })).rejects.toMatchObject({ code: "conflict", data: { status: "answered", outcome: { content: { remote: "fork" } } } });
    const done = await until(one.thread(threadId), ({ run }) => run?.status === "completed");
    expect(done.items.find(({ kind }) => kind === "elicitation")!.row).toMatchObject({ status: "answered", answeredBy: "client:phone" });

    await one.submit({ threadId, text: "read", policy: "allow-reads" });
    const allowed = await until(two.permissions(), ({ rows }) => rows.some((row) => row.status === "answered"));
    expect(allowed.rows[0]).toMatchObject({ answeredBy: "policy:allow-reads", outcome: { optionId: "yes" } });
    expect((await until(one.thread(threadId), ({ thread }) => thread?.policy === "allow-reads")).thread!.policySetBy).toBe("client:desk");
  });

  it("a server that is killed in the middle of a flood loses nothing that was acked, and each client ends with the same text", async () => {
    const [writer, reader] = [connect(), connect()];
    const feed = reader.thread("t1");
    const stop = feed.subscribe(() => {});
    await until(feed, ({ status }) => status === "live");
    let sent = "";
    const acks: Promise<unknown>[] = [];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 200; i++) {
        sent += `${round}.${i} `;
        acks.push(writer.request("tvx.ingest", { threadId: "t1", provider: "host", update: chunkOf(`${round}.${i} `) }));
      }

      await Promise.race(acks.slice(-100));
      if (round === 1 || round === 2) {
        await server.kill();
        await server.restart();
      }
    }

    await Promise.all(acks);
    await writer.request("tvx.finalize", { threadId: "t1" });
    const whole = ({ items }: ThreadView) => items.map((item) => (item.row as Message).text).join("");
    const view = await until(feed, (now) => now.status === "live" && now.items.every((item) => !(item.row as Message).partial) && whole(now).length === sent.length);
    expect(whole(view)).toBe(sent);
    expect(shown(view)).toBe(await stored(reader, "t1"));
    stop();
  });

  it("a feed that was left is taken up where it was", async () => {
    const client = connect();
    await client.request("tvx.ingest", { threadId: "t1", update: chunkOf("before ") });
    const feed = client.thread("t1");
    await until(feed, ({ items }) => items.length === 1);
    const other = connect();
    await until(feed, ({ status }) => status !== "idle");
    await other.request("tvx.ingest", { threadId: "t1", update: chunkOf("after") });
    const view = await until(feed, ({ items }) => (items[0]?.row as Message | undefined)?.text === "before after");
    expect(view.status).toBe("live");
  });

  it("broadcast mode shows every update of every thread", async () => {
    const client = connect({ mode: "broadcast" });
    const seen: string[] = [];
    client.onFrame(({ direction, frame }) => {
      if (direction === "in" && "append" in frame) seen.push(frame.append as string);
    });
    const feed = client.thread("b");
    await until(feed, ({ status }) => status === "live");
    await client.request("tvx.ingest", { threadId: "a", update: chunkOf("one") });
    await client.request("tvx.ingest", { threadId: "b", update: chunkOf("two") });
    await until(feed, ({ items }) => items.length === 1);
    expect(seen).toEqual(["one", "two"]);
  });

  it("a wrong token is refused", async () => {
    const client = connect({ token: "not-the-token-of-this-server" });
    await new Promise<void>((resolve) => {
      client.onStatus(() => {
        if (client.getStatus().state === "refused") resolve();
      });
      client.connect();
    });
    expect(client.getStatus().reason).toMatch(/token/);
  });

  it("a code brings the token once", async () => {
    const client = connect();
    const { code, expiresAt } = await client.request("auth.code", {});
    expect(expiresAt).toBeGreaterThan(Date.now());
    expect(await redeemCode(server.ready.ws, code, WebSocket)).toBe(server.ready.token);
    await expect(redeemCode(server.ready.ws, code, WebSocket)).rejects.toMatchObject({ code: "refused" });
  });

  it("a server that cannot be reached is waited for", async () => {
    const { ws } = server.ready;
    await server.kill();
    const client = connect({ url: ws });
    const rows = client.query("threads.list", {});
    await server.restart();
    expect((await rows).rows).toEqual([]);
  });
});
