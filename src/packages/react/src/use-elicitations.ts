import type { ElicitationAction, ElicitationRow } from "@tinyvex/client";
import { useCallback, useMemo } from "react";
import { useTinyvex } from "./context.js";
import { useAnswers, type Answered } from "./use-answers.js";
import { useElicitationRows, type OfThreadOptions, type Rows } from "./use-rows.js";

export interface Elicitations extends Omit<Rows<ElicitationRow>, "error"> {
  /** Forms and pages that wait for an answer. */
  readonly pending: readonly ElicitationRow[];
  /** Those whose answer is under way. */
  readonly answering: ReadonlySet<string>;
  /** Those that were answered here, but elsewhere first. */
  readonly answeredElsewhere: ReadonlySet<string>;
  /** Why the list cannot be shown, or the last answer was not taken: of a form that does not fit it names the field. */
  readonly error: Error | null;
  /**
   * Answers one; with `accept` of a form goes what was filled in, by the names of the fields. To accept a page says that it will be visited,
   * which is left to the person. Never throws.
   */
  answer(requestId: string, action: ElicitationAction, content?: Record<string, unknown>): Promise<Answered>;
}

/** What agents ask beside permissions, of a thread or of all, pending ones first, and the way to answer. */
export function useElicitations(options?: OfThreadOptions): Elicitations {
  const client = useTinyvex();
  const list = useElicitationRows(options);
  const { answering, answeredElsewhere, error, give } = useAnswers();
  const pending = useMemo(() => list.rows.filter(({ status }) => status === "pending"), [list.rows]);
  const answer = useCallback<Elicitations["answer"]>(
    (requestId, action, content) => give(requestId, () => client.answer({ requestId, action, ...(content && { content }) })),
    [client, give],
  );
  return useMemo(
    () => ({ ...list, pending, answering, answeredElsewhere, error: error ?? list.error, answer }),
    [list, pending, answering, answeredElsewhere, error, answer],
  );
}
