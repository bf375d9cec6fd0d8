import type { MessageStatus, ThreadMessageLike } from "@assistant-ui/react";
import type { ContentBlock, Run, ThreadItem } from "@tinyvex/client";
import { assistantPart, attachment } from "./content-parts.js";
import { toolCallPart, type PermissionItem } from "./tool-call-part.js";
import { timeOf, type Turn, type TurnItem } from "./turns.js";

type Part = Exclude<ThreadMessageLike["content"], string>[number];
type MessageItem = Extract<ThreadItem, { kind: "message" }>;

/** What `metadata.custom` of a message has. */
export interface TurnMetadata extends Record<string, unknown> {
  /** The run that it belongs to, with its agent, its end and its error; null where a client wrote the thread by itself. */
  readonly run: Run | null;
  /** A prompt that waits until the agent is done with the one before. */
  readonly isQueued: boolean;
}

/** A turn as assistant-ui takes it. */
export function turnMessage(turn: Turn): ThreadMessageLike {
  const { id, role, items, run, isQueued } = turn;
  const custom: TurnMetadata = { run, isQueued };
  const createdAt = new Date(items[0] ? timeOf(items[0]) : (run?.createdAt ?? 0));
  return role === "user" ?
      { id, role, createdAt, metadata: { custom }, ...prompt(items[0] ? blocksOf(items[0] as MessageItem) : (run?.prompt ?? [])) }
    : { id, role, createdAt, metadata: { custom }, content: parts(items), status: statusOf(turn) };
}

function prompt(blocks: readonly ContentBlock[]): Pick<ThreadMessageLike, "content" | "attachments"> {
  const content: Part[] = [];
  const attachments: NonNullable<ThreadMessageLike["attachments"]>[number][] = [];
  blocks.forEach((block, i) => {
    if (block.type === "text") content.push({ type: "text", text: block.text });
    else attachments.push(attachment(block, `${i}`));
  });
  return { content, attachments };
}

function parts(items: readonly TurnItem[]): Part[] {
  const asked = new Map<string, PermissionItem>();
  const called = new Set<string>();
  for (const item of items) {
    if (item.kind === "permission") asked.set(item.row.toolCall.toolCallId, item);
    else if (item.kind === "tool_call") called.add(item.row.toolCallId);
  }

  return items.flatMap((item): readonly Part[] => {
    switch (item.kind) {
      case "message":
        return messageParts(item);
      case "tool_call":
        return [toolCallPart(item, asked.get(item.row.toolCallId))];
      case "permission": {
        const { toolCallId } = item.row.toolCall;
        return called.has(toolCallId) || asked.get(toolCallId) !== item ? [] : [toolCallPart(item)];
      }
    }
  });
}

const made = new WeakMap<MessageItem, readonly Part[]>();

function messageParts(item: MessageItem): readonly Part[] {
  const known = made.get(item);
  if (known) return known;
  const { kind, text, partial } = item.row;
  const status = { type: partial ? "running" : "complete" } as const;
  const result: Part[] =
    kind === "reason" ?
      [{ type: "reasoning", id: item.key, text, status }]
    : blocksOf(item).map((block, i) => assistantPart(block, i === 0 ? item.key : `${item.key}.${i}`, status));
  made.set(item, result);
  return result;
}

function blocksOf({ row: { text, content } }: MessageItem): readonly ContentBlock[] {
  return content ?? [{ type: "text", text }];
}

function statusOf({ run, isRunning, pending }: Turn): MessageStatus {
  if (isRunning) return pending ? { type: "requires-action", reason: "interrupt" } : { type: "running" };
  if (run?.status === "failed") return { type: "incomplete", reason: "error", error: run.error?.message ?? "the run failed" };
  if (run?.status === "cancelled") return { type: "incomplete", reason: "cancelled" };
  switch (run?.stopReason) {
    case "max_tokens":
    case "max_turn_requests":
      return { type: "incomplete", reason: "length" };
    case "refusal":
      return { type: "incomplete", reason: "content-filter" };
    default:
      return { type: "complete", reason: run ? "stop" : "unknown" };
  }
}
