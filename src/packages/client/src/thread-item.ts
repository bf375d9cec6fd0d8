import type { ContentBlock, ElicitationRow, FinalizeFrame, MessageRow, MessagesUpdate, PermissionRow, RunRow, ToolCallRow } from "./protocol.js";

/** A message as clients hold it: known by `itemId`; the server's `id` differs between its copies and is left out. */
export type Message = Omit<MessageRow, "id" | "createdAt" | "updatedAt">;

/** A run as clients hold it: `prompt` is null where it was never sent, as for one that began before the part that was loaded. */
export type Run = Omit<RunRow, "prompt"> & { prompt: ContentBlock[] | null };

/** Something that happened in a thread. `key` names it within the thread and never changes; `order` is its place. */
export type ThreadItem =
  | { readonly kind: "message"; readonly key: string; readonly order: number; readonly row: Message }
  | { readonly kind: "tool_call"; readonly key: string; readonly order: number; readonly row: ToolCallRow }
  | { readonly kind: "run"; readonly key: string; readonly order: number; readonly row: Run }
  | { readonly kind: "permission"; readonly key: string; readonly order: number; readonly row: PermissionRow }
  | { readonly kind: "elicitation"; readonly key: string; readonly order: number; readonly row: ElicitationRow };

/** A message as its row has it. */
export function messageOf({ id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...message }: MessageRow): Message {
  return message;
}

/** A message of which an update brings the beginning; null where there was something before it. */
export function begun(update: MessagesUpdate): Message | null {
  if (update.fromSeq !== 1 || update.truncated) return null;
  const { threadId, itemId, order, role, kind, append, seq, textLen, ts, content } = update;
  return { threadId, itemId, order, role, kind, text: append, ...(content && { content }), partial: true, seq, textLen, ts };
}

/** The message with the update's chunks; the same where it has them already; null where chunks between are missing. */
export function appended(message: Message, update: MessagesUpdate): Message | null {
  if (update.seq <= message.seq || !message.partial) return message;
  if (update.fromSeq !== message.seq + 1 || update.truncated || message.truncated) return null;
  const { append, content, seq, textLen } = update;
  const next: Message = { ...message, text: message.text + append, seq, textLen };
  if (content || message.content) next.content = withBlocks(message, append, content);
  return next;
}

/** The message as final; null where its last chunks are missing. */
export function finalized(message: Message, { seq, textLen }: FinalizeFrame): Message | null {
  if (!message.partial) return message;
  return message.seq >= seq && !message.truncated ? { ...message, partial: false, textLen } : null;
}

function withBlocks(message: Message, append: string, blocks: ContentBlock[] = []): ContentBlock[] {
  const content: ContentBlock[] = [...(message.content ?? (message.text ? [{ type: "text", text: message.text } as const] : []))];
  const last = content.at(-1);
  if (append && last?.type === "text") content[content.length - 1] = { ...last, text: last.text + append };
  else if (append) content.push({ type: "text", text: append });
  return content.concat(blocks);
}
