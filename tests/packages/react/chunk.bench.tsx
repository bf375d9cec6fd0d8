// @vitest-environment happy-dom
//
// NODE_ENV=production npx vitest bench --run, in tests/packages: what one streaming chunk costs, from the frame's text to the changed DOM, in a thread of
// 10,000 messages against one of 50. In production React does no checks of its own.
import { TinyvexClient } from "@tinyvex/client";
import { TinyvexProvider, useThread, useThreadItem, useThreadKeys } from "@tinyvex/react";
import { memo, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { bench, describe, vi } from "vitest";
import { chunk, messageRow, ScriptedServer, threadSnapshot } from "../support/scripted-server.ts";

const Item = memo(function Item({ id }: { id: string }) {
  const item = useThreadItem("t1", id);
  return <p>{item?.kind === "message" ? item.row.text : null}</p>;
});

/** What a scrolled page shows: the newest 50. */
function Window() {
  return useThreadKeys("t1").slice(-50).map((key) => <Item key={key} id={key} />);
}

const Group = memo(function Group({ keys }: { keys: readonly string[] }) {
  return keys.map((key) => <Item key={key} id={key} />);
}, (a, b) => a.keys.length === b.keys.length && a.keys.every((key, i) => key === b.keys[i]));

/** All of them, in groups of 100, as React looks at each sibling of what it renders. */
function Groups() {
  const keys = useThreadKeys("t1");
  return Array.from({ length: Math.ceil(keys.length / 100) }, (_, i) => <Group key={i} keys={keys.slice(i * 100, i * 100 + 100)} />);
}

/** All of them, one beside the other. */
function Flat() {
  return useThreadKeys("t1").map((key) => <Item key={key} id={key} />);
}

const Row = memo(function Row({ text }: { text: string }) {
  return <p>{text}</p>;
});

/** All of them, rendered by one component, as is written without a second thought. */
function Whole() {
  return useThread("t1").items.map((item) => (item.kind === "message" ? <Row key={item.key} text={item.row.text} /> : null));
}

async function page(messages: number, ui: ReactNode): Promise<() => Promise<void>> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const server = new ScriptedServer();
  const client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket });
  const container = document.createElement("div");
  createRoot(container).render(<TinyvexProvider client={client}>{ui}</TinyvexProvider>);
  await vi.waitFor(() => server.socket);
  server.socket.open();
  const rows = Array.from({ length: messages }, (_, i) => messageRow(`m${i}`, i, "A message of some words.", { partial: i === messages - 1 }));
  server.socket.answer("tvx.subscribe", threadSnapshot({ messages: rows }));
  await vi.waitFor(() => {
    if (!container.querySelector("p")) throw new Error("nothing is shown");
  });
  const last = container.querySelector("p:last-of-type")!.parentElement!.lastElementChild!;
  let seq = 1;
  return async () => {
    const before = last.textContent!.length;
    server.socket.say(chunk(`m${messages - 1}`, messages - 1, ++seq, "w"));
    vi.advanceTimersByTime(0);
    await Promise.resolve();
    await Promise.resolve();
    if (last.textContent!.length !== before + 1) throw new Error("the chunk is not shown");
  };
}

const cases = {
  "50 messages, the baseline": [50, <Window />],
  "10,000 messages, the newest 50 shown": [10_000, <Window />],
  "10,000 messages, all shown in groups": [10_000, <Groups />],
  "10,000 messages, all shown": [10_000, <Flat />],
  "10,000 messages, all shown by useThread": [10_000, <Whole />],
} satisfies Record<string, [number, ReactNode]>;

describe("a streaming chunk", () => {
  for (const [name, [messages, ui]] of Object.entries(cases)) {
    let chunkArrives: (() => Promise<void>) | undefined;
    bench(name, async () => chunkArrives!(), {
      time: 1_000,
      setup: async () => {
        chunkArrives ??= await page(messages, ui);
      },
    });
  }
});
