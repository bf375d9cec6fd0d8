import type { ThreadItem } from "@tinyvex/client";
import { describe, expect, it } from "vitest";
import { blocksOf, reading } from "../../../src/console/src/conversation/timeline-order.ts";

function message(order: number, ts = order * 10, role = "assistant"): ThreadItem {
  return { kind: "message", key: `m:${order}`, order, row: { ts, role } } as unknown as ThreadItem;
}

function run(order: number, status: string, finishedAt: number | null): ThreadItem {
  return { kind: "run", key: `r:${order}`, order, row: { status, createdAt: order * 10, finishedAt } } as unknown as ThreadItem;
}

const keys = (items: readonly ThreadItem[]) => items.map((item) => item.key);
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => message(from + i));

describe("the order of reading", () => {
  it("has a run's outcome behind what was said in it", () =>
    expect(keys(reading([run(1, "completed", 35), message(2), message(3), message(4)]))).toEqual(["m:2", "m:3", "r:1", "m:4"]));

  it("has the outcome before a prompt of the same moment", () =>
    expect(keys(reading([run(1, "completed", 30), message(2), message(3, 30, "user")]))).toEqual(["m:2", "r:1", "m:3"]));

  it("has a terminal where it began, unless a tool call shows it", () => {
    const terminal = (order: number) => ({ kind: "terminal", key: `x:${order}`, order, row: { terminalId: `${order}`, createdAt: order * 10 } }) as unknown as ThreadItem;
    const call = { kind: "tool_call", key: "t:4", order: 4, row: { createdAt: 40, content: [{ type: "terminal", terminalId: "2" }] } } as unknown as ThreadItem;
    expect(keys(reading([message(1), terminal(2), terminal(3), call]))).toEqual(["m:1", "x:3", "t:4"]);
  });

  it("passes over what is no part of a tool call", () => {
    const call = { kind: "tool_call", key: "t:1", order: 1, row: { createdAt: 10, content: [null, 3, "x"] } } as unknown as ThreadItem;
    expect(keys(reading([call, message(2)]))).toEqual(["t:1", "m:2"]);
  });

  it("has no run that waits or goes on", () => expect(keys(reading([run(1, "running", null), message(2), run(3, "queued", null)]))).toEqual(["m:2"]));

  it("has a run that was cancelled in the queue where that happened", () =>
    expect(keys(reading([run(1, "completed", 65), message(2), run(3, "cancelled", 45), message(4), message(5), message(6), message(7)]))).toEqual(
      ["m:2", "m:4", "r:3", "m:5", "m:6", "r:1", "m:7"]));
});

describe("blocks of the conversation", () => {
  it("are all of it", () => {
    const items = many(0, 205);
    expect(blocksOf(items, []).flatMap((block) => block.items)).toEqual(items);
  });

  it("change one where one item has changed", () => {
    const items = many(0, 205);
    const before = blocksOf(items, []);
    const after = blocksOf(items.with(105, message(105)), before);
    expect(after.filter((block, i) => block !== before[i])).toHaveLength(1);
  });

  it("keep their items where they are when others come before them", () => {
    const items = many(0, 300);
    const before = blocksOf(items.slice(100), []);
    const after = blocksOf(items, before);
    expect(after.slice(-before.length)).toEqual(before);
    for (const block of before) expect(after).toContain(block);
  });

  it("grow at the end in the last one, and then in a new one", () => {
    let blocks = blocksOf([], []);
    for (let count = 1; count <= 100; count++) {
      const next = blocksOf(many(0, count), blocks);
      expect(next.slice(0, blocks.length - 1)).toEqual(blocks.slice(0, -1));
      expect(next.at(-1)!.items.length).toBeLessThanOrEqual(40);
      blocks = next;
    }

    expect(blocks.length).toBeGreaterThan(3);
  });

  it("take what comes between into the block that is there", () => {
    const items = many(0, 205);
    const before = blocksOf(items, []);
    const after = blocksOf(items.toSpliced(50, 0, run(49, "completed", 495)), before);
    expect(after.map((block) => block.key)).toEqual(before.map((block) => block.key));
    expect(after.filter((block, i) => block !== before[i])).toHaveLength(1);
  });

  it("know when what follows them began", () => {
    const [first, ...rest] = blocksOf(many(0, 205), []);
    expect(first!.endedAt).toBe(rest[0]!.items[0]!.order * 10);
    expect(rest.at(-1)!.endedAt).toBeNull();
  });
});
