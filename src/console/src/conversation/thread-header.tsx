import type { Run, ThreadRow, Usage } from "@tinyvex/client";
import { memo } from "react";
import { ErrorBoundary } from "../app/error-boundary.js";
import { PageHeader } from "../app/page-header.js";
import { usePageTitle } from "../app/page-title.js";
import { visibleCode, visibleText } from "../text/visible-text.js";
import { ThreadActions } from "../threads/thread-actions.js";
import { titleOf } from "../threads/thread-title.js";
import { PolicyChoice } from "./policy-choice.js";
import { UsageFigure } from "./usage.js";

interface ThreadHeaderProps {
  threadId: string;
  thread: ThreadRow | null;
  run: Run | null;
  usage: Usage | null;
}

export const ThreadHeader = memo(function ThreadHeader({ threadId, thread, run, usage }: ThreadHeaderProps) {
  const title = thread ? titleOf(thread) : "Thread";
  usePageTitle(title);
  return (
    <PageHeader>
      <div className="thread-header">
        <div className="thread-header-text">
          <h1 dir="auto" title={thread?.title ?? undefined}>{title}</h1>
          <div className="thread-header-facts">
            <span>{visibleText(run?.agent ?? thread?.source ?? "no agent")}</span>
            {thread?.workingDirectory && <code title={thread.workingDirectory}>{visibleCode(thread.workingDirectory)}</code>}
            {thread?.archived && <span className="badge">archived</span>}
          </div>
        </div>
        {thread && <PolicyChoice threadId={threadId} />}
        {usage && <ErrorBoundary what="What was used" resetKey={usage}><UsageFigure usage={usage} /></ErrorBoundary>}
        {thread && <ThreadActions threadId={threadId} thread={thread} />}
      </div>
    </PageHeader>
  );
});
