import type { PermissionRow } from "@tinyvex/client";
import { useCallback, useMemo } from "react";
import { useTinyvex } from "./context.js";
import { useAnswers, type Answered } from "./use-answers.js";
import { usePermissionRows, type OfThreadOptions, type Rows } from "./use-rows.js";

export interface Permissions extends Omit<Rows<PermissionRow>, "error"> {
  /** Requests that wait for an answer. Of the others, `answeredBy` says who or what decided. */
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

/** Permission requests of a thread or of all, pending ones first, and the way to answer them. */
export function usePermissions(options?: OfThreadOptions): Permissions {
  const client = useTinyvex();
  const list = usePermissionRows(options);
  const { answering, answeredElsewhere, error, give } = useAnswers();
  const pending = useMemo(() => list.rows.filter(({ status }) => status === "pending"), [list.rows]);
  const respond = useCallback<Permissions["respond"]>(
    (requestId, optionId) =>
      give(requestId, () => client.respond({ requestId, ...(optionId === null ? { cancelled: true } : { optionId }) })),
    [client, give],
  );
  return useMemo(
    () => ({ ...list, pending, answering, answeredElsewhere, error: error ?? list.error, respond }),
    [list, pending, answering, answeredElsewhere, error, respond],
  );
}
