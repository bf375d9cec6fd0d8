import type { RowsView, ThreadView } from "@tinyvex/client";

// What is shown where nothing can be known: on a server, in the first render of a page that came from one, and where no thread is named.

export const noThread: ThreadView = {
  status: "idle", error: null, thread: null, isDeleted: false, items: [], keys: [], plan: null, state: null, run: null, pending: [],
  pendingElicitations: [], hasOlder: false, isLoadingOlder: false,
};

export const noRows: RowsView<never> = { status: "idle", error: null, rows: [], hasMore: false, isLoadingMore: false };
