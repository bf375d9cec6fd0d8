import type { ThreadMessageLike, ToolApprovalOption } from "@assistant-ui/react";
import type { PermissionRow, ThreadItem, ToolCallRow } from "@tinyvex/client";

export type ToolCallItem = Extract<ThreadItem, { kind: "tool_call" }>;
export type PermissionItem = Extract<ThreadItem, { kind: "permission" }>;
type Part = Extract<Exclude<ThreadMessageLike["content"], string>[number], { type: "tool-call" }>;

/** What a tool UI finds as `artifact`: all that ACP says of a tool call, its diffs among it, and what the user was asked. */
export interface ToolCallArtifact {
  readonly toolCall: ToolCallRow | PermissionRow["toolCall"];
  readonly permission: PermissionRow | null;
}

const made = new WeakMap<object, { permission: PermissionItem | undefined; part: Part }>();

/**
 * A tool call and its permission request, or a request alone where its tool call was never told of. ACP gives tools no names: `toolName` is the
 * kind of the tool, such as `edit` or `execute`. The part is the same for as long as both are.
 */
export function toolCallPart(item: ToolCallItem | PermissionItem, permission?: PermissionItem): Part {
  const known = made.get(item);
  if (known && known.permission === permission) return known.part;
  const part = item.kind === "tool_call" ? partOf(item.row, permission?.row ?? null) : partOf(item.row.toolCall, item.row);
  made.set(item, { permission, part });
  return part;
}

function partOf(toolCall: ToolCallRow | PermissionRow["toolCall"], permission: PermissionRow | null): Part {
  const { rawInput = null, rawOutput = null, status, content = null } = toolCall as Partial<ToolCallRow>;
  const isDone = status === "completed" || status === "failed";
  return {
    type: "tool-call",
    toolCallId: toolCall.toolCallId,
    toolName: toolCall.kind ?? "other",
    args: (isObject(rawInput) ? rawInput : rawInput === null ? {} : { input: rawInput }) as NonNullable<Part["args"]>,
    argsText: rawInput === null ? "" : JSON.stringify(rawInput),
    ...(isDone && { result: rawOutput ?? content, isError: status === "failed" }),
    artifact: { toolCall, permission } satisfies ToolCallArtifact,
    ...(permission && { approval: approvalOf(permission) }),
  };
}

function approvalOf({ requestId, options, status, outcome }: PermissionRow): NonNullable<Part["approval"]> {
  const chosen = outcome?.outcome === "selected" ? outcome.optionId : undefined;
  const option = options.find(({ optionId }) => optionId === chosen);
  return {
    id: requestId,
    options: options.map(({ optionId, name, kind }): ToolApprovalOption => ({ id: optionId, label: name, kind: kind.replace("_", "-") })),
    ...(status === "answered" && chosen !== undefined && { optionId: chosen, approved: option?.kind.startsWith("allow") ?? false }),
    ...(status !== "pending" && chosen === undefined && { resolution: "cancelled" }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
