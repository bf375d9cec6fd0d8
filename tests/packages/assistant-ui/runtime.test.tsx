// @vitest-environment happy-dom
import { AssistantRuntimeProvider, ComposerPrimitive, MessagePrimitive, ThreadListItemPrimitive, ThreadListPrimitive, ThreadPrimitive, type AssistantRuntime } from "@assistant-ui/react";
import { TinyvexToolCall, useTinyvexRuntime, type TinyvexRuntimeOptions } from "@tinyvex/assistant-ui";
import { act, fireEvent } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReactPage } from "../support/react-page.tsx";
import { chunk, finalize, messageRow, permissionRow, runRow, threadRow, threadSnapshot } from "../support/scripted-server.ts";

let page: ReactPage;
let runtime: AssistantRuntime;
let renders: Record<string, number>;
let errors: Error[];
let changes: (string | null)[];

beforeEach(() => {
  page = new ReactPage();
  renders = {};
  errors = [];
  changes = [];
});

afterEach(() => page.end());

function Text({ text }: { text: string }) {
  renders[text] = (renders[text] ?? 0) + 1;
  return <p>{text}</p>;
}

const parts = { Text, Reasoning: ({ text }: { text: string }) => <em>{text}</em>, tools: { Fallback: TinyvexToolCall } };

function User() {
  return <MessagePrimitive.Root data-testid="user"><MessagePrimitive.Parts components={parts} /></MessagePrimitive.Root>;
}

function Assistant() {
  return (
    <MessagePrimitive.Root data-testid="assistant">
      <MessagePrimitive.Parts components={parts} />
      <MessagePrimitive.Error><b>failed</b></MessagePrimitive.Error>
    </MessagePrimitive.Root>
  );
}

function Runtime({ children, ...options }: TinyvexRuntimeOptions & { children: ReactNode }) {
  runtime = useTinyvexRuntime({ onError: (error) => errors.push(error), onThreadChange: (threadId) => changes.push(threadId), ...options });
  return <AssistantRuntimeProvider runtime={runtime}>{children}</AssistantRuntimeProvider>;
}

const tree = (
  <>
    <nav>
      <ThreadListPrimitive.Items components={{ ThreadListItem: () => <ThreadListItemPrimitive.Root><ThreadListItemPrimitive.Title fallback="Untitled" /></ThreadListItemPrimitive.Root> }} />
    </nav>
    <ThreadPrimitive.Root>
      <ThreadPrimitive.Messages components={{ UserMessage: User, AssistantMessage: Assistant }} />
      <ComposerPrimitive.Root>
        <ComposerPrimitive.Input data-testid="input" />
      </ComposerPrimitive.Root>
    </ThreadPrimitive.Root>
  </>
);

async function start(options: TinyvexRuntimeOptions = {}, threads: object[] = []): Promise<void> {
  await page.render(<Runtime {...options}>{tree}</Runtime>);
  await page.open();
  for (const { id } of page.socket.sent.filter((frame) => frame["stream"] === "threads")) {
    await page.say({ id, type: "tinyvex.snapshot", stream: "threads", rows: threads, nextPage: null, cursor: "c" });
  }

  await page.answer("tvx.query", { type: "tinyvex.query_result", rows: [threadRow("old", { title: "Archived", archived: true })], nextPage: null });
}

async function snapshot(threadId: string, more: object = {}): Promise<void> {
  const { id } = page.socket.sent.findLast((frame) => frame["control"] === "tvx.subscribe" && frame["threadId"] === threadId)!;
  await page.say({ id, ...threadSnapshot({ threadId, ...more }) });
}

const turn = { messages: [messageRow("q", 2, "Question", { role: "user", partial: false, ts: 2 })], runs: [runRow("r1", 1, "running", { startedAt: 1 })] };
const shown = (id: "user" | "assistant") => page.shown.queryAllByTestId(id).map((element) => element.textContent);
const did = async (what: () => unknown) => {
  await act(async () => void what());
  await page.settle();
};

