import { TinyvexError } from "@tinyvex/client";
import { useCallback, useState } from "react";

/** What became of an answer. */
export type Answered =
  | "answered"
  /** Another client was first, and its answer stands. */
  | "answered_elsewhere"
  /** Nobody's answer counts: the request was cancelled before, with its turn or by another client. */
  | "cancelled"
  /** See `error`. */
  | "failed";

export interface Answers {
  /** Requests whose answer is under way. */
  readonly answering: ReadonlySet<string>;
  /** Requests that were answered here, but elsewhere first. */
  readonly answeredElsewhere: ReadonlySet<string>;
  /** Why the last answer was not taken. */
  readonly error: Error | null;
  /** Gives an answer to a request. Never throws. */
  give(requestId: string, send: () => Promise<unknown>): Promise<Answered>;
}

const none: ReadonlySet<string> = new Set();

/** Answers to what agents ask, of which the first counts, be it another client's. */
export function useAnswers(): Answers {
  const [answering, setAnswering] = useState(none);
  const [answeredElsewhere, setAnsweredElsewhere] = useState(none);
  const [error, setError] = useState<Error | null>(null);
  const give = useCallback<Answers["give"]>(async (requestId, send) => {
    setAnswering((now) => including(now, requestId));
    try {
      await send();
      setError(null);
      return "answered";
    } catch (cause) {
      if (cause instanceof TinyvexError && cause.code === "conflict") {
        if ((cause.data as { status?: string } | null)?.status === "cancelled") return "cancelled";
        setAnsweredElsewhere((now) => including(now, requestId));
        return "answered_elsewhere";
      }

      setError(cause as Error);
      return "failed";
    } finally {
      setAnswering((now) => excluding(now, requestId));
    }
  }, []);
  return { answering, answeredElsewhere, error, give };
}

function including(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set(set).add(member);
}

function excluding(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== member));
}
