import type { ExternalStoreThreadData, ExternalStoreThreadListAdapter } from "@assistant-ui/react";
import type { ThreadRow } from "@tinyvex/client";
import { useThreads, useTinyvex } from "@tinyvex/react";
import { useMemo } from "react";

/** The list of threads, and what can be done with each. */
export function useThreadList(
  threadId: string | null, open: (threadId: string | null) => void, onError: (error: Error) => void,
): ExternalStoreThreadListAdapter {
  const client = useTinyvex();
  const regular = useThreads();
  const archived = useThreads({ archived: true });
  const threads = useMemo(() => regular.rows.map((row) => dataOf(row, "regular")), [regular.rows]);
  const archivedThreads = useMemo(() => archived.rows.map((row) => dataOf(row, "archived")), [archived.rows]);
  const isLoading = regular.status === "loading";
  return useMemo(() => {
    const told = async (request: Promise<unknown>) => {
      try {
        await request;
      } catch (error) {
        onError(error as Error);
        throw error;
      }
    };
    const update = (id: string, updates: { title?: string; archived?: boolean }) => told(client.request("tvx.update_thread", { threadId: id, updates }));
    return {
      ...(threadId !== null && { threadId }),
      threads,
      archivedThreads,
      isLoading,
      onSwitchToNewThread: () => open(null),
      onSwitchToThread: (id) => open(id),
      onRename: (id, title) => update(id, { title }),
      onArchive: async (id) => {
        await update(id, { archived: true });
        if (id === threadId) open(null);
      },
      onUnarchive: (id) => update(id, { archived: false }),
      onDelete: (id) => told(client.request("tvx.delete_thread", { threadId: id })),
    };
  }, [client, threadId, threads, archivedThreads, isLoading, open, onError]);
}

function dataOf<Status extends "regular" | "archived">(thread: ThreadRow, status: Status): ExternalStoreThreadData<Status> {
  return { id: thread.id, remoteId: thread.id, status, custom: { thread }, ...(thread.title !== null && { title: thread.title }) };
}
