import type { AgentRow } from "@tinyvex/client";
import { useMemo } from "react";
import { useTinyvexQuery } from "./use-query.js";

export interface Agents {
  readonly agents: readonly AgentRow[];
  readonly error: Error | null;
  readonly isLoading: boolean;
  /** Asks again, as after an agent was installed. */
  refresh(): void;
}

const all = {};

/** The agents that are configured, and why one cannot be started. */
export function useAgents(): Agents {
  const { rows: agents, error, isLoading, refresh } = useTinyvexQuery("agents.list", all);
  return useMemo(() => ({ agents, error, isLoading, refresh }), [agents, error, isLoading, refresh]);
}