describe("useTinyvexRuntime", () => {
  it("streams text, reasoning and tool calls into one message, and renders what grows alone", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", turn);
    await page.say(chunk("h", 3, 1, "Hm.", { kind: "reason", role: null, ts: 3 }));
    const row = { threadId: "t1", toolCallId: "c", order: 4, title: "Edit a.ts", kind: "edit", status: "completed", locations: null, createdAt: 4, updatedAt: 4,
      content: [{ type: "diff", path: "/a.ts", oldText: "one\ntwo", newText: "one\n2" }] };
    await page.say({ type: "tinyvex.update", stream: "tool_calls", threadId: "t1", toolCallId: "c", row, cursor: "t" });
    await page.say(chunk("a", 5, 1, "Do", { ts: 5 }));
    await page.say(chunk("a", 5, 2, "ne"), finalize("a", 2));
    expect(shown("user")).toEqual(["Question"]);
    expect(shown("assistant")).toEqual(["Hm.Edit a.ts/a.ts  one\n- two\n+ 2\nDone"]);
    expect(page.shown.container.querySelector("[data-line=removed]")?.textContent).toBe("- two\n");
    expect(runtime.thread.getState().isRunning).toBe(true);
    const questions = renders["Question"];
    await page.say(chunk("b", 6, 1, "!", { ts: 6 }));
    expect(renders["Question"]).toBe(questions);

    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r1", 1, "completed", { startedAt: 1, stopReason: "end_turn" }), cursor: "r" });
    expect(runtime.thread.getState().isRunning).toBe(false);
    expect(runtime.thread.getState().messages.at(-1)!.status).toEqual({ type: "complete", reason: "stop" });
  });

  it("begins a thread with the first prompt, and shows it", async () => {
    await start({ agent: "codex", workingDirectory: "/home/me" });
    await did(() => runtime.thread.append("Hello"));
    expect(page.socket.last("run.submit")).toMatchObject({ prompt: [{ type: "text", text: "Hello" }], agent: "codex", workingDirectory: "/home/me" });
    expect(page.socket.last("run.submit")).not.toHaveProperty("threadId");
    await page.answer("run.submit", { type: "run.submitted", threadId: "new", runId: "r1", timestamp: 1 });
    await snapshot("new", { messages: [messageRow("q", 2, "Hello", { role: "user", threadId: "new" })], thread: threadRow("new") });
    expect(changes).toEqual(["new"]);
    expect(shown("user")).toEqual(["Hello"]);
    expect(runtime.threads.getState().mainThreadId).toBe("new");

    await did(() => runtime.thread.append("Again"));
    expect(page.socket.last("run.submit")).toMatchObject({ threadId: "new" });
    expect(page.socket.last("run.submit")).not.toHaveProperty("workingDirectory");
  });

  it("hands a prompt back to the composer that the server did not take", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1");
    await did(() => runtime.thread.composer.setText("Hello"));
    await did(() => runtime.thread.composer.send());
    expect((page.shown.getByTestId("input") as HTMLTextAreaElement).value).toBe("");
    await page.answer("run.submit", { type: "tinyvex.error", code: "agent_unavailable", message: "there is no agent" });
    expect(errors.map(({ message }) => message)).toEqual(["there is no agent"]);
    expect(runtime.thread.composer.getState().text).toBe("Hello");
  });

  it("sends what is attached", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1");
    await did(() => runtime.thread.composer.setText("Look"));
    await did(() => runtime.thread.composer.addAttachment(new File(["hi"], "a.png", { type: "image/png" })));
    await did(() => runtime.thread.composer.send());
    await page.settle(10);
    expect(page.socket.last("run.submit")["prompt"]).toEqual([{ type: "text", text: "Look" }, { type: "image", data: "aGk=", mimeType: "image/png" }]);
  });

  it("sends nothing that is more than a frame can hold, and says so", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1");
    await did(() => runtime.thread.append({ role: "user", content: [{ type: "text", text: "a".repeat(16 * 1024 * 1024) }] }));
    expect(page.socket.sent.some((frame) => frame["control"] === "run.submit")).toBe(false);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^The prompt takes 16\.0 MiB/)]);
  });

  it("cancels", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", turn);
    await did(() => runtime.thread.cancelRun());
    expect(page.socket.last("run.cancel")).toMatchObject({ runId: "r1" });
    expect(page.socket.last("run.cancel")).not.toHaveProperty("threadId");
    await page.answer("run.cancel", { type: "tinyvex.ack" });
    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r1", 1, "cancelled", { startedAt: 1, stopReason: "cancelled" }), cursor: "r" });
    expect(runtime.thread.getState().isRunning).toBe(false);
  });

  it("passes over that a run had ended before its cancel, and tells of a cancel that was not taken", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", { ...turn, runs: [...turn.runs, runRow("r2", 3, "queued")] });
    await did(() => runtime.thread.cancelRun());
    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r2", 3, "running", { startedAt: 3 }), cursor: "r" });
    expect(page.socket.last("run.cancel")).toMatchObject({ runId: "r1" });
    await page.answer("run.cancel", { type: "tinyvex.error", code: "conflict", message: "the run has ended: it is completed" });
    expect(errors).toEqual([]);
    await did(() => runtime.thread.cancelRun());
    await page.answer("run.cancel", { type: "tinyvex.error", code: "store_error", message: "the disk is full" });
    expect(errors.map(({ message }) => message)).toEqual(["the disk is full"]);
  });

  it("shows a failed run as the error of a message", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", { ...turn, runs: [runRow("r1", 1, "failed", { startedAt: 1, error: { code: "agent_error", message: "gone" } })] });
    expect(shown("assistant")).toEqual(["failed"]);
    expect(runtime.thread.getState().messages.at(-1)!.status).toMatchObject({ reason: "error", error: "gone" });
  });

  it("keeps a prompt that was cancelled while it waited", async () => {
    await start({ threadId: "t1" });
    const prompt = [{ type: "text", text: "And then?" }];
    await snapshot("t1", { ...turn, runs: [...turn.runs, runRow("r2", 3, "queued", { prompt })] });
    expect(shown("user")).toEqual(["Question", "And then?"]);
    await page.say({ type: "tinyvex.update", stream: "runs", threadId: "t1", row: runRow("r2", 3, "cancelled", { prompt, finishedAt: 4 }), cursor: "r" });
    expect(shown("user")).toEqual(["Question", "And then?"]);
    expect(runtime.thread.getState().messages.at(-1)).toMatchObject({ role: "assistant", content: [], status: { type: "incomplete", reason: "cancelled" } });
    expect(runtime.thread.getState().isRunning).toBe(true);
  });

  it("asks for permission with the agent's options, and takes another client's answer", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", { ...turn, permissions: [permissionRow("p", 3, "pending", { toolCall: { toolCallId: "c", title: "Edit a.ts", kind: "edit" } })] });
    expect(runtime.thread.getState().messages.at(-1)!.status).toEqual({ type: "requires-action", reason: "interrupt" });
    await act(async () => fireEvent.click(page.shown.getByRole("button", { name: "Allow" })));
    expect(page.socket.last("permission.respond")).toMatchObject({ requestId: "p", optionId: "once" });
    await page.answer("permission.respond", { type: "tinyvex.error", code: "conflict", message: "answered" });
    const answered = permissionRow("p", 3, "answered", { toolCall: { toolCallId: "c", title: "Edit a.ts", kind: "edit" }, outcome: { outcome: "selected", optionId: "once" } });
    await page.say({ type: "tinyvex.update", stream: "permissions", threadId: "t1", row: answered, cursor: "p" });
    expect(page.shown.queryByRole("button")).toBeNull();
    expect(page.shown.container.querySelector("[data-tinyvex=answer]")?.textContent).toBe("Allow");
    expect(errors).toEqual([]);
  });

  it("shows why an answer was not taken, and lets the user answer again", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", { ...turn, permissions: [permissionRow("p", 3, "pending")] });
    await act(async () => fireEvent.click(page.shown.getByRole("button", { name: "Allow" })));
    await page.answer("permission.respond", { type: "tinyvex.error", code: "store_error", message: "the disk is full" });
    expect(page.shown.getByRole("alert").textContent).toBe("the disk is full");
    expect((page.shown.getByRole("button") as HTMLButtonElement).disabled).toBe(false);
    expect(errors.length).toBe(1);
  });

  it("loads what is earlier", async () => {
    await start({ threadId: "t1" });
    await snapshot("t1", { messages: [messageRow("b", 4, "later", { partial: false })], nextPage: "n" });
    expect(runtime.thread.getState().hasEarlier).toBe(true);
    await did(() => runtime.thread.loadEarlier());
    await page.older({ kind: "message", row: messageRow("q", 1, "earlier", { role: "user", partial: false }) });
    expect(runtime.thread.getState().messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(runtime.thread.getState().hasEarlier).toBe(false);
  });
});

