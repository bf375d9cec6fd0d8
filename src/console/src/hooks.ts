// Stands in until @tinyvex/react is there.
import { TinyvexClient, type AgentRow, type ConnectionStatus, type Feed, type PermissionRow, type RowsView, type ThreadRow, type ThreadView, type Run, type ServerRow, type FoundMessageRow } from "@tinyvex/client";
import { createContext, createElement, useCallback, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
const Ctx = createContext<TinyvexClient | null>(null);
export function TinyvexProvider({ client, children }: { client: TinyvexClient; children: ReactNode }) { return createElement(Ctx.Provider, { value: client }, children); }
export function useTinyvex(): TinyvexClient { return useContext(Ctx)!; }
function useFeed<V>(feed: Feed<V>): V { return useSyncExternalStore(feed.subscribe, feed.getSnapshot); }
export function useConnection(): ConnectionStatus { const c = useTinyvex(); return useSyncExternalStore(c.onStatus, c.getStatus); }
export function useThreads(options: { archived?: boolean | "all"; limit?: number } = {}): RowsView<ThreadRow> & { loadMore(): Promise<void> } { const f = useTinyvex().threads(options); return { ...useFeed(f), loadMore: () => f.loadMore() }; }
export function usePermissions(options: { threadId?: string } = {}): RowsView<PermissionRow> & { pending: readonly PermissionRow[] } { const v = useFeed(useTinyvex().permissions(options)); return { ...v, pending: v.rows.filter((r) => r.status === "pending") }; }
export function useRuns(options: { threadId?: string } = {}): RowsView<Run> { return useFeed(useTinyvex().runs(options)); }
export function useThread(threadId: string): ThreadView & { loadOlder(): Promise<void>; loadWhole(item: any): Promise<void> } { const f = useTinyvex().thread(threadId); return { ...useFeed(f), loadOlder: () => f.loadOlder(), loadWhole: (i) => f.loadWhole(i) }; }
export function useAgents(): { agents: readonly AgentRow[]; error: Error | null } { const c = useTinyvex(); const [s, set] = useState<{ agents: AgentRow[]; error: Error | null }>({ agents: [], error: null }); useEffect(() => { c.agents().then((agents) => set({ agents, error: null }), (error) => set({ agents: [], error })); }, [c]); return s; }
export type { ServerRow, FoundMessageRow };
export { useCallback };
export function useSearch(text: string) {
  const c = useTinyvex();
  const [s, set] = useState<{ rows: FoundMessageRow[]; error: Error | null; hasMore: boolean; isLoading: boolean }>({ rows: [], error: null, hasMore: false, isLoading: true });
  useEffect(() => { const t = setTimeout(() => c.query("search", { text }).then((r) => set({ rows: r.rows, error: null, hasMore: !!r.nextPage, isLoading: false }), (error) => set({ rows: [], error, hasMore: false, isLoading: false })), 150); return () => clearTimeout(t); }, [c, text]);
  return { ...s, loadMore: async () => {} };
}
