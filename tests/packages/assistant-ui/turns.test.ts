import type { ThreadItem } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { messageRow, permissionRow, runRow } from "../support/scripted-server.ts";
import { turnMessage } from "../../../src/packages/assistant-ui/src/turn-message.ts";
import { Turns } from "../../../src/packages/assistant-ui/src/turns.ts";

const message = (id: string, order: number, more: object = {}): ThreadItem =>
  ({ kind: "message", key: `m:${id}`, order, row: messageRow(id, order, id, { ts: order, partial: false, ...more }) }) as unknown as ThreadItem;
const user = (id: string, order: number, more: object = {}) => message(id, order, { role: "user", ...more });
const tool = (id: string, order: number, more: object = {}): ThreadItem =>
  ({ kind: "tool_call", key: `t:${id}`, order, row: { threadId: "t1", toolCallId: id, order, title: "Edit", kind: "edit", status: "completed", content: null, locations: null, rawInput: null, rawOutput: null, createdAt: order, updatedAt: order, ...more } }) as unknown as ThreadItem;
const run = (id: string, order: number, status: string, more: object = {}): ThreadItem =>
  ({ kind: "run", key: `r:${id}`, order, row: runRow(id, order, status, { startedAt: order, ...more }) }) as unknown as ThreadItem;
const permission = (id: string, order: number, status: string, more: object = {}): ThreadItem =>
  ({ kind: "permission", key: `p:${id}`, order, row: permissionRow(id, order, status, more) }) as unknown as ThreadItem;

const shape = (items: readonly ThreadItem[]) => new Turns().of(items).map((turn) => `${turn.role} ${turn.items.map(({ key }) => key).join(" ")}`);

