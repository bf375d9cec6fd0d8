import { isOver, TinyvexError, type Run, type ThreadItem } from "@tinyvex/client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { announce, announceFailure } from "../app/news.js";
import { ErrorBoundary } from "../app/error-boundary.js";
import { Icon } from "../app/icon.js";
import { useMounted } from "../app/use-mounted.js";
import { navigate } from "../app/use-route.js";
import { useShortcuts } from "../app/use-shortcuts.js";
import { useThread, useTinyvex, type Thread } from "@tinyvex/react";
import { ElicitationCard } from "../elicitations/elicitation-card.js";
import { PermissionCard } from "../permissions/permission-card.js";
import { PromptBox } from "../prompt/prompt-box.js";
import { useSubmit } from "../prompt/use-submit.js";
import { WaitingPrompts } from "../prompt/waiting-prompts.js";
import { Plan } from "./plan.js";
import { ThreadHeader } from "./thread-header.js";
import { Timeline } from "./timeline.js";
import { useFound } from "./use-found.js";
import { PlaceKeeper } from "./place-keeper.js";
import { TurnIsOver } from "./turn-is-over.js";
import { useEnd } from "./use-end.js";
import { Working } from "./working.js";
import "./conversation.css";

interface ConversationProps {
  threadId: string;
  /** The message that was searched for. */
  itemId: string | null;
}

/** One thread, or that it is no more. */
export function Conversation({ threadId, itemId }: ConversationProps) {
  const view = useThread(threadId);
  if (!view.isDeleted) return <OpenConversation threadId={threadId} itemId={itemId} view={view} />;
  return (
    <div className="empty">
      <p>This thread was deleted.</p>
      <p><a href="#/">Begin a new one</a></p>
    </div>
  );
}

