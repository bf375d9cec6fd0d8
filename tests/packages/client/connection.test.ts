import { TinyvexClient, type ConnectionState, type TinyvexOptions } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ScriptedServer } from "../support/scripted-server.ts";

let server: ScriptedServer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
  server = new ScriptedServer();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

function make(options: Partial<TinyvexOptions> = {}): TinyvexClient {
  return new TinyvexClient({ url: "ws://127.0.0.1:1/ws", token: "t", WebSocket: server.WebSocket, ...options });
}

async function opened(client: TinyvexClient): Promise<void> {
  client.connect();
  await settle();
  server.socket.open();
}

describe("a connection", () => {
  it("offers the mode and the token as subprotocols", async () => {
    make().connect();
    make({ mode: "broadcast", token: undefined }).connect();
    await settle();
    expect(server.sockets.map((socket) => socket.protocols)).toEqual([["tinyvex.v1", "tinyvex.token.t"], ["tinyvex.broadcast.v1"]]);
    expect(server.socket.url).toBe("ws://127.0.0.1:1/ws");
  });

  it("says what it calls itself", async () => {
    make({ name: "phone" }).connect();
    make({ name: "phone", url: () => "ws://127.0.0.1:1/ws?x=1" }).connect();
    await settle();
    expect(server.sockets.map((socket) => socket.url)).toEqual(["ws://127.0.0.1:1/ws?client=phone", "ws://127.0.0.1:1/ws?x=1&client=phone"]);
  });

  it("is open with the first frame, not with the socket", async () => {
    const client = make();
    client.connect();
    await settle();
    server.socket.isAnswering = false;
    server.socket.open();
    expect(client.getStatus().state).toBe("connecting");
    server.socket.say({ type: "echo", timestamp: 1 });
    expect(client.getStatus()).toEqual({ state: "open", attempt: 0, retryAt: null, reason: null });
  });

  it("tells of each state, as another object each time", async () => {
    const client = make();
    const states: ConnectionState[] = [];
    const objects = new Set<object>();
    const stop = client.onStatus(() => {
      states.push(client.getStatus().state);
      objects.add(client.getStatus());
    });
    await opened(client);
    server.socket.drop();
    await vi.advanceTimersByTimeAsync(250);
    client.close();
    stop();
    client.connect();
    expect(states).toEqual(["connecting", "open", "waiting", "connecting", "idle"]);
    expect(objects.size).toBe(5);
    client.close();
  });

  it("waits longer with each attempt, up to its limit, and short again after one that held", async () => {
    const client = make({ backoff: { first: 100, longest: 1_000 } });
    client.connect();
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      await settle();
      server.socket.drop();
      waits.push(client.getStatus().retryAt! - Date.now());
      await vi.advanceTimersByTimeAsync(waits.at(-1)!);
    }

    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    server.socket.open();
    server.socket.drop();
    expect(client.getStatus().retryAt! - Date.now()).toBe(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    server.socket.open();
    await vi.advanceTimersByTimeAsync(5_000);
    server.socket.drop();
    expect(client.getStatus().retryAt! - Date.now()).toBe(100);
    client.close();
  });

  it("spreads its attempts over half of the wait, so that clients do not come back together", async () => {
    const client = make({ backoff: { first: 1_000, longest: 1_000 } });
    client.connect();
    await settle();
    vi.spyOn(Math, "random").mockReturnValue(0);
    server.socket.drop();
    expect(client.getStatus().retryAt! - Date.now()).toBe(500);
    client.close();
  });

  it("does not try a refused token again, until it is told to", async () => {
    const client = make();
    await opened(client);
    server.socket.drop(4401, "the token is missing or wrong");
    expect(client.getStatus()).toMatchObject({ state: "refused", reason: "the token is missing or wrong" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sockets.length).toBe(1);
    client.connect();
    await settle();
    expect(server.sockets.length).toBe(2);
    client.close();
  });

  it("asks for address and token anew at each attempt", async () => {
    let number = 0;
    const client = make({ url: async () => `ws://127.0.0.1:${++number}/ws`, token: async () => `token${number}` });
    await opened(client);
    server.socket.drop(4401);
    expect(client.getStatus().state).toBe("waiting");
    await vi.advanceTimersByTimeAsync(250);
    expect(server.sockets.map((socket) => [socket.url, socket.protocols[1]])).toEqual([
      ["ws://127.0.0.1:1/ws", "tinyvex.token.token0"],
      ["ws://127.0.0.1:2/ws", "tinyvex.token.token1"],
    ]);
    client.close();
  });

  it("tries again where the address cannot be had", async () => {
    let fails = true;
    const client = make({
      url: () => {
        if (fails) throw new Error("no sidecar yet");
        return "ws://127.0.0.1:2/ws";
      },
    });
    client.connect();
    await settle();
    expect(client.getStatus()).toMatchObject({ state: "waiting", reason: "Error: no sidecar yet" });
    fails = false;
    await vi.advanceTimersByTimeAsync(250);
    expect(server.socket.url).toBe("ws://127.0.0.1:2/ws");
    client.close();
  });

  it("listens no more to a socket that was given up", async () => {
    const client = make();
    await opened(client);
    const first = server.socket;
    const { onmessage, onclose } = first;
    first.drop();
    await vi.advanceTimersByTimeAsync(250);
    server.socket.open();
    const frames: unknown[] = [];
    client.onFrame((event) => frames.push(event));
    onmessage!({ data: '{"type":"echo"}' });
    onclose!({ code: 4401 });
    expect(frames).toEqual([]);
    expect(client.getStatus().state).toBe("open");
    client.close();
  });

  it("asks a silent server whether it is there, and leaves one that does not answer", async () => {
    const client = make({ silence: 10_000 });
    await opened(client);
    const { socket } = server;
    expect(socket.probes).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(socket.probes).toBe(2);
    expect(client.getStatus().state).toBe("open");
    socket.isAnswering = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(socket.probes).toBe(3);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(client.getStatus()).toMatchObject({ state: "waiting", reason: "the server is silent" });
    expect(socket.closedWith).toBe(1000);
    client.close();
  });

  it("does not take a server for silent while a large request is on its way to it", async () => {
    const client = make({ silence: 10_000, backoff: { first: 60_000, longest: 60_000 } });
    await opened(client);
    const { socket } = server;
    socket.isAnswering = false;
    for (let left = 50; left >= 0; left--) {
      socket.bufferedAmount = left * 1_000;
      await vi.advanceTimersByTimeAsync(4_000);
    }

    expect(client.getStatus().state).toBe("open");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.getStatus()).toMatchObject({ state: "waiting", reason: "the server is silent" });
    client.close();
  });

  it("waits longer for an answer after each connection that was silent, as what is large comes slowly", async () => {
    const client = make({ silence: 10_000, backoff: { first: 1, longest: 1 } });
    await opened(client);
    for (const answer of [5_000, 10_000, 20_000, 40_000, 40_000]) {
      const before = server.sockets.length;
      server.socket.isAnswering = false;
      await vi.advanceTimersByTimeAsync(10_000 + answer - 1);
      expect(server.sockets.length).toBe(before);
      await vi.advanceTimersByTimeAsync(5);
      expect(server.sockets.length).toBe(before + 1);
      server.socket.open();
    }

    // One that answers is trusted as before.
    await vi.advanceTimersByTimeAsync(10_000);
    server.socket.isAnswering = false;
    const before = server.sockets.length;
    await vi.advanceTimersByTimeAsync(15_005);
    expect(server.sockets.length).toBe(before + 1);
    client.close();
  });

  it("goes on where a listener throws", async () => {
    const thrown: unknown[] = [];
    const queued = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => {
      try {
        task();
      } catch (error) {
        thrown.push(error);
      }
    });
    const client = make();
    const heard: string[] = [];
    client.onStatus(() => {
      throw new Error("mine");
    });
    client.onFrame(() => {
      throw new Error("too");
    });
    client.onStatus(() => heard.push(client.getStatus().state));
    await opened(client);
    const asked = client.agents();
    server.socket.answer("tvx.query", { type: "tinyvex.query_result", name: "agents.list", rows: [] });
    expect(await asked).toEqual([]);
    expect(heard).toEqual(["connecting", "open"]);
    client.close();
    expect(thrown.length).toBeGreaterThan(3);
    queued.mockRestore();
  });

  it("gives up a server that never accepts", async () => {
    const client = make({ silence: 10_000 });
    client.connect();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(client.getStatus().state).toBe("waiting");
    client.close();
  });

  it("does not wait when the device is back", async () => {
    const client = make({ backoff: { first: 60_000, longest: 60_000 } });
    await opened(client);
    server.socket.drop();
    client.wake();
    await settle();
    expect(server.sockets.length).toBe(2);
    server.socket.open();
    const { socket } = server;
    socket.isAnswering = false;
    client.wake();
    client.wake();
    expect(socket.probes).toBe(2);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(client.getStatus().state).toBe("waiting");
    client.close();
  });

  it("finds out within seconds that a network is gone, and stays where it is not", async () => {
    const events = new EventTarget();
    vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
    vi.stubGlobal("removeEventListener", events.removeEventListener.bind(events));
    try {
      const client = make({ backoff: { first: 60_000, longest: 60_000 } });
      await opened(client);
      // A server on the same device answers without any network.
      const { probes } = server.socket;
      events.dispatchEvent(new Event("offline"));
      await vi.advanceTimersByTimeAsync(10_000);
      expect(server.socket.probes).toBe(probes + 1);
      expect(client.getStatus().state).toBe("open");
      server.socket.isAnswering = false;
      events.dispatchEvent(new Event("offline"));
      await vi.advanceTimersByTimeAsync(4_000);
      expect(client.getStatus()).toMatchObject({ state: "waiting", reason: "the server is silent" });
      client.close();
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("wakes up with the browser's events, until it is closed", async () => {
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    const events = new EventTarget();
    vi.stubGlobal("document", page);
    vi.stubGlobal("addEventListener", events.addEventListener.bind(events));
    vi.stubGlobal("removeEventListener", events.removeEventListener.bind(events));
    try {
      const client = make({ backoff: { first: 60_000, longest: 60_000 } });
      await opened(client);
      for (const wake of [() => events.dispatchEvent(new Event("online")), () => page.dispatchEvent(new Event("visibilitychange"))]) {
        const before = server.sockets.length;
        server.socket.drop();
        wake();
        await settle();
        expect(server.sockets.length).toBe(before + 1);
        server.socket.open();
      }

      page.visibilityState = "hidden";
      server.socket.drop();
      page.dispatchEvent(new Event("visibilitychange"));
      await settle();
      expect(server.sockets.length).toBe(3);
      client.close();
      events.dispatchEvent(new Event("online"));
      await settle();
      expect(server.sockets.length).toBe(3);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("can be made where there is no WebSocket, and says what is missing when it is to connect", () => {
    vi.stubGlobal("WebSocket", undefined);
    try {
      const client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws" });
      expect(client.thread("t1").getSnapshot().items).toEqual([]);
      expect(() => client.connect()).toThrow(/package 'ws'/);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
