import { isOver, type ContentBlock, type Controls, type Run, type RunError, type RunSubmittedFrame, type ThreadView } from "@tinyvex/client";
import { useCallback, useMemo, useState } from "react";
import { useTinyvex } from "./context.js";
import type { ThreadId } from "./use-thread-feed.js";
import { useThreadSelector } from "./use-thread-parts.js";

export interface SubmitOptions {
  /** Which agent is asked; the thread's own where none is named. */
  agent?: string;
  /** An absolute path. */
  workingDirectory?: string;
}

export interface RunOfThread {
  /** The run under way, else the one that began last. */
  readonly run: Run | null;
  /** Whether a run is under way or waits for its turn, or a prompt is on its way to the server. */
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
  /** Cancels the run under way. Never throws; see `error`. */
  cancel(): Promise<void>;
}

const runOf = (view: ThreadView) => view.run;

/** The run of a thread: to send a prompt, to cancel, and to show whether the agent works. It does not render with the agent's words. */
export function useRun(threadId: ThreadId): RunOfThread {
  const client = useTinyvex();
  const run = useThreadSelector(threadId, runOf);
  const [submitting, setSubmitting] = useState(0);
  const [failure, setFailure] = useState<{ threadId: ThreadId; error: Error } | null>(null);

  const submit = useCallback<RunOfThread["submit"]>(
    async (prompt, options) => {
      const request = { ...(typeof prompt === "string" ? { text: prompt } : { prompt }), ...(threadId && { threadId }), ...options };
      setSubmitting((count) => count + 1);
      setFailure(null);
      try {
        return await client.submit(request satisfies Controls["run.submit"]["request"]);
      } catch (error) {
        setFailure({ threadId, error: error as Error });
        return null;
      } finally {
        setSubmitting((count) => count - 1);
      }
    },
    [client, threadId],
  );

  const cancel = useCallback(async () => {
    if (!threadId) return;
    try {
      await client.cancel({ threadId });
      setFailure(null);
    } catch (error) {
      setFailure({ threadId, error: error as Error });
    }
  }, [client, threadId]);

  return useMemo(
    () => ({
      run,
      isRunning: submitting > 0 || (run !== null && !isOver(run)),
      isSubmitting: submitting > 0,
      // A failure in another thread is no longer of interest.
      error: (failure?.threadId === threadId ? failure?.error : null) ?? run?.error ?? null,
      submit,
      cancel,
    }),
    [run, submitting, failure, threadId, submit, cancel],
  );
}
