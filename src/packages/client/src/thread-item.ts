import type {
  ContentBlock, ElicitationRow, FinalizeFrame, MessageRow, MessagesUpdate, PermissionRow, RunRow, TerminalPatch, TerminalRow, TerminalsUpdate, ToolCallRow,
} from "./protocol.js";

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
  | { readonly kind: "elicitation"; readonly key: string; readonly order: number; readonly row: ElicitationRow }
  | { readonly kind: "terminal"; readonly key: string; readonly order: number; readonly row: TerminalRow };

/** Bytes of output before what the server keeps that are let go of at once: cutting a long text for each line would cost its length. */
const mostSurplus = 256 * 1024;

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

/** The terminal with what an update tells; the same where that is known already; null where what was printed between is missing. */
export function printed(terminal: TerminalRow, update: TerminalsUpdate): TerminalRow | null {
  const { from = 0, append = "", outputStart = 0, outputLen = 0 } = update;
  if (outputLen <= terminal.outputLen) return terminal;
  if (from === outputStart) {
    const { truncated: _, ...rest } = terminal;
    return { ...rest, output: append, outputStart, outputLen };
  }

  if (from !== terminal.outputLen) return null;
  const surplus = outputStart - terminal.outputStart;
  const output = terminal.output + append;
  return surplus > mostSurplus ? { ...terminal, output: withoutBytes(output, surplus), outputStart, outputLen } : { ...terminal, output, outputLen };
}

/** The terminal after its row has changed; null where its output is missing. */
export function changed(terminal: TerminalRow | undefined, { truncated, ...row }: TerminalPatch): TerminalRow | null {
  if (terminal && (row.updatedAt < terminal.updatedAt || (terminal.status !== "running" && row.status === "running"))) return terminal;
  const { output = terminal?.output, outputStart = terminal?.outputStart, outputLen = terminal?.outputLen } = row;
  if (output === undefined || outputStart === undefined || outputLen === undefined) return null;
  if (terminal && (row.outputLen ?? 0) <= terminal.outputLen && (row.outputStart ?? outputLen) >= terminal.outputStart) {
    return { ...terminal, ...row, output: terminal.output, outputStart: terminal.outputStart, outputLen: terminal.outputLen };
  }

  return { ...row, output, outputStart, outputLen, ...(truncated && { truncated }) };
}

/** The text without so many bytes of UTF-8 at its beginning, which end between two characters. */
function withoutBytes(text: string, bytes: number): string {
  let at = 0;
  while (bytes > 0) {
    const code = text.codePointAt(at)!;
    bytes -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }

  return text.slice(at);
}
