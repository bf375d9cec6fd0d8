import type { ThreadItem, ThreadView } from "@tinyvex/client";
import { useMemo } from "react";
import { noThread } from "./empty-views.js";
import { useFeed } from "./use-feed.js";
import { useThreadFeed, type ThreadId, type ThreadOptions } from "./use-thread-feed.js";

export interface Thread extends ThreadView {
  /** Brings the page before the oldest item. */
  loadOlder(): Promise<void>;
  /** Brings the whole of a message, tool call or terminal whose row is `truncated`. */
  loadWhole(item: ThreadItem): Promise<void>;
}

/**
 * All of one thread: messages, thoughts, tool calls, runs, terminals and permission requests by `order`, plan and state. It renders with each change, so
 * a long list is better made of `useThreadKeys` and `useThreadItem`.
 */
export function useThread(threadId: ThreadId, options?: ThreadOptions): Thread {
  const feed = useThreadFeed(threadId, options);
  const view = useFeed(feed, noThread);
  return useMemo(
    () => ({
      ...view,
      status: feed && view.status === "idle" ? "loading" : view.status,
      loadOlder: async () => feed?.loadOlder(),
      loadWhole: async (item) => feed?.loadWhole(item),
    }),
    [feed, view],
  );
}