describe("turns", () => {
  it("are a prompt each, and all that comes until the next", () => {
    const items = [run("1", 1, "completed"), user("q", 2), message("h", 3, { kind: "reason", role: null }), tool("c", 4), message("a", 5), run("2", 6, "running"), user("q2", 7)];
    expect(shape(items)).toEqual(["user m:q", "assistant m:h t:c m:a", "user m:q2"]);
  });

  it("stay the same objects where nothing changed", () => {
    const turns = new Turns();
    const items = [run("1", 1, "completed"), user("q", 2), message("a", 3), run("2", 4, "running"), user("q2", 5), message("b", 6)];
    const before = turns.of(items);
    const after = turns.of([...items.slice(0, -1), message("b", 6, { text: "more" })]);
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
    for (let i = 0; i < 3; i++) expect(after[i]).toBe(before[i]);
    expect(after[3]).not.toBe(before[3]);
    expect(after[3]!.id).toBe(before[3]!.id);
  });

  it("keep their names when older items are loaded in front of them", () => {
    const turns = new Turns();
    const [before] = turns.of([tool("c", 5), message("a", 6)]);
    const [after] = turns.of([message("h", 4, { kind: "reason" }), tool("c", 5), message("a", 6)]);
    expect(after!.id).toBe(before!.id);
    expect(after!.items.length).toBe(3);
  });

  it("belong to the run that had begun, though another one waits already", () => {
    const items = [run("1", 1, "failed", { error: { code: "agent_error", message: "gone" } }), user("q", 2), run("2", 3, "queued", { startedAt: null }), message("a", 4)];
    const turns = new Turns().of(items);
    expect(turns.map(({ run, isQueued }) => [run!.runId, isQueued])).toEqual([["1", false], ["1", false], ["2", true]]);
    expect(turnMessage(turns[1]!).status).toEqual({ type: "incomplete", reason: "error", error: "gone" });
    expect(turnMessage(turns[2]!)).toMatchObject({ role: "user", content: [{ type: "text", text: "?" }] });
  });

  describe("of a prompt whose run ended while it waited", () => {
    const waited = (id: string, order: number, status: string, more: object) => run(id, order, status, { startedAt: null, prompt: [{ type: "text", text: id }], ...more });
    const began = [run("1", 1, "running"), user("q", 2)];
    const told = (items: readonly ThreadItem[]) =>
      new Turns().of(items).map((turn) => {
        const { role, content, status, metadata } = turnMessage(turn);
        const text = (content as readonly { text?: string }[]).map(({ text }) => text).join("");
        return `${role} ${text || (status as { reason?: string }).reason}${metadata!.custom!["isQueued"] ? " queued" : ""}`;
      });

    it("are the prompt and how it ended, before those that still wait", () => {
      const items = [...began, waited("two", 3, "queued", {}), waited("three", 4, "cancelled", { finishedAt: 6 }), message("a", 5)];
      expect(told(items)).toEqual(["user q", "assistant a", "user three", "assistant cancelled", "user two queued"]);
      const failed = waited("two", 3, "failed", { finishedAt: 7, error: { code: "internal", message: "the server was restarted" } });
      const turns = new Turns().of([...began, failed]);
      expect(turnMessage(turns.at(-1)!)).toMatchObject({ role: "assistant", content: [], status: { reason: "error", error: "the server was restarted" } });
    });

    it("stay where they were, whatever comes behind them, and leave the answer under way as one that runs", () => {
      const cancelled = waited("two", 3, "cancelled", { finishedAt: 6 });
      const turns = new Turns();
      const before = turns.of([...began, cancelled, message("a", 5)]);
      expect(before.map(({ isRunning }) => isRunning)).toEqual([false, true, false, false]);
      const after = turns.of([run("1", 1, "completed"), user("q", 2), cancelled, message("a", 5), run("3", 7, "running"), user("q3", 8), message("b", 9)]);
      expect(after.map(({ id }) => id)).toEqual(["m:q", "m:a", "r:two", "e:two", "m:q3", "m:b"]);
      for (const i of [2, 3]) expect(after[i]).toBe(before[i]);
    });

    it("are none where the prompt is not known", () => {
      expect(told([...began, waited("two", 3, "cancelled", { finishedAt: 6, prompt: null })]).length).toBe(1);
    });

    it("keep the name that the prompt had while it waited", () => {
      const turns = new Turns();
      const queued = turns.of([...began, waited("two", 3, "queued", {})]).at(-1)!;
      const ended = turns.of([...began, waited("two", 3, "cancelled", { finishedAt: 6 })]).at(-2)!;
      expect([queued.isQueued, ended.isQueued]).toEqual([true, false]);
      expect(ended.id).toBe(queued.id);
    });
  });

  it("tell of a run that came to nothing", () => {
    const items = [run("1", 1, "failed", { error: { code: "agent_unavailable", message: "not found" } }), user("q", 2), run("2", 3, "completed"), user("q2", 4), message("a", 5)];
    const turns = new Turns().of(items);
    expect(turns.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(turnMessage(turns[1]!)).toMatchObject({ content: [], status: { reason: "error", error: "not found" } });
    expect(turnMessage(turns[3]!).status).toEqual({ type: "complete", reason: "stop" });
  });
});

describe("a turn's message", () => {
  const only = (...items: ThreadItem[]) => turnMessage(new Turns().of(items).at(-1)!);

  it("has the parts in their order, and the same ones where their rows are", () => {
    const items = [message("h", 1, { kind: "reason", role: null }), tool("c", 2, { rawInput: { path: "a" }, rawOutput: "done" }), message("a", 3, { partial: true })];
    const first = only(...items);
    expect(first.content).toMatchObject([
      { type: "reasoning", text: "h", status: { type: "complete" } },
      { type: "tool-call", toolCallId: "c", toolName: "edit", args: { path: "a" }, argsText: '{"path":"a"}', result: "done", isError: false },
      { type: "text", text: "a", status: { type: "running" } },
    ]);
    const second = only(...items.slice(0, 2), message("a", 3, { text: "ab" }));
    for (let i = 0; i < 2; i++) expect(second.content[i]).toBe(first.content[i]);
    expect(second.content[2]).not.toBe(first.content[2]);
  });

  it("has the diffs of a tool call, and what failed as that", () => {
    const diff = { type: "diff", path: "/a", oldText: "1", newText: "2" };
    const [part] = only(tool("c", 1, { status: "failed", content: [diff] })).content as any[];
    expect(part).toMatchObject({ isError: true, result: [diff], artifact: { toolCall: { title: "Edit", content: [diff] }, permission: null } });
    expect((only(tool("d", 1, { status: "in_progress" })).content as any[])[0]).not.toHaveProperty("result");
  });

  it("has a permission request as the approval of its tool call", () => {
    const items = [run("1", 1, "running"), user("q", 2), tool("c1", 3, { status: "pending" })];
    const asked = only(...items, permission("p", 4, "pending"));
    expect(asked.status).toEqual({ type: "requires-action", reason: "interrupt" });
    expect(asked.content).toMatchObject([{ toolCallId: "c1", approval: { id: "p", options: [{ id: "once", label: "Allow", kind: "allow-once" }] } }]);
    expect((asked.content as any[])[0].approval).not.toHaveProperty("approved");

    const answered = only(...items, permission("p", 4, "answered", { outcome: { outcome: "selected", optionId: "once" } }));
    expect(answered.status).toEqual({ type: "running" });
    expect(answered.content).toMatchObject([{ approval: { approved: true, optionId: "once" } }]);

    const cancelled = only(...items, permission("p", 4, "cancelled", { outcome: { outcome: "cancelled" } }));
    expect(cancelled.content).toMatchObject([{ approval: { resolution: "cancelled" } }]);
  });

  it("has a permission request whose tool call was never told of", () => {
    expect(only(permission("p", 1, "pending")).content).toMatchObject([{ type: "tool-call", toolCallId: "c1", toolName: "other", approval: { id: "p" } }]);
  });

  it("has the images and files of a prompt as attachments", () => {
    const content = [
      { type: "text", text: "Look" },
      { type: "image", data: "aGk=", mimeType: "image/png" },
      { type: "resource", resource: { uri: "attachment:///a%20b.txt", mimeType: "text/plain", text: "é" } },
      { type: "resource_link", uri: "file:///c.ts", name: "c.ts" },
    ];
    expect(only(user("q", 1, { content }))).toMatchObject({
      content: [{ type: "text", text: "Look" }],
      attachments: [
        { type: "image", content: [{ type: "image", image: "data:image/png;base64,aGk=" }] },
        { type: "document", name: "a b.txt", content: [{ type: "file", data: "w6k=", mimeType: "text/plain" }] },
        { type: "file", name: "c.ts" },
      ],
    });
  });

  it("says how a turn ended", () => {
    const ended = (status: string, stopReason: string | null) => only(run("1", 1, status, { stopReason }), user("q", 2), message("a", 3)).status;
    expect(ended("completed", "end_turn")).toEqual({ type: "complete", reason: "stop" });
    expect(ended("completed", "max_tokens")).toEqual({ type: "incomplete", reason: "length" });
    expect(ended("completed", "refusal")).toEqual({ type: "incomplete", reason: "content-filter" });
    expect(ended("cancelled", "cancelled")).toEqual({ type: "incomplete", reason: "cancelled" });
    expect(ended("running", null)).toEqual({ type: "running" });
    expect(only(message("a", 1)).status).toEqual({ type: "complete", reason: "unknown" });
  });
});
