import type { ServerRow } from "@tinyvex/client";
import { useMemo } from "react";
import { useTinyvexQuery } from "./use-query.js";

export interface ServerInfo {
  /** Null until the first answer. */
  readonly server: ServerRow | null;
  readonly error: Error | null;
  readonly isLoading: boolean;
  refresh(): void;
}

const all = {};

/** The server's version and figures; asked again every so many milliseconds where `every` says so. */
export function useServerInfo({ every }: { every?: number } = {}): ServerInfo {
  const { rows, error, isLoading, refresh } = useTinyvexQuery("server.info", all, every === undefined ? {} : { every });
  const server = rows[0] ?? null;
  return useMemo(() => ({ server, error, isLoading, refresh }), [server, error, isLoading, refresh]);
}
