import { MessageNotSentError, useExternalStoreRuntime, type AssistantRuntime, type ExternalStoreAdapter } from "@assistant-ui/react";
import { isOver, TinyvexError, type PermissionOption, type PermissionRow } from "@tinyvex/client";
import { useThread, useTinyvex } from "@tinyvex/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { promptAttachments } from "./attachments.js";
import { promptBlocks } from "./prompt-blocks.js";
import { turnMessage } from "./turn-message.js";
import { Turns, type Turn } from "./turns.js";
import { useThreadList } from "./use-thread-list.js";

export interface TinyvexRuntimeOptions {
  /** The thread that is shown, null for a new one. Where nothing is said the runtime keeps it, and begins with a new one. */
  threadId?: string | null;
  /** Called when another thread is to be shown: chosen in the list, begun with a prompt, or null for a new one. */
  onThreadChange?(threadId: string | null): void;
  /** Which agent new prompts are for; the thread's own, or the server's default, where none is named. */
  agent?: string;
  /** Where the agent of a new thread works: an absolute path. */
  workingDirectory?: string;
  /** How many items are loaded at first, and with each page of earlier ones: 100 where nothing is said. */
  limit?: number;
  /** Further adapters of assistant-ui, such as for speech; also one for `attachments`, in place of the own one. */
  adapters?: Omit<NonNullable<ExternalStoreAdapter<Turn>["adapters"]>, "threadList">;
  /** Told of a prompt, an answer, a cancel or a change of the list that the server did not take. The text of a prompt is in the composer again by then. */
  onError?(error: Error): void;
}

/** The runtime for assistant-ui's `AssistantRuntimeProvider`, below a `TinyvexProvider`. */
export function useTinyvexRuntime(options: TinyvexRuntimeOptions = {}): AssistantRuntime {
  const { agent, workingDirectory, limit, adapters } = options;
  const client = useTinyvex();
  const [own, setOwn] = useState<string | null>(null);
  const threadId = options.threadId === undefined ? own : options.threadId;
  const { onThreadChange, onError } = useLatest(options);
  const open = useCallback(
    (next: string | null) => {
      setOwn(next);
      onThreadChange(next);
    },
    [onThreadChange],
  );

  const thread = useThread(threadId, limit === undefined ? {} : { limit });
  const { items, isDeleted, hasOlder, loadOlder, status, run, pending } = thread;
  const turns = useMemo(() => new Turns(), [client, threadId]);
  const messages = useMemo(() => turns.of(items), [turns, items]);
  const isRunning = run !== null && !isOver(run);
  const isLoading = status === "loading" && items.length === 0;
  const threadList = useThreadList(threadId, open, onError);

  useEffect(() => {
    if (isDeleted) open(null);
  }, [isDeleted, open]);

  const onNew = useCallback<ExternalStoreAdapter["onNew"]>(
    async (message) => {
      try {
        const prompt = promptBlocks(message);
        const submitted = await client.submit({
          prompt, ...(threadId && { threadId }), ...(agent && { agent }), ...(workingDirectory && !threadId && { workingDirectory }),
        });
        if (!threadId) open(submitted.threadId);
      } catch (error) {
        onError(error as Error);
        throw new MessageNotSentError((error as Error).message);
      }
    },
    [client, threadId, agent, workingDirectory, open, onError],
  );

  const onCancel = useCallback(async () => {
    if (!run || isOver(run)) return;
    try {
      // The thread in its place would be whatever runs there when this arrives.
      await client.cancel({ runId: run.runId });
    } catch (error) {
      if (!isConflict(error)) onError(error as Error);
    }
  }, [client, run, onError]);

  const onRespondToToolApproval = useCallback<NonNullable<ExternalStoreAdapter["onRespondToToolApproval"]>>(
    async ({ approvalId, approved, optionId }) => {
      const option = optionId ?? optionFor(pending, approvalId, approved)?.optionId;
      try {
        await client.respond({ requestId: approvalId, ...(option === undefined ? { cancelled: true } : { optionId: option }) });
      } catch (error) {
        // Another client was first; its answer arrives as the thread's own.
        if (isConflict(error)) return;
        onError(error as Error);
        throw error;
      }
    },
    [client, pending, onError],
  );

  return useExternalStoreRuntime<Turn>(
    useMemo(
      () => ({
        messages,
        convertMessage: turnMessage,
        isRunning,
        isLoading,
        hasEarlier: hasOlder,
        onLoadEarlier: loadOlder,
        onNew,
        onCancel,
        onRespondToToolApproval,
        adapters: { attachments: promptAttachments, ...adapters, threadList },
      }),
      [messages, isRunning, isLoading, hasOlder, loadOlder, onNew, onCancel, onRespondToToolApproval, adapters, threadList],
    ),
  );
}

/** The callbacks of the last render, as functions that stay the same. */
function useLatest({ onThreadChange, onError }: TinyvexRuntimeOptions) {
  const latest = useRef<Pick<TinyvexRuntimeOptions, "onThreadChange" | "onError">>({});
  useEffect(() => {
    latest.current = { ...(onThreadChange && { onThreadChange }), ...(onError && { onError }) };
  });
  return useMemo(
    () => ({
      onThreadChange: (threadId: string | null) => latest.current.onThreadChange?.(threadId),
      onError: (error: Error) => latest.current.onError?.(error),
    }),
    [],
  );
}

/** Whether it was decided before: the run has ended, the request is answered. */
function isConflict(error: unknown): boolean {
  return error instanceof TinyvexError && error.code === "conflict";
}

/** The option that a plain yes or no means: for this once, where that is offered. */
function optionFor(pending: readonly PermissionRow[], requestId: string, approved: boolean): PermissionOption | undefined {
  const options = pending.find((row) => row.requestId === requestId)?.options ?? [];
  const word = approved ? "allow" : "reject";
  return options.find(({ kind }) => kind === `${word}_once`) ?? options.find(({ kind }) => kind === `${word}_always`);
}
