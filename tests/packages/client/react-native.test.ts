import { TinyvexClient, type WebSocketLike } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { binary, RealServer } from "../support/real-server.ts";
import { until } from "../support/until.ts";

/** What React Native's WebSocket has, and nothing more: handlers, `send` and `close`. React Native itself is not run here. */
class NativeWebSocket implements WebSocketLike {
  onopen: ((event: any) => void) | null = null;
  onmessage: ((event: any) => void) | null = null;
  onclose: ((event: any) => void) | null = null;
  onerror: ((event: any) => void) | null = null;
  readonly #socket: WebSocket;

  constructor(url: string, protocols: string[]) {
    this.#socket = new WebSocket(url, protocols);
    this.#socket.on("open", () => this.onopen?.({}));
    this.#socket.on("message", (data) => this.onmessage?.({ data: String(data) }));
    this.#socket.on("close", (code, reason) => this.onclose?.({ code, reason: String(reason) }));
    this.#socket.on("error", ({ message }) => this.onerror?.({ message }));
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  send(data: string): void {
    this.#socket.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }
}

describe.skipIf(!binary)("where React Native's globals are all there is (TINYVEX_BINARY names a server)", () => {
  let server: RealServer;

  beforeEach(async () => {
    server = await RealServer.start();
    for (const name of ["crypto", "document", "addEventListener", "removeEventListener"]) vi.stubGlobal(name, undefined);
    vi.stubGlobal("WebSocket", NativeWebSocket);
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await server.stop();
  });

  it("a turn streams, and a connection that was lost while the app slept comes back with wake()", async () => {
    const client = new TinyvexClient({ url: server.ready.ws, token: server.ready.token, backoff: { first: 60_000, longest: 60_000 } });
    const { threadId } = await client.submit({ text: "Hello" });
    const feed = client.thread(threadId);
    const { pending } = await until(feed, (view) => view.pending.length > 0);
    await server.kill();
    await until(feed, ({ status }) => status === "offline");
    await server.restart();
    client.wake();
    const { items, status } = await until(feed, (view) => view.status === "live" && view.run?.status === "failed");
    expect(status).toBe("live");
    expect(items.some(({ kind }) => kind === "tool_call")).toBe(true);
    expect(pending[0]!.threadId).toBe(threadId);
    client.close();
  });
});
