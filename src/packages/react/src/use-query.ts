import type { Queries, QueryName } from "@tinyvex/client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTinyvex } from "./context.js";
import { useConnection } from "./use-connection.js";

export interface QueryOptions {
  /** Asks again after this many milliseconds, time and again. */
  every?: number;
  /** Waits this many milliseconds before it asks, and asks not at all where the arguments change meanwhile. */
  debounce?: number;
}

export interface QueryState<Row> {
  /** What was found; of the arguments before while those of now are asked for. */
  readonly rows: readonly Row[];
  readonly error: Error | null;
  /** Whether the first page is asked for. */
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
}

export interface Query<Row> extends QueryState<Row> {
  loadMore(): Promise<void>;
  /** Asks again for the first page. */
  refresh(): void;
}

type Found<Row> = QueryState<Row> & { readonly nextPage: string | null };

const nothing: Found<never> = { rows: [], error: null, isLoading: false, hasMore: false, isLoadingMore: false, nextPage: null };
const loading: Found<never> = { ...nothing, isLoading: true };

/**
 * One of the server's queries, asked once for each set of arguments and once more with each new connection. What is no longer wanted is given up.
 * For what changes while it is shown there are subscriptions. Null as `args` asks nothing.
 */
export function useTinyvexQuery<Name extends QueryName>(name: Name, args: Queries[Name]["args"] | null, options: QueryOptions = {}): Query<Queries[Name]["row"]> {
  type Row = Queries[Name]["row"];
  const { every, debounce = 0 } = options;
  const client = useTinyvex();
  const isOpen = useConnection().state === "open";
  const [found, setFound] = useState<Found<Row>>(args ? loading : nothing);
  const [asked, setAsked] = useState(0);
  const text = args && JSON.stringify(args);
  const giving = useRef<AbortController | null>(null);
  const isAnswered = useRef(false);

  useEffect(() => {
    isAnswered.current = false;
    if (text === null) {
      setFound(nothing);
      return;
    }

    const mine = new AbortController();
    const { signal } = mine;
    giving.current = mine;
    const ask = async () => {
      try {
        const { rows, nextPage } = await client.query(name, JSON.parse(text) as Queries[Name]["args"], { signal });
        isAnswered.current = true;
        setFound(pageOf(rows, nextPage));
      } catch (error) {
        if (!signal.aborted) setFound((now) => ({ ...now, error: error as Error, isLoading: false }));
      }

      if (every !== undefined && !signal.aborted) timer = setTimeout(() => void ask(), every);
    };
    let timer = setTimeout(() => void ask(), debounce);
    setFound((now) => ({ ...now, isLoading: true, isLoadingMore: false }));
    return () => {
      clearTimeout(timer);
      mine.abort();
    };
  }, [client, name, text, every, debounce, asked]);

  useEffect(() => {
    // Another connection may be to another server. A query that still waits is sent by itself.
    if (isOpen && isAnswered.current) setAsked((count) => count + 1);
  }, [isOpen]);

  const { nextPage, isLoading, isLoadingMore } = found;
  const loadMore = useCallback(async () => {
    const signal = giving.current?.signal;
    if (text === null || nextPage === null || isLoading || isLoadingMore || !signal) return;
    setFound((now) => ({ ...now, isLoadingMore: true }));
    try {
      const more = await client.query(name, { ...(JSON.parse(text) as Queries[Name]["args"]), page: nextPage }, { signal });
      // Meanwhile the first page may have been asked for again.
      setFound((now) => (now.nextPage === nextPage ? pageOf([...now.rows, ...more.rows], more.nextPage) : now));
    } catch (error) {
      if (!signal.aborted) setFound((now) => ({ ...now, error: error as Error, isLoadingMore: false }));
    }
  }, [client, name, text, nextPage, isLoading, isLoadingMore]);

  const refresh = useCallback(() => setAsked((count) => count + 1), []);
  return useMemo(() => {
    const { nextPage: _nextPage, ...state } = found;
    return { ...state, loadMore, refresh };
  }, [found, loadMore, refresh]);
}

function pageOf<Row>(rows: readonly Row[], nextPage: string | null = null): Found<Row> {
  return { ...nothing, rows, nextPage, hasMore: nextPage !== null };
}
