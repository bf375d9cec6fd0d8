import type { TerminalRow, ThreadView } from "@tinyvex/client";
import type { ThreadId, ThreadOptions } from "./use-thread-feed.js";
import { useThreadItem, useThreadSelector } from "./use-thread-parts.js";

const terminalsOf = (view: ThreadView) => view.items.flatMap((item) => (item.kind === "terminal" ? [item.row] : []));

/** The terminals of a thread, oldest first, with what is printed in them as it comes. */
export function useTerminals(threadId: ThreadId, options?: ThreadOptions): readonly TerminalRow[] {
  return useThreadSelector(threadId, terminalsOf, options);
}

/** One terminal, such as that which a tool call's content names: renders when that one changes. Undefined where there is none of that id, or it is not loaded. */
export function useTerminal(threadId: ThreadId, terminalId: string): TerminalRow | undefined {
  return useThreadItem(threadId, `x:${terminalId}`)?.row as TerminalRow | undefined;
}
