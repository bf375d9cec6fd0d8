import type { ElicitationRow, PermissionRow, RowsFeed, RowsView, Run, ThreadRow } from "@tinyvex/client";
import { useMemo } from "react";
import { useTinyvex } from "./context.js";
import { noRows } from "./empty-views.js";
import { useFeed } from "./use-feed.js";
import type { ThreadId } from "./use-thread-feed.js";

export interface Rows<Row> extends RowsView<Row> {
  /** Brings the next page. Without effect where there is none. */
  loadMore(): Promise<void>;
}

export interface ThreadsOptions {
  /** Threads that are archived, those that are not (where nothing is said), or `all`. */
  archived?: boolean | "all";
  /** Rows of a page: 50 where nothing is said. */
  limit?: number;
}

/** Threads, the one that changed last first. */
export function useThreads({ archived = false, limit = 50 }: ThreadsOptions = {}): Rows<ThreadRow> {
  const client = useTinyvex();
  return useRows(useMemo(() => client.threads({ archived, limit }), [client, archived, limit]));
}

export interface OfThreadOptions {
  /** Of all threads where it is left out or undefined, of none where it is null. */
  threadId?: ThreadId;
  /** Rows of a page: 50 where nothing is said. */
  limit?: number;
}

/** Runs of a thread or of all, the newest first. */
export function useRuns({ threadId, limit = 50 }: OfThreadOptions = {}): Rows<Run> {
  const client = useTinyvex();
  return useRows(useMemo(() => (threadId === null ? null : client.runs({ limit, ...(threadId && { threadId }) })), [client, threadId, limit]));
}

/** Permission requests, as `usePermissions` has them without its answers. */
export function usePermissionRows({ threadId, limit = 50 }: OfThreadOptions = {}): Rows<PermissionRow> {
  const client = useTinyvex();
  return useRows(useMemo(() => (threadId === null ? null : client.permissions({ limit, ...(threadId && { threadId }) })), [client, threadId, limit]));
}

/** Elicitations, as `useElicitations` has them without its answers. */
export function useElicitationRows({ threadId, limit = 50 }: OfThreadOptions = {}): Rows<ElicitationRow> {
  const client = useTinyvex();
  return useRows(useMemo(() => (threadId === null ? null : client.elicitations({ limit, ...(threadId && { threadId }) })), [client, threadId, limit]));
}

function useRows<Row>(feed: RowsFeed<Row> | null): Rows<Row> {
  const view = useFeed<RowsView<Row>>(feed, noRows);
  return useMemo(
    () => ({ ...view, status: feed && view.status === "idle" ? "loading" : view.status, loadMore: async () => feed?.loadMore() }),
    [feed, view],
  );
}