describe("the thread list", () => {
  const rows = [threadRow("t1", { title: "One", updatedAt: 2 }), threadRow("t2", { updatedAt: 1 })];

  it("lists, switches and begins", async () => {
    await start({}, rows);
    expect(page.shown.container.querySelector("nav")?.textContent).toBe("OneUntitled");
    expect(runtime.threads.getState()).toMatchObject({ threadIds: ["t1", "t2"], archivedThreadIds: ["old"] });
    await did(() => runtime.threads.switchToThread("t2"));
    await snapshot("t2", { messages: [messageRow("q", 1, "Second", { role: "user" })] });
    expect(shown("user")).toEqual(["Second"]);
    await did(() => runtime.threads.switchToNewThread());
    expect(shown("user")).toEqual([]);
    expect(changes).toEqual(["t2", null]);
  });

  it("renames, archives, brings back and deletes", async () => {
    await start({}, rows);
    const item = (id: string) => runtime.threads.getItemById(id);
    const acked = async (control: string, what: () => Promise<void>) => {
      await did(what);
      await page.answer(control, { type: "tinyvex.ack" });
      return page.socket.last(control);
    };
    expect(await acked("tvx.update_thread", () => item("t1").rename("Uno"))).toMatchObject({ threadId: "t1", updates: { title: "Uno" } });
    expect(await acked("tvx.update_thread", () => item("t1").archive())).toMatchObject({ threadId: "t1", updates: { archived: true } });
    await page.say({ type: "tinyvex.update", stream: "threads", row: threadRow("t1", { title: "Uno", archived: true, updatedAt: 3 }), cursor: "1" });
    expect(runtime.threads.getState()).toMatchObject({ threadIds: ["t2"], archivedThreadIds: ["t1", "old"] });
    expect(await acked("tvx.update_thread", () => item("t1").unarchive())).toMatchObject({ updates: { archived: false } });
    expect(await acked("tvx.delete_thread", () => item("t2").delete())).toMatchObject({ threadId: "t2" });
    await page.say({ type: "tinyvex.update", stream: "threads", threadId: "t2", deleted: true, cursor: "2" });
    expect(runtime.threads.getState().threadIds).toEqual([]);
  });

  it("tells of a change that the server did not take", async () => {
    await start({}, rows);
    const renamed = runtime.threads.getItemById("t1").rename("Uno");
    const refused = expect(renamed).rejects.toThrow("the disk is full");
    await page.answer("tvx.update_thread", { type: "tinyvex.error", code: "store_error", message: "the disk is full" });
    await refused;
    expect(errors.map(({ message }) => message)).toEqual(["the disk is full"]);
  });

  it("leaves a thread that somebody deletes", async () => {
    await start({}, rows);
    await did(() => runtime.threads.switchToThread("t1"));
    await snapshot("t1", turn);
    await page.say({ type: "tinyvex.update", stream: "threads", threadId: "t1", deleted: true, cursor: "2" });
    await page.settle();
    expect(changes).toEqual(["t1", null]);
    expect(shown("user")).toEqual([]);
  });
});
