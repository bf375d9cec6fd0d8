import { isOver, type ThreadItem } from "@tinyvex/client";
import { objectsOf } from "../text/objects-of.js";

/** Items of a part of the conversation that are rendered together. The same object as before while none of them has changed. */
export interface Block {
  readonly key: string;
  readonly items: readonly ThreadItem[];
  /** When the item behind the last one began, or now is not over yet: null. */
  readonly endedAt: number | null;
}

/** Items of a new block. */
const blockSize = 20;

/** When an item began. */
export function startOf(item: ThreadItem): number {
  return item.kind === "message" ? item.row.ts : item.row.createdAt;
}

/**
 * Items as they are read: the outcome of a run stands behind what was said in it, and not where it was asked for. Runs that wait or go on
 * are left out, as they are shown elsewhere, and so are terminals that a tool call shows.
 */
export function reading(items: readonly ThreadItem[]): ThreadItem[] {
  const order: ThreadItem[] = [];
  const named = new Set<string>();
  for (const item of items) {
    if (item.kind !== "tool_call") continue;
    for (const part of objectsOf(item.row.content)) if (part.type === "terminal") named.add(part.terminalId);
  }

  let due: Extract<ThreadItem, { kind: "run" }>[] = [];
  for (const item of items) {
    if (item.kind === "run") {
      if (isOver(item.row)) due.push(item);
      continue;
    }

    if (item.kind === "terminal" && named.has(item.row.terminalId)) continue;
    if (due.length > 0) {
      const isUsers = item.kind === "message" && item.row.role === "user";
      const at = startOf(item);
      const isBehind = (run: (typeof due)[number]) => {
        const end = run.row.finishedAt ?? run.row.createdAt;
        return at > end || (at === end && isUsers);
      };
      order.push(...due.filter(isBehind));
      due = due.filter((run) => !isBehind(run));
    }

    order.push(item);
  }

  return order.concat(due);
}

/**
 * Cuts the conversation into blocks, so that a change renders one of them. A block that was there keeps its first item, whatever comes
 * before it: what moved to another block would be built anew in the page.
 */
export function blocksOf(order: readonly ThreadItem[], before: readonly Block[]): Block[] {
  const known = new Map(before.map((block) => [block.key, block]));
  const blocks: Block[] = [];
  let start = 0;
  for (let i = 1; i <= order.length; i++) {
    const isEnd = i === order.length;
    if (!isEnd && !known.has(order[i]!.key) && !(i - start >= blockSize && !isNearKnown(i))) continue;
    const key = order[start]!.key;
    const items = order.slice(start, i);
    const endedAt = isEnd ? null : startOf(order[i]!);
    const old = known.get(key);
    const isSame = old && old.endedAt === endedAt && old.items.length === items.length && old.items.every((item, at) => item === items[at]);
    blocks.push(isSame ? old : { key, items, endedAt });
    start = i;
  }

  return blocks;

  /** Whether a block that was there begins soon: then this one takes what is left before it. */
  function isNearKnown(from: number): boolean {
    for (let i = from; i < Math.min(order.length, from + blockSize); i++) if (known.has(order[i]!.key)) return true;
    return false;
  }
}
