import type { ThreadRow } from "@tinyvex/client";
import { memo } from "react";
import { Icon } from "../app/icon.js";
import { fragmentOf } from "../app/route.js";
import { fullTime, shortTime } from "../text/time.js";
import { visibleText } from "../text/visible-text.js";
import { ThreadActions } from "./thread-actions.js";
import { titleOf } from "./thread-title.js";

export type ThreadActivity = "running" | "queued" | "asking";

interface ThreadRowViewProps {
  thread: ThreadRow;
  isCurrent: boolean;
  activity: ThreadActivity | null;
}

export const ThreadRowView = memo(function ThreadRowView({ thread, isCurrent, activity }: ThreadRowViewProps) {
  return (
    <li className="thread-row">
      <a href={fragmentOf({ page: "thread", threadId: thread.id })} aria-current={isCurrent ? "page" : undefined}>
        <span className="thread-row-title" dir="auto">{titleOf(thread)}</span>
        <span className="thread-row-facts">
          <Activity activity={activity} />
          <span className="thread-row-source">{visibleText(thread.source ?? "")}</span>
          <time dateTime={new Date(thread.updatedAt).toISOString()} title={fullTime(thread.updatedAt)}>{shortTime(thread.updatedAt)}</time>
        </span>
      </a>
      <ThreadActions threadId={thread.id} thread={thread} />
    </li>
  );
});

function Activity({ activity }: { activity: ThreadActivity | null }) {
  switch (activity) {
    case "asking":
      return <span className="badge warn"><Icon name="shield" size={12} />asks</span>;
    case "running":
      return <span className="badge accent"><span className="spinner" />running</span>;
    case "queued":
      return <span className="badge">queued</span>;
    case null:
      return null;
  }
}
