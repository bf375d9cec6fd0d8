// @vitest-environment happy-dom
import { useAcpSessionUpdates, useThread, useThreadItem, useThreadKeys, useThreadSelector, useTinyvexSubscription } from "@tinyvex/react";
import { act } from "@testing-library/react";
import { memo, StrictMode, startTransition, Suspense, use, useState } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReactPage } from "../support/react-page.tsx";
import { chunk, finalize, messageRow, permissionRow, runRow, threadRow } from "../support/scripted-server.ts";

let page: ReactPage;
let renders: Record<string, number>;

beforeEach(() => {
  page = new ReactPage();
  renders = {};
});

afterEach(() => page.end());

function count(name: string): void {
  renders[name] = (renders[name] ?? 0) + 1;
}

const Item = memo(function Item({ id }: { id: string }) {
  const item = useThreadItem("t1", id);
  count(id);
  return <p>{item?.kind === "message" ? item.row.text : item?.kind}</p>;
});

function List() {
  const keys = useThreadKeys("t1");
  count("list");
  return keys.map((key) => <Item key={key} id={key} />);
}

describe("useThread", () => {
  function Whole({ threadId = "t1" as string | null }) {
    const { status, items, thread, isDeleted, hasOlder, loadOlder } = useThread(threadId, { limit: 10 });
    return (
      <>
        {status} {thread?.title} {isDeleted && "deleted"} {items.map(({ key }) => key).join(" ")}
        {hasOlder && <button onClick={() => void loadOlder()}>older</button>}
      </>
    );
  }

  it("shows what the thread has, by order, from loading to live", async () => {
    await page.render(<Whole />);
    expect(page.text).toContain("loading");
    await page.open();
    expect(page.socket.last("tvx.subscribe")).toMatchObject({ stream: "thread", threadId: "t1", limit: 10 });
    await page.snapshot({ thread: threadRow("t1", { title: "Title" }), messages: [messageRow("b", 2, "b")], runs: [runRow("r", 1, "running")] });
    expect(page.text).toMatch(/live Title {2}r:r m:b/);
  });

  it("loads what is older", async () => {
    await page.render(<Whole />);
    await page.open();
    await page.snapshot({ messages: [messageRow("b", 2, "b")], nextPage: "p" });
    await act(async () => page.shown.getByRole("button").click());
    await page.older({ kind: "message", row: messageRow("a", 1, "a") });
    expect(page.text).toMatch(/m:a m:b$/);
    expect(page.shown.queryByRole("button")).toBeNull();
  });

  it("tells that the thread was deleted", async () => {
    await page.render(<Whole />);
    await page.open();
    await page.snapshot({ messages: [messageRow("b", 2, "b")] });
    await page.say({ type: "tinyvex.update", stream: "threads", threadId: "t1", deleted: true, cursor: "d" });
    expect(page.text).toContain("deleted");
    expect(page.text).not.toContain("m:b");
  });

  it("asks for nothing without a thread, and changes to another one", async () => {
    await page.render(<Whole threadId={null} />);
    expect(page.server.sockets).toEqual([]);
    expect(page.text).toContain("idle");
    page.shown.rerender(<Whole threadId="t1" />);
    await page.settle();
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "a")] });
    page.shown.rerender(<Whole threadId="t2" />);
    await page.settle();
    expect(page.text).not.toContain("m:a");
    expect(page.socket.last("tvx.subscribe")).toMatchObject({ threadId: "t2" });
    await page.settle(10_000);
    expect(page.socket.last("tvx.unsubscribe")).toMatchObject({ threadId: "t1" });
  });
});

