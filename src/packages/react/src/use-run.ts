import { isOver, TinyvexError, type ContentBlock, type Controls, type Policy, type Run, type RunError, type RunSubmittedFrame, type ThreadView } from "@tinyvex/client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTinyvex } from "./context.js";
import type { ThreadId } from "./use-thread-feed.js";
import { useThreadSelector } from "./use-thread-parts.js";

export interface SubmitOptions {
  /** Which agent is asked; the thread's own where none is named. */
  agent?: string;
  /** An absolute path. */
  workingDirectory?: string;
  /** What the thread's agent may do without asking, from now on. */
  policy?: Policy;
}

export interface RunOfThread {
  /** The run under way, else the one that began last. */
  readonly run: Run | null;
  /** Whether a run is under way or waits for its turn: from `submit` on. */
  readonly isRunning: boolean;
  /** Whether a prompt is on its way to the server. */
  readonly isSubmitting: boolean;
  /** Why the last prompt or cancel was not taken, else why the run failed. */
  readonly error: Error | RunError | null;
  /**
   * Sends a prompt; in a new thread where none is named, whose id the result has. Never throws: where it fails the result is null, and `error`
   * says why.
   */
  submit(prompt: string | ContentBlock[], options?: SubmitOptions): Promise<RunSubmittedFrame | null>;
  /** Cancels the run under way, and no other where that one has ended meanwhile. Never throws; see `error`. */
  cancel(): Promise<void>;
}

/** A run that the server has taken, but the thread does not tell of yet. */
interface Awaited {
  readonly threadId: string;
  readonly runId: string;
  readonly isInNewThread: boolean;
}

const runOf = (view: ThreadView) => view.run;

/** The run of a thread: to send a prompt, to cancel, and to show whether the agent works. It does not render with the agent's words. */
export function useRun(threadId: ThreadId): RunOfThread {
  const client = useTinyvex();
  const run = useThreadSelector(threadId, runOf);
  const [submitting, setSubmitting] = useState(0);
  const [awaited, setAwaited] = useState<Awaited | null>(null);
  const sent = useRef<Promise<RunSubmittedFrame> | null>(null);
  const [failure, setFailure] = useState<{ threadId: ThreadId; error: Error } | null>(null);

  const submit = useCallback<RunOfThread["submit"]>(
    async (prompt, options) => {
      const request = { ...(typeof prompt === "string" ? { text: prompt } : { prompt }), ...(threadId && { threadId }), ...options };
      setSubmitting((count) => count + 1);
      setFailure(null);
      try {
        sent.current = client.submit(request satisfies Controls["run.submit"]["request"]);
        const submitted = await sent.current;
        setAwaited({ threadId: submitted.threadId, runId: submitted.runId, isInNewThread: !threadId });
        return submitted;
      } catch (error) {
        setFailure({ threadId, error: error as Error });
        return null;
      } finally {
        // After the caller has changed to a new thread, in which the run is then awaited.
        setTimeout(() => setSubmitting((count) => count - 1), 0);
      }
    },
    [client, threadId],
  );

  const isToCome = useThreadSelector(
    threadId,
    useCallback((view: ThreadView) => awaited?.threadId === threadId && isStillToCome(view, awaited!), [awaited, threadId]),
  );
  useEffect(() => {
    if (awaited?.threadId === threadId && !isToCome) setAwaited(null);
  }, [awaited, threadId, isToCome]);

  const cancel = useCallback(async () => {
    if (!threadId) return;
    // A cancel that named the thread would hit whatever runs there when it arrives; it does so only where nothing is known of the thread yet.
    const wanted = run && !isOver(run) ? run : await sent.current?.catch(() => null);
    const isHere = wanted?.threadId === threadId;
    if (run && !isHere) return;
    try {
      await client.cancel(isHere ? { runId: wanted.runId } : { threadId });
      setFailure(null);
    } catch (error) {
      // A conflict says that it has ended by itself.
      setFailure(error instanceof TinyvexError && error.code === "conflict" ? null : { threadId, error: error as Error });
    }
  }, [client, threadId, run]);

  return useMemo(
    () => ({
      run,
      isRunning: submitting > 0 || isToCome || (run !== null && !isOver(run)),
      isSubmitting: submitting > 0,
      // A failure in another thread is no longer of interest.
      error: (failure?.threadId === threadId ? failure?.error : null) ?? run?.error ?? null,
      submit,
      cancel,
    }),
    [run, submitting, isToCome, failure, threadId, submit, cancel],
  );
}

/** A new thread's snapshot has its run; an old one is told of it while it is live. */
function isStillToCome({ status, keys, isDeleted }: ThreadView, { runId, isInNewThread }: Awaited): boolean {
  return isInNewThread ? status === "idle" || status === "loading" : status === "live" && !isDeleted && keys.lastIndexOf(`r:${runId}`) < 0;
}
