// @vitest-environment happy-dom
import type { TinyvexClient } from "@tinyvex/client";
import {
  TinyvexProvider, useAcpSessionUpdates, useAgents, useConnection, usePermissions, useRun, useSearch, useServerInfo, useThread, useThreadItem, useThreadKeys,
  useThreads, useTinyvex, useTinyvexSubscription, useTinyvexWebSocket,
} from "@tinyvex/react";
import { act, cleanup, render } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, expect, it, vi } from "vitest";
import { chunk, messageRow, ScriptedServer, threadSnapshot } from "../support/scripted-server.ts";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function All() {
  const shown = [
    useConnection().state, useThread("t1").status, useThreads().status, usePermissions().status, useAcpSessionUpdates({ threadId: "t1" }).status,
    useTinyvexSubscription({ stream: "runs" }).status, useThreadKeys("t1").length, useThreadItem("t1", "m:a")?.key ?? "none", useRun("t1").isRunning, useAgents().isLoading,
    useSearch("word").isLoading, useServerInfo().server ?? "none", useTinyvexWebSocket().connected,
  ];
  return <p>{shown.join(" ")}</p>;
}

it("renders every hook on a server, where there is no WebSocket, and leaves nothing running", () => {
  vi.stubGlobal("WebSocket", undefined);
  vi.useFakeTimers();
  const html = renderToString(<TinyvexProvider url="ws://127.0.0.1:1/ws"><All /></TinyvexProvider>);
  expect(html).toBe("<p>idle loading loading loading loading loading 0 none false true true none false</p>");
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it("keeps few of the clients that a server makes for its pages, each of which has a token of its own", () => {
  const made: TinyvexClient[] = [];
  function Made() {
    made.push(useTinyvex());
    return null;
  }

  const page = (user: number) => renderToString(<TinyvexProvider url="ws://127.0.0.1:3/ws" token={`${user}`}><Made /><Made /></TinyvexProvider>);
  for (let user = 0; user < 20; user++) page(user);
  page(19);
  page(0);
  expect(new Set(made).size).toBe(21);
  expect(made.at(-3)).toBe(made.at(-5));
});

it("takes over what the server rendered without a difference, though the client knows more by then", async () => {
  const server = new ScriptedServer();
  const App = () => (
    <TinyvexProvider url="ws://127.0.0.1:2/ws" WebSocket={server.WebSocket}>
      <Text />
    </TinyvexProvider>
  );
  function Text() {
    const { status, items } = useThread("t1");
    const keys = useThreadKeys("t1");
    const first = useThreadItem("t1", "m:a");
    return <p>{`${status} ${items.length} ${keys.length} ${first ? "there" : "none"}`}</p>;
  }

  const html = renderToString(<App />);
  expect(html).toBe("<p>loading 0 0 none</p>");

  const other = render(<App />);
  await vi.waitFor(() => expect(server.sockets.length).toBe(1));
  await act(async () => {
    server.socket.open();
    server.socket.answer("tvx.subscribe", threadSnapshot({ messages: [messageRow("a", 1, "one")] }));
  });
  await vi.waitFor(() => expect(other.container.textContent).toBe("live 1 1 there"));

  const container = document.createElement("div");
  container.innerHTML = html;
  document.body.append(container);
  const complaints = vi.spyOn(console, "error").mockImplementation(() => {});
  const recovered: unknown[] = [];
  const page = render(<App />, { container, hydrate: true, onRecoverableError: (error) => recovered.push(error) });
  expect(page.container.textContent).toBe("live 1 1 there");
  await act(async () => server.socket.say(chunk("b", 2, 1, "two")));
  await vi.waitFor(() => expect(page.container.textContent).toBe("live 2 2 there"));
  expect(recovered).toEqual([]);
  expect(complaints).not.toHaveBeenCalled();
  expect(server.sockets.length).toBe(1);
  complaints.mockRestore();
});