describe("a chunk", () => {
  it("renders the message that it adds to, and nothing else", async () => {
    await page.render(<List />);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one", { partial: false }), messageRow("b", 2, "two")] });
    renders = {};
    await page.say(chunk("b", 2, 2, "!"));
    await page.say(chunk("b", 2, 3, "!"), chunk("b", 2, 4, "!"), finalize("b", 4));
    expect(page.text).toBe("onetwo!!!");
    expect(renders).toEqual({ "m:b": 2 });
  });

  it("renders one message of 10,000", async () => {
    await page.render(<List />);
    await page.open();
    await page.snapshot({ messages: Array.from({ length: 10_000 }, (_, i) => messageRow(`m${i}`, i, "one", { partial: i === 9_999 })) });
    expect(renders["m:m0"]).toBe(1);
    renders = {};
    await page.say(chunk("m9999", 9_999, 2, "!"));
    expect(page.text.endsWith("oneone!")).toBe(true);
    expect(renders).toEqual({ "m:m9999": 1 });
  });

  it("of a new message renders the list once, and the new message alone", async () => {
    await page.render(<List />);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one", { partial: false })] });
    renders = {};
    await page.say(chunk("b", 2, 1, "two"));
    expect(page.text).toBe("onetwo");
    expect(renders).toEqual({ list: 1, "m:b": 1 });
  });

  it("of a thread that is not shown renders nothing", async () => {
    await page.render(<List />);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one")] });
    renders = {};
    await page.say(chunk("x", 1, 1, "elsewhere", { threadId: "t2" }), chunk("a", 1, 2, "!", { threadId: "t2" }));
    expect(renders).toEqual({});
  });

  it("does not render what was selected and did not change, though it is made anew each time", async () => {
    function Titles() {
      const { title, kinds } = useThreadSelector("t1", (view) => ({ title: view.thread?.title, kinds: view.items.length }));
      const keys = useThreadSelector("t1", (view) => view.items.map(({ key }) => key));
      count("titles");
      return <>{`${title} ${kinds} ${keys.join()}`}</>;
    }

    await page.render(<Titles />);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one")] });
    renders = {};
    await page.say(chunk("a", 1, 2, "!"));
    expect(renders).toEqual({});
    await page.say({ type: "tinyvex.update", stream: "threads", row: threadRow("t1", { title: "New", updatedAt: 2 }), cursor: "x" });
    expect(page.text).toBe("New 1 m:a");
    expect(renders).toEqual({ titles: 1 });
  });
});

describe("React's own ways", () => {
  it("subscribe once in StrictMode", async () => {
    await page.render(<StrictMode><List /></StrictMode>);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one")] });
    await page.settle(10_000);
    expect(page.text).toBe("one");
    expect(page.server.sockets.length).toBe(1);
    expect(page.socket.sent.map((frame) => frame["control"])).toEqual(["tvx.subscribe"]);
  });

  it("keep the subscription over an unmount and a mount, as a hot reload makes", async () => {
    await page.render(<List key="before" />);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one")] });
    page.shown.rerender(<List key="after" />);
    expect(page.text).toBe("one");
    page.shown.rerender(<></>);
    await page.say(chunk("a", 1, 2, "!"));
    page.shown.rerender(<List />);
    expect(page.text).toBe("one!");
    await page.settle(10_000);
    expect(page.socket.sent.map((frame) => frame["control"])).toEqual(["tvx.subscribe"]);
  });

  it("show one moment everywhere, also while a transition renders between two chunks", async () => {
    const seen: string[][] = [];
    let go!: () => void;
    const waiting = new Promise<void>((resolve) => (go = resolve));

    function Text() {
      const item = useThreadItem("t1", "m:a");
      return item?.kind === "message" ? item.row.text : null;
    }

    function Slow({ isSlow }: { isSlow: boolean }) {
      if (isSlow) use(waiting);
      return <Text />;
    }

    let start!: () => void;
    function Both() {
      const [isSlow, setSlow] = useState(false);
      start = () => startTransition(() => setSlow(true));
      const whole = useThread("t1").items.flatMap((item) => (item.kind === "message" ? [item.row.text] : []));
      return (
        <Suspense fallback="waiting">
          <b>{whole}</b>|<i><Text /></i>|<u><Slow isSlow={isSlow} /></u>
        </Suspense>
      );
    }

    await page.render(<Both />);
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "1")] });
    const observer = new MutationObserver(() => seen.push(page.text.split("|")));
    observer.observe(page.shown.container, { subtree: true, childList: true, characterData: true });
    await act(async () => start());
    await page.say(chunk("a", 1, 2, "2"));
    await page.say(chunk("a", 1, 3, "3"));
    await act(async () => go());
    await page.settle();
    await page.say(chunk("a", 1, 4, "4"));
    observer.disconnect();
    expect(page.text).toBe("1234|1234|1234");
    expect(seen.length).toBeGreaterThanOrEqual(3);
    for (const texts of seen) expect(new Set(texts).size, texts.join(" ")).toBe(1);
  });
});

