import { TinyvexClient, type TerminalRow, type ThreadFeed, type WebSocketConstructor } from "@tinyvex/client";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { binary, RealServer } from "../support/real-server.ts";

const agent = fileURLToPath(new URL("../support/terminal-agent.mjs", import.meta.url));

describe.skipIf(!binary)("terminals, with a real server", () => {
  let server: RealServer;
  const clients: TinyvexClient[] = [];

  beforeAll(async () => {
    server = await RealServer.start("--agent", `terminal=node '${agent}'`, "--default-agent", "terminal");
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  afterAll(() => server?.stop());

  function connect(): TinyvexClient {
    const client = new TinyvexClient({ url: server.ready.ws, token: server.ready.token, WebSocket: WebSocket as unknown as WebSocketConstructor, backoff: { first: 20, longest: 200 } });
    clients.push(client);
    return client;
  }

  const terminalOf = (feed: ThreadFeed) => feed.getSnapshot().items.find((item) => item.kind === "terminal")?.row as TerminalRow | undefined;
  const shows = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 20 });

  it("output is there as it comes, for one that comes in the middle too, and through a lost connection", async () => {
    const [one, two] = [connect(), connect()];
    const line = "seq 1 1000; while [ ! -e go ]; do sleep 0.02; done; seq 1001 60000; exit 3";
    const { threadId } = await one.submit({ text: line, workingDirectory: server.folder });
    const feeds = [one.thread(threadId), two.thread(threadId)];
    feeds[0]!.subscribe(() => {});
    await shows(() => expect(terminalOf(feeds[0]!)?.output).toMatch(/\n1000\n$/));
    feeds[1]!.subscribe(() => {});
    await shows(() => expect(terminalOf(feeds[1]!)?.output).toBe(terminalOf(feeds[0]!)?.output));
    one.close();
    writeFileSync(join(server.folder, "go"), "");
    await shows(() => expect(terminalOf(feeds[1]!)).toMatchObject({ status: "exited", exitCode: 3 }));
    one.connect();
    await shows(() => expect(terminalOf(feeds[0]!)?.status).toBe("exited"));

    const all = Array.from({ length: 60_000 }, (_, i) => `${i + 1}\n`).join("");
    expect(terminalOf(feeds[1]!)?.output).toBe(all);
    const late = terminalOf(feeds[0]!)!;
    expect(all.endsWith(late.output)).toBe(true);
    await feeds[0]!.loadWhole(feeds[0]!.getSnapshot().items.find((item) => item.kind === "terminal")!);
    await shows(() => expect(terminalOf(feeds[0]!)?.output).toBe(all));
  });
});
