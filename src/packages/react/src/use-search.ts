import type { FoundMessageRow } from "@tinyvex/client";
import { useTinyvexQuery, type Query } from "./use-query.js";

export interface SearchOptions {
  /** Searches one thread alone. */
  threadId?: string;
  /** Rows of a page: 50 where nothing is said. */
  limit?: number;
  /** Milliseconds without another keystroke before the server is asked: 150 where nothing is said. */
  debounce?: number;
}

/** Messages and thoughts that hold the words of `text`, best first. A text without a letter or digit asks nothing and finds nothing. */
export function useSearch(text: string, { threadId, limit = 50, debounce = 150 }: SearchOptions = {}): Query<FoundMessageRow> {
  const isWorth = /[\p{L}\p{N}]/u.test(text);
  return useTinyvexQuery("search", isWorth ? { text, limit, ...(threadId && { threadId }) } : null, { debounce });
}
