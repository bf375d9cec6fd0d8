import type { ThreadFeed } from "@tinyvex/client";
import { useMemo } from "react";
import { useTinyvex } from "./context.js";

export interface ThreadOptions {
  /** How many items are loaded at first, and with each `loadOlder`: 100 where nothing is said. The first reader of a thread decides. */
  limit?: number;
}

/** No thread where none is chosen yet. */
export type ThreadId = string | null | undefined;

export function useThreadFeed(threadId: ThreadId, { limit }: ThreadOptions = {}): ThreadFeed | null {
  const client = useTinyvex();
  return useMemo(() => (threadId ? client.thread(threadId, limit === undefined ? {} : { limit }) : null), [client, threadId, limit]);
}