/** What happened in a thread, what waits for an answer, and the prompt. */
function OpenConversation({ threadId, itemId, view }: ConversationProps & { view: Thread }) {
  const client = useTinyvex();
  const { items, plan, state, run, pending, pendingElicitations, thread, status, hasOlder, isLoadingOlder, loadOlder, loadWhole } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { isAtEnd, toEnd } = useEnd(scroller, content);
  const { sending, submit } = useSubmit();
  const isMounted = useMounted();
  const isRunning = run !== null && run.status === "running";
  const isMissing = thread === null && status === "live";
  const queued = useMemo(() => items.flatMap((item) => (item.kind === "run" && item.row.status === "queued" ? [item.row] : [])), [items]);
  const latest = useRef({ loadOlder, loadWhole });
  useEffect(() => {
    latest.current = { loadOlder, loadWhole };
  });
  const whole = useCallback((item: ThreadItem) => {
    latest.current.loadWhole(item).catch((error: Error) => announceFailure(`The whole of it could not be loaded: ${error.message}`));
  }, []);
  const [olderProblem, setOlderProblem] = useState<string | null>(null);
  const older = useCallback(() => {
    setOlderProblem(null);
    latest.current.loadOlder().catch((error: Error) => setOlderProblem(`Older messages could not be loaded: ${error.message}`));
  }, []);
  // After a failure it is for the reader to try again, and not for the scrollbar.
  const loadsOlder = hasOlder && olderProblem === null;
  const runId = isRunning ? run.runId : null;
  const cancel = useCallback(() => {
    if (runId === null) return;
    // The run and not the thread, of which the server would take the next prompt where this turn has just ended. A conflict says that it has.
    client.cancel({ runId }).then(
      () => announce("Cancelled"),
      (error: Error) => {
        if (!(error instanceof TinyvexError && error.code === "conflict")) announceFailure(`The turn could not be cancelled: ${error.message}`);
      },
    );
  }, [client, runId]);

  useOlder(scroller, loadsOlder && !isLoadingOlder && status !== "offline", items.length, older);
  useFound(content, itemId, items, loadsOlder, isLoadingOlder, older);
  useAnnouncedEnd(run);
  useShortcuts(isRunning ? { Escape: cancel } : none);

  return (
    <div className="conversation">
      <ErrorBoundary what="The heading" resetKey={thread}><ThreadHeader threadId={threadId} thread={thread} run={run} usage={state?.usage ?? null} /></ErrorBoundary>
      <div ref={scroller} className="timeline" role="log" aria-label="Conversation" aria-live="off" aria-busy={status === "loading"} tabIndex={0}>
        <div ref={content} className="timeline-content">
          {hasOlder && (
            <div className="older" data-older="">
              <button type="button" className="button small" disabled={isLoadingOlder} onClick={older}>
                {isLoadingOlder && <span className="spinner" />}Load older messages
              </button>
              {olderProblem && <p className="note bad" role="alert">{olderProblem}</p>}
            </div>
          )}
          <PlaceKeeper scroller={scroller} content={content} firstKey={items[0]?.key}>
            <TurnIsOver value={run !== null && isOver(run)}><Timeline items={items} onWhole={whole} /></TurnIsOver>
          </PlaceKeeper>
          {isRunning && pending.length + pendingElicitations.length === 0 && <Working run={run} />}
          {items.length === 0 && status === "live" && <p className="empty">{isMissing ? <>There is no such thread. <a href="#/">Begin a new one</a></> : "Nothing has been said yet."}</p>}
          {items.length === 0 && status === "loading" && <p className="empty"><span className="visually-hidden">Loading the conversation</span></p>}
          {status === "failed" && <p className="note bad" role="alert">The conversation cannot be shown: {view.error?.message}</p>}
        </div>
        {!isAtEnd && <button type="button" className="button small to-end" onClick={toEnd}><Icon name="down" size={14} />Jump to latest</button>}
      </div>
      <div className="dock">
        <div className="dock-inner">
          {pending.map((row) => <ErrorBoundary key={row.requestId} what="A permission request" resetKey={row}><PermissionCard row={row} /></ErrorBoundary>)}
          {pendingElicitations.map((row) => <ErrorBoundary key={row.requestId} what="A question" resetKey={row}><ElicitationCard row={row} /></ErrorBoundary>)}
          {plan && <ErrorBoundary what="The plan" resetKey={plan}><Plan plan={plan} isRunning={isRunning} /></ErrorBoundary>}
          <WaitingPrompts queued={queued} sending={sending} />
          {!isMissing && <PromptBox
            key={threadId} threadId={threadId} source={thread?.source ?? null} state={state} stateOf={run?.agent ?? thread?.source ?? null} isRunning={isRunning} onCancel={cancel}
            onSubmit={async (prompt, { agent }) => {
              toEnd();
              const { threadId: to } = await submit(prompt, { threadId, agent, workingDirectory: null });
              if (to !== threadId && isMounted.current) navigate({ page: "thread", threadId: to });
            }}
          />}
        </div>
      </div>
    </div>
  );
}

const none = {};

/** Loads what is older when the reader comes near to the beginning. */
function useOlder(scroller: { current: HTMLElement | null }, isWanted: boolean, count: number, load: () => void): void {
  useEffect(() => {
    const mark = isWanted && scroller.current!.querySelector("[data-older]");
    if (!mark) return;
    const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && load(), {
      root: scroller.current, rootMargin: "1200px 0px 0px 0px",
    });
    seen.observe(mark);
    return () => seen.disconnect();
  }, [scroller, isWanted, count, load]);
}

/** Tells a screen reader once when a turn is over, and not of each word. */
function useAnnouncedEnd(run: Run | null): void {
  const seen = useRef<{ runId: string; isOver: boolean } | null>(null);
  useEffect(() => {
    if (!run) return;
    const before = seen.current;
    seen.current = { runId: run.runId, isOver: isOver(run) };
    if (before?.runId !== run.runId || before.isOver || !isOver(run)) return;
    announce(run.status === "completed" ? "The answer is complete" : run.status === "failed" ? `The run failed: ${run.error?.message ?? ""}` : "The run was cancelled");
  }, [run]);
}
