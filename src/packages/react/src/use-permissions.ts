import { TinyvexError, type PermissionRow } from "@tinyvex/client";
import { useCallback, useMemo, useState } from "react";
import { useTinyvex } from "./context.js";
import { usePermissionRows, type OfThreadOptions, type Rows } from "./use-rows.js";

/** What became of an answer. */
export type Answered =
  | "answered"
  /** Another client was first, and its answer stands. */
  | "answered_elsewhere"
  /** See `error`. */
  | "failed";

export interface Permissions extends Omit<Rows<PermissionRow>, "error"> {
  /** Requests that wait for an answer. */
  readonly pending: readonly PermissionRow[];
  /** Requests whose answer is under way. */
  readonly answering: ReadonlySet<string>;
  /** Requests that were answered here, but elsewhere first. */
  readonly answeredElsewhere: ReadonlySet<string>;
  /** Why the list cannot be shown, or the last answer was not taken. */
  readonly error: Error | null;
  /** Answers a request with one of its options; with null none is chosen, which the agent takes as a cancel. Never throws. */
  respond(requestId: string, optionId: string | null): Promise<Answered>;
}

const none: ReadonlySet<string> = new Set();

/** Permission requests of a thread or of all, pending ones first, and the way to answer them. */
export function usePermissions(options?: OfThreadOptions): Permissions {
  const client = useTinyvex();
  const list = usePermissionRows(options);
  const [answering, setAnswering] = useState(none);
  const [answeredElsewhere, setAnsweredElsewhere] = useState(none);
  const [error, setError] = useState<Error | null>(null);
  const pending = useMemo(() => list.rows.filter(({ status }) => status === "pending"), [list.rows]);
  const respond = useCallback<Permissions["respond"]>(
    async (requestId, optionId) => {
      setAnswering((now) => including(now, requestId));
      try {
        await client.respond({ requestId, ...(optionId === null ? { cancelled: true } : { optionId }) });
        setError(null);
        return "answered";
      } catch (cause) {
        if (cause instanceof TinyvexError && cause.code === "conflict") {
          setAnsweredElsewhere((now) => including(now, requestId));
          return "answered_elsewhere";
        }

        setError(cause as Error);
        return "failed";
      } finally {
        setAnswering((now) => excluding(now, requestId));
      }
    },
    [client],
  );
  return useMemo(
    () => ({ ...list, pending, answering, answeredElsewhere, error: error ?? list.error, respond }),
    [list, pending, answering, answeredElsewhere, error, respond],
  );
}

function including(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set([...set, member]);
}

function excluding(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== member));
}
