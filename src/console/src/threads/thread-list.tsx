import { isOver } from "@tinyvex/client";
import { useMemo } from "react";
import { announceFailure } from "../app/news.js";
import { navigate } from "../app/use-route.js";
import { useShortcuts } from "../app/use-shortcuts.js";
import { useElicitations, usePermissions, useRuns, useThreads } from "@tinyvex/react";
import { ThreadRowView, type ThreadActivity } from "./thread-row.js";

interface ThreadListProps {
  archived: boolean;
  currentId: string | null;
}

/** Threads, the one that changed last first, with what goes on in them. */
export function ThreadList({ archived, currentId }: ThreadListProps) {
  const { rows, status, error, hasMore, isLoadingMore, loadMore } = useThreads({ archived });
  const activities = useActivities();
  const step = (by: number) => {
    const at = rows.findIndex((row) => row.id === currentId);
    const to = rows[at < 0 ? 0 : at + by];
    if (to) navigate({ page: "thread", threadId: to.id });
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });
  if (status === "failed" || (rows.length === 0 && error)) return <p className="note bad" role="alert">Threads cannot be listed: {error?.message}</p>;
  // The feed of archived threads is live before their first page is there.
  if (rows.length === 0) return <p className="empty">{status === "live" && !isLoadingMore ? (archived ? "No thread is archived." : "No threads yet.") : "Loading…"}</p>;
  return (
    <>
      <ul className="thread-list" aria-label={archived ? "Archived threads" : "Threads"}>
        {rows.map((row) => <ThreadRowView key={row.id} thread={row} isCurrent={row.id === currentId} activity={activities.get(row.id) ?? null} />)}
      </ul>
      {hasMore && (
        <button type="button" className="button small more" disabled={isLoadingMore} onClick={() => loadMore().catch((error: Error) => announceFailure(`More threads could not be loaded: ${error.message}`))}>
          {isLoadingMore && <span className="spinner" />}Show more
        </button>
      )}
    </>
  );
}

function useActivities(): ReadonlyMap<string, ThreadActivity> {
  const runs = useRuns().rows;
  const { pending } = usePermissions();
  const { pending: questions } = useElicitations();
  return useMemo(() => {
    const activities = new Map<string, ThreadActivity>();
    for (const run of runs) if (!isOver(run) && activities.get(run.threadId) !== "running") activities.set(run.threadId, run.status as "running" | "queued");
    for (const { threadId } of [...pending, ...questions]) activities.set(threadId, "asking");
    return activities;
  }, [runs, pending, questions]);
}
