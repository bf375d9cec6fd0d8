import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { TinyvexClient } from "@tinyvex/client";
import { startTinyvex, type StartOptions } from "@tinyvex/server";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { binary } from "../support/real-server.ts";
import { until } from "../support/until.ts";
import { exists } from "./fake-server.ts";

function database(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinyvex-sidecar-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "t.db");
}

async function start(options: StartOptions) {
  const server = await startTinyvex({ agents: { replay: [binary!, "replay", "--speed", "max"] }, ...options });
  onTestFinished(async () => void (await server.stop()));
  return server;
}

describe.skipIf(!binary)("a real server", () => {
  test("an open client goes on after a crash, on the same address", async () => {
    const server = await start({ db: database(), restart: { minDelayMs: 1, maxDelayMs: 10 } });
    const client = new TinyvexClient({ url: server.ws, token: server.token, WebSocket, backoff: { first: 20, longest: 100 } });
    onTestFinished(() => client.close());
    const { threadId } = await client.request("tvx.create_thread", { title: "kept" });
    const thread = client.thread(threadId!);
    await until(thread, ({ status }) => status === "live");
    const again = once(server, "ready");
    process.kill(server.pid, "SIGKILL");
    await again;
    await client.request("tvx.ingest", { threadId: threadId!, provider: "host", update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "still here" } } });
    const view = await until(thread, ({ items }) => items.length > 0);
    expect(view.items).toMatchObject([{ row: { text: "still here" } }]);
  });

  test("a second server of the same database is told who holds it", async () => {
    const db = database();
    const first = await start({ db });
    await expect(start({ db })).rejects.toMatchObject({ code: "already_running", exitCode: 3, running: { url: first.url, pid: first.pid } });
  });

  test("wrong arguments are told with what the server says of them", async () => {
    await expect(start({ db: database(), args: ["--no-such-option"] })).rejects.toMatchObject({ code: "exited", exitCode: 2, message: expect.stringContaining("--no-such-option") });
  });

  test("an orderly stop exits with 0", async () => {
    const server = await start({ db: database() });
    expect(await server.stop()).toMatchObject({ code: 0, signal: null });
  });

  test("the server ends with a program that is killed", async () => {
    const host = spawn(process.execPath, ["--input-type=module", "--eval", `
      import { startTinyvex } from "@tinyvex/server";
      const server = await startTinyvex({ db: process.argv[1] });
      console.log(server.pid);
    `, database()], { stdio: ["ignore", "pipe", "inherit"], cwd: import.meta.dirname });
    onTestFinished(() => void host.kill("SIGKILL"));
    const [pid] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
    expect(exists(Number(pid))).toBe(true);
    host.kill("SIGKILL");
    await vi.waitFor(() => expect(exists(Number(pid))).toBe(false), { timeout: 10_000 });
  });
});
