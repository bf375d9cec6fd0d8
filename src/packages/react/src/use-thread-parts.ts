import type { ThreadItem, ThreadView } from "@tinyvex/client";
import { useCallback, useSyncExternalStore } from "react";
import { noThread } from "./empty-views.js";
import { useSelected } from "./use-feed.js";
import { useThreadFeed, type ThreadId, type ThreadOptions } from "./use-thread-feed.js";

/**
 * A part of a thread. The component renders only when that part changes; a list or plain object with the same members counts as the same, so
 * `select` may make one.
 */
export function useThreadSelector<Selected>(threadId: ThreadId, select: (view: ThreadView) => Selected, options?: ThreadOptions): Selected {
  return useSelected(useThreadFeed(threadId, options), noThread, select);
}

const keysOf = (view: ThreadView) => view.keys;

/** The keys of a thread's items by `order`: renders when one comes, goes or moves, not when one grows. */
export function useThreadKeys(threadId: ThreadId, options?: ThreadOptions): readonly string[] {
  return useThreadSelector(threadId, keysOf, options);
}

const never = () => () => {};
const nothing = () => undefined;

/** One item of a thread: renders when that item changes, and costs nothing when another one does. */
export function useThreadItem(threadId: ThreadId, key: string): ThreadItem | undefined {
  const feed = useThreadFeed(threadId);
  const subscribe = useCallback((listener: () => void) => (feed ? feed.subscribeItem(key, listener) : never()), [feed, key]);
  return useSyncExternalStore(subscribe, () => feed?.getItem(key), nothing);
}
