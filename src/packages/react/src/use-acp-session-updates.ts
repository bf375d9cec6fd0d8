import { isOver, type FeedStatus, type Message, type PlanRow, type ThreadView, type ToolCallRow } from "@tinyvex/client";
import { useThreadSelector } from "./use-thread-parts.js";
import type { ThreadId, ThreadOptions } from "./use-thread-feed.js";

export interface AcpSession {
  readonly status: FeedStatus;
  /** What user and agent said, oldest first, growing as the agent speaks. */
  readonly messages: readonly Message[];
  /** The agent's thoughts, oldest first. */
  readonly reasoning: readonly Message[];
  readonly toolCalls: readonly ToolCallRow[];
  readonly plan: PlanRow | null;
  /** What the agent has said since the last prompt, and thought. */
  readonly liveText: string;
  readonly thoughtText: string;
  /** Whether a run is under way, or a message may still grow. */
  readonly isStreaming: boolean;
}

/** What an agent sends in a session, sorted by kind, as it comes. Where the order between the kinds matters, see `useThread`. */
export function useAcpSessionUpdates({ threadId, ...options }: { threadId: ThreadId } & ThreadOptions): AcpSession {
  const messages = useThreadSelector(threadId, messagesOf, options);
  const reasoning = useThreadSelector(threadId, reasoningOf, options);
  const toolCalls = useThreadSelector(threadId, toolCallsOf, options);
  const rest = useThreadSelector(threadId, restOf, options);
  return { ...rest, status: threadId && rest.status === "idle" ? "loading" : rest.status, messages, reasoning, toolCalls };
}

function rowsOf({ items }: ThreadView, kind: Message["kind"]): Message[] {
  return items.flatMap((item) => (item.kind === "message" && item.row.kind === kind ? [item.row] : []));
}

const messagesOf = (view: ThreadView) => rowsOf(view, "message");
const reasoningOf = (view: ThreadView) => rowsOf(view, "reason");
const toolCallsOf = (view: ThreadView) => view.items.flatMap((item) => (item.kind === "tool_call" ? [item.row] : []));

function restOf({ items, status, plan, run }: ThreadView) {
  let liveText = "";
  let thoughtText = "";
  let isStreaming = run !== null && !isOver(run);
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i]!;
    if (item.kind !== "message") continue;
    if (item.row.role === "user") break;
    if (item.row.kind === "reason") thoughtText = joined(item.row.text, thoughtText);
    else liveText = joined(item.row.text, liveText);
    isStreaming ||= item.row.partial;
  }

  return { status, plan, liveText, thoughtText, isStreaming };
}

function joined(before: string, after: string): string {
  return after ? `${before}\n\n${after}` : before;
}
