import type { Policy, ThreadView } from "@tinyvex/client";
import { useCallback, useMemo, useState } from "react";
import { useTinyvex } from "./context.js";
import type { ThreadId } from "./use-thread-feed.js";
import { useThreadSelector } from "./use-thread-parts.js";

export interface ThreadPolicy {
  /** What the thread's agent may do without asking; null while the thread is not known. */
  readonly policy: Policy | null;
  /** Who set it, such as `client:phone` or `server`; null where nobody has. */
  readonly setBy: string | null;
  /** Whether a change is under way. */
  readonly isSetting: boolean;
  /** Why the last change was not taken. */
  readonly error: Error | null;
  /**
   * Sets it, for all clients; what waits for an answer and is allowed by it is answered at once. Never throws: the result is whether the server took it,
   * and where it did not `error` says why.
   */
  setPolicy(policy: Policy): Promise<boolean>;
}

const policyOf = ({ thread }: ThreadView) => thread?.policy ?? null;
const setterOf = ({ thread }: ThreadView) => thread?.policySetBy ?? null;

/** The policy of a thread, by which the server answers permission requests, and the way to change it. */
export function usePolicy(threadId: ThreadId): ThreadPolicy {
  const client = useTinyvex();
  const policy = useThreadSelector(threadId, policyOf);
  const setBy = useThreadSelector(threadId, setterOf);
  const [isSetting, setSetting] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const setPolicy = useCallback<ThreadPolicy["setPolicy"]>(
    async (wanted) => {
      if (!threadId) return false;
      setSetting(true);
      try {
        await client.request("tvx.update_thread", { threadId, updates: { policy: wanted } });
        setError(null);
        return true;
      } catch (cause) {
        setError(cause as Error);
        return false;
      } finally {
        setSetting(false);
      }
    },
    [client, threadId],
  );
  return useMemo(() => ({ policy, setBy, isSetting, error, setPolicy }), [policy, setBy, isSetting, error, setPolicy]);
}