describe("useAcpSessionUpdates", () => {
  it("sorts what an agent sends, as it comes", async () => {
    let now!: ReturnType<typeof useAcpSessionUpdates>;
    function Session() {
      now = useAcpSessionUpdates({ threadId: "t1" });
      count("session");
      return null;
    }

    await page.render(<Session />);
    expect(now.status).toBe("loading");
    await page.open();
    await page.snapshot({ messages: [messageRow("u", 1, "before"), messageRow("q", 2, "?", { role: "user", partial: false })] });
    expect(now).toMatchObject({ status: "live", liveText: "", isStreaming: false });
    await page.say(chunk("h", 3, 1, "Hm", { kind: "reason", role: null }));
    const tool = { threadId: "t1", toolCallId: "c", order: 4, title: "Read", kind: "read", status: "completed", locations: null, createdAt: 1, updatedAt: 1 };
    await page.say({ type: "tinyvex.update", stream: "tool_calls", threadId: "t1", toolCallId: "c", row: tool, cursor: "t" });
    const { toolCalls, messages } = now;
    await page.say(chunk("h", 3, 2, "m.", { kind: "reason", role: null }));
    expect(now.toolCalls).toBe(toolCalls);
    expect(now.messages).toBe(messages);
    await page.say(chunk("a", 5, 1, "Hel"), chunk("a", 5, 2, "lo"));
    const entries = [{ content: "Read", priority: "high", status: "completed" }];
    await page.say({ type: "tinyvex.update", stream: "plan", threadId: "t1", row: { threadId: "t1", entries, updatedAt: 1 }, cursor: "p" });
    expect(now).toMatchObject({ liveText: "Hello", thoughtText: "Hmm.", isStreaming: true, plan: { entries } });
    expect(now.messages.map(({ text }) => text)).toEqual(["before", "?", "Hello"]);
    expect(now.reasoning.map(({ text }) => text)).toEqual(["Hmm."]);
    expect(now.toolCalls.map(({ title }) => title)).toEqual(["Read"]);
  });
});

describe("useTinyvexSubscription", () => {
  function Rows(props: Parameters<typeof useTinyvexSubscription>[0]) {
    const { rows, status, hasMore } = useTinyvexSubscription(props);
    count(props.stream);
    return <p>{`${props.stream} ${status} ${rows.length}${hasMore ? "+" : ""} `}</p>;
  }

  it("gives the parts of a thread as rows, over one subscription", async () => {
    const streams = ["thread", "messages", "tool_calls", "plan", "state"] as const;
    await page.render(streams.map((stream) => <Rows key={stream} stream={stream} threadId="t1" />));
    await page.open();
    await page.snapshot({ messages: [messageRow("a", 1, "one")], permissions: [permissionRow("p", 2, "pending")], plan: { threadId: "t1", entries: [], updatedAt: 1 }, nextPage: "n" });
    expect(page.text).toBe("thread live 2+ messages live 1+ tool_calls live 0+ plan live 1+ state live 0+ ");
    expect(page.socket.sent.length).toBe(1);
    renders = {};
    await page.say(chunk("a", 1, 2, "!"));
    expect(renders).toEqual({ thread: 1, messages: 1 });
  });

  it("gives the lists of all threads", async () => {
    await page.render(<Rows stream="threads" />);
    await page.open();
    await page.answer("tvx.subscribe", { type: "tinyvex.snapshot", stream: "threads", rows: [threadRow("a"), threadRow("b")], nextPage: null, cursor: "c" });
    expect(page.text).toBe("threads live 2 ");
    page.shown.rerender(<><Rows stream="runs" /><Rows stream="permissions" threadId="t1" /></>);
    await page.settle();
    expect(page.socket.sent.slice(-2)).toMatchObject([{ stream: "runs" }, { stream: "permissions", threadId: "t1" }]);
  });
});
