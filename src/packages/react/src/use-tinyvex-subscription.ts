import type {
  ElicitationRow, FeedStatus, Message, PermissionRow, PlanRow, RowsFeed, RowsView, Run, StateRow, TerminalRow, ThreadFeed, ThreadItem, ThreadRow, ThreadView,
  TinyvexClient, TinyvexError, ToolCallRow,
} from "@tinyvex/client";
import { useCallback, useMemo } from "react";
import { useTinyvex } from "./context.js";
import { noRows } from "./empty-views.js";
import type { Rows } from "./use-rows.js";
import { useSelected, type Source } from "./use-feed.js";

/** What the rows of each stream are. */
export interface SubscriptionRows {
  thread: ThreadItem;
  messages: Message;
  tool_calls: ToolCallRow;
  plan: PlanRow;
  state: StateRow;
  threads: ThreadRow;
  runs: Run;
  permissions: PermissionRow;
  elicitations: ElicitationRow;
  terminals: TerminalRow;
}

export type Subscription<Stream extends keyof SubscriptionRows = keyof SubscriptionRows> = { stream: Stream; limit?: number } & (
  Stream extends "threads" ? { archived?: boolean | "all"; threadId?: undefined }
  : Stream extends "runs" | "permissions" | "elicitations" ? { threadId?: string; archived?: undefined }
  : { threadId: string; archived?: undefined }
);

type View = ThreadView | RowsView<unknown>;

/** Any stream of the server as rows: by `order` for what is of one thread, else in the order of its list. All that is of one thread shares one subscription. */
export function useTinyvexSubscription<Stream extends keyof SubscriptionRows>(subscription: Subscription<Stream>): Rows<SubscriptionRows[Stream]> {
  const { stream, threadId, limit, archived } = subscription as Subscription;
  const client = useTinyvex();
  const feed = useMemo(() => feedOf(client, { stream, threadId, limit, archived } as Subscription), [client, stream, threadId, limit, archived]);
  const select = useCallback((view: View) => rowsOf(view, stream), [stream]);
  const rows = useSelected(feed as Source<View>, noRows, select) as SubscriptionRows[Stream][];
  const rest = useSelected(feed as Source<View>, noRows, restOf);
  return useMemo(() => ({ ...rest, rows, loadMore: () => ("loadOlder" in feed ? feed.loadOlder() : feed.loadMore()) }), [feed, rows, rest]);
}

type AnyFeed = ThreadFeed | RowsFeed<ThreadRow> | RowsFeed<Run> | RowsFeed<PermissionRow> | RowsFeed<ElicitationRow>;

function feedOf(client: TinyvexClient, { stream, threadId, limit, archived }: Subscription): AnyFeed {
  const size = limit === undefined ? {} : { limit };
  switch (stream) {
    case "threads":
      return client.threads({ ...size, archived: archived ?? false });
    case "runs":
      return client.runs({ ...size, ...(threadId && { threadId }) });
    case "permissions":
      return client.permissions({ ...size, ...(threadId && { threadId }) });
    case "elicitations":
      return client.elicitations({ ...size, ...(threadId && { threadId }) });
    default:
      return client.thread(threadId!, size);
  }
}

function rowsOf(view: View, stream: keyof SubscriptionRows): readonly unknown[] {
  if ("rows" in view) return view.rows;
  switch (stream) {
    case "messages":
      return view.items.flatMap((item) => (item.kind === "message" ? [item.row] : []));
    case "tool_calls":
      return view.items.flatMap((item) => (item.kind === "tool_call" ? [item.row] : []));
    case "terminals":
      return view.items.flatMap((item) => (item.kind === "terminal" ? [item.row] : []));
    case "plan":
      return view.plan ? [view.plan] : [];
    case "state":
      return view.state ? [view.state] : [];
    default:
      return view.items;
  }
}

function restOf(view: View): { status: FeedStatus; error: TinyvexError | null; hasMore: boolean; isLoadingMore: boolean } {
  const [hasMore, isLoadingMore] = "rows" in view ? [view.hasMore, view.isLoadingMore] : [view.hasOlder, view.isLoadingOlder];
  return { status: view.status === "idle" ? "loading" : view.status, error: view.error, hasMore, isLoadingMore };
}
