// @vitest-environment happy-dom
import { TinyvexClient } from "@tinyvex/client";
import { TinyvexProvider, useConnection, useThread, useTinyvex } from "@tinyvex/react";
import { act, cleanup, render } from "@testing-library/react";
import { Fragment, StrictMode, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ScriptedServer } from "../support/scripted-server.ts";

let server: ScriptedServer;
let seen: TinyvexClient[];

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
  seen = [];
});

afterEach(async () => {
  cleanup();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
});

const settle = (milliseconds = 0) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

function Reader() {
  seen.push(useTinyvex());
  useThread("t1");
  return <>{useConnection().state}</>;
}

function Own({ url = "ws://127.0.0.1:1/ws", token = "a", children = <Reader /> }: { url?: string; token?: string; children?: ReactNode }) {
  return <TinyvexProvider url={url} token={token} WebSocket={server.WebSocket}>{children}</TinyvexProvider>;
}

describe("TinyvexProvider with options", () => {
  it("connects once something below it reads, and closes when it has been gone for a while", async () => {
    const { rerender, container } = render(<Own><p /></Own>);
    await settle();
    expect(server.sockets).toEqual([]);
    rerender(<Own />);
    await settle();
    expect(server.socket.protocols).toEqual(["tinyvex.v1", "tinyvex.token.a"]);
    await act(async () => server.socket.open());
    expect(container.textContent).toBe("open");
    rerender(<></>);
    await settle(4_000);
    expect(server.socket.closedWith).toBeUndefined();
    await settle(2_000);
    expect(server.socket.closedWith).toBe(1000);
  });

  it("makes one client in StrictMode", async () => {
    render(<StrictMode><Own /></StrictMode>);
    await settle();
    await act(async () => server.socket.open());
    await settle(60_000);
    expect(server.sockets.length).toBe(1);
    expect(new Set(seen.slice(-2)).size).toBe(1);
  });

  it("keeps the client over an unmount and a mount, as a hot reload makes", async () => {
    const { rerender } = render(<Own key="before" />);
    await settle();
    await act(async () => server.socket.open());
    rerender(<Own key="after" />);
    await settle();
    rerender(<></>);
    await settle(1_000);
    rerender(<Own />);
    await settle(60_000);
    expect(new Set(seen).size).toBe(1);
    expect(server.sockets.length).toBe(1);
    expect(server.socket.closedWith).toBeUndefined();
  });

  it("shares a client between providers that say the same, until the last is gone", async () => {
    const { rerender } = render(<Own key="a" />);
    await settle();
    await act(async () => server.socket.open());
    rerender(<><Own key="a" /><Own key="b" /></>);
    await settle();
    expect(new Set(seen).size).toBe(1);
    rerender(<Own key="b" />);
    await settle(60_000);
    expect(server.sockets.length).toBe(1);
  });

  it.each([["", Fragment], [", in StrictMode too", StrictMode]])("shares a client between providers of one render%s", async (_, Mode) => {
    const { rerender } = render(<Mode><Own key="a" /><Own key="other" token="b" /><Own key="b" /></Mode>);
    await settle();
    expect(server.sockets.map(({ protocols }) => protocols[1])).toEqual(["tinyvex.token.a", "tinyvex.token.b"]);
    expect(new Set(seen).size).toBe(2);
    for (const socket of server.sockets) await act(async () => socket.open());
    rerender(<Mode><Own key="b" /></Mode>);
    await settle(60_000);
    expect(server.sockets.map(({ closedWith }) => closedWith)).toEqual([undefined, 1000]);
  });

  it("does not share a client whose url or token is asked for", async () => {
    const Asked = () => <TinyvexProvider url="ws://127.0.0.1:1/ws" token={() => "a"} WebSocket={server.WebSocket}><Reader /></TinyvexProvider>;
    render(<><Asked /><Asked /></>);
    await settle();
    expect(server.sockets.length).toBe(2);
  });

  it("changes to another client with another url or token, and closes the first", async () => {
    const { rerender } = render(<Own />);
    await settle();
    rerender(<Own token="b" />);
    await settle(6_000);
    expect(server.sockets.map(({ protocols }) => protocols[1])).toEqual(["tinyvex.token.a", "tinyvex.token.b"]);
    expect(server.sockets.map(({ closedWith }) => closedWith)).toEqual([1000, undefined]);
  });

  it("asks functions that are written anew with each render, the last one", async () => {
    const App = ({ token }: { token: string }) => (
      <TinyvexProvider url={() => "ws://127.0.0.1:1/ws"} token={() => token} WebSocket={server.WebSocket}><Reader /></TinyvexProvider>
    );
    const { rerender } = render(<App token="a" />);
    await settle();
    rerender(<App token="b" />);
    await settle();
    expect(server.sockets.length).toBe(1);
    act(() => server.socket.drop(4401));
    await settle(1_000);
    expect(server.socket.protocols[1]).toBe("tinyvex.token.b");
    expect(new Set(seen).size).toBe(1);
  });
});

describe("TinyvexProvider with a client", () => {
  it("gives it, and leaves its end to whoever made it", async () => {
    const client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket });
    const { unmount } = render(<TinyvexProvider client={client}><Reader /></TinyvexProvider>);
    await settle();
    unmount();
    await settle(60_000);
    expect(seen[0]).toBe(client);
    expect(server.socket.closedWith).toBeUndefined();
    client.close();
  });

  it("is needed", () => {
    const silent = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(() => render(<Reader />)).toThrow(/TinyvexProvider/);
    silent.mockRestore();
  });
});
