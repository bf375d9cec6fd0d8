import type { TinyvexError } from "./errors.js";
import { Feed, type FeedHost, type FeedStatus, type LiveFrame } from "./feed.js";
import type { ElicitationRow, PermissionRow, SnapshotFrame, ThreadRow } from "./protocol.js";
import { laterRequest } from "./request-status.js";
import { isOver } from "./run-status.js";
import type { Run } from "./thread-item.js";

/** A list, as of one moment. */
export interface RowsView<Row> {
  readonly status: FeedStatus;
  readonly error: TinyvexError | null;
  /** In the list's order. Those that did not change are the same objects as before. */
  readonly rows: readonly Row[];
  /** Whether there are more rows that `loadMore` brings. */
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
}

export interface RowsPage<Row> {
  rows: Row[];
  nextPage?: string | null;
}

/** What makes one list differ from another. */
export interface RowsKind<Row> {
  stream: "threads" | "runs" | "permissions" | "elicitations";
  id(row: Row): string;
  threadId(row: Row): string;
  compare(a: Row, b: Row): number;
  /** Whether the row belongs in the list at all. */
  holds(row: Row): boolean;
  /** The row after an update that may be late or lack what did not change; the known one where it is older. */
  merge(known: Row | undefined, row: Row): Row;
  /** The first page, where that is not the subscription's own snapshot. */
  first?(): Promise<RowsPage<Row>>;
  page(page: string): Promise<RowsPage<Row>>;
}

/** The streams `threads`, `runs`, `permissions` and `elicitations`. */
export class RowsFeed<Row> extends Feed<RowsView<Row>> {
  readonly #kind: RowsKind<Row>;
  readonly #rows = new Map<string, Row>();
  #nextPage: string | null = null;
  #loading: Promise<void> | null = null;
  #base = 0;

  constructor(host: FeedHost, kind: RowsKind<Row>, threadId: string | undefined, limit: number) {
    super(host, kind.stream, threadId, limit);
    this.#kind = kind;
  }

  /** Brings the next page. Without effect where there is none. */
  loadMore(): Promise<void> {
    const page = this.#nextPage;
    return page === null ? Promise.resolve() : this.#load(() => this.#kind.page(page));
  }

  covers(frame: LiveFrame): boolean {
    if (frame.stream === "threads" && frame.deleted) return this.threadId === undefined || frame.threadId === this.threadId;
    return frame.stream === this.stream && (this.threadId === undefined || (frame as { threadId?: string }).threadId === this.threadId);
  }

  reset(snapshot: SnapshotFrame): void {
    const { rows, nextPage } = snapshot as unknown as RowsPage<Row>;
    this.#base++;
    this.#rows.clear();
    this.#nextPage = nextPage ?? null;
    this.#loading = null;
    for (const row of rows) this.#put(row);
    const { first } = this.#kind;
    if (first) void this.#load(first).catch((error: TinyvexError) => this.setStatus(this.status, error));
    this.touch();
  }

  apply(frame: LiveFrame): void {
    if (frame.stream === "threads" && frame.deleted) {
      for (const [id, row] of this.#rows) if (this.#kind.threadId(row) === frame.threadId) this.#rows.delete(id);
    } else {
      this.#put((frame as unknown as { row: Row }).row);
    }

    this.touch();
  }

  protected build(): RowsView<Row> {
    return {
      status: this.status,
      error: this.error,
      rows: [...this.#rows.values()].sort(this.#kind.compare),
      hasMore: this.#nextPage !== null,
      isLoadingMore: this.#loading !== null,
    };
  }

  #load(page: () => Promise<RowsPage<Row>>): Promise<void> {
    if (this.#loading) return this.#loading;
    const base = this.#base;
    const loading = page()
      .then(({ rows, nextPage }) => {
        if (base !== this.#base) return;
        this.#nextPage = nextPage ?? null;
        for (const row of rows) this.#put(row);
      })
      .finally(() => {
        if (this.#loading === loading) this.#loading = null;
        this.touch();
      });
    this.#loading = loading;
    this.touch();
    return loading;
  }

  #put(row: Row): void {
    const id = this.#kind.id(row);
    const merged = this.#kind.merge(this.#rows.get(id), row);
    if (this.#kind.holds(merged)) this.#rows.set(id, merged);
    else this.#rows.delete(id);
  }
}

/** Threads, the one that changed last first. */
export function threadsKind(host: FeedHost, archived: boolean | "all", limit: number): RowsKind<ThreadRow> {
  const list = (page?: string) => host.query("threads.list", { limit, archived, ...(page && { page }) });
  return {
    stream: "threads",
    id: (row) => row.id,
    threadId: (row) => row.id,
    compare: (a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1),
    holds: (row) => archived === "all" || row.archived === archived,
    merge: (known, row) => (known && known.updatedAt > row.updatedAt ? known : row),
    // The snapshot is of threads that are not archived.
    ...(archived !== false && { first: () => list() }),
    page: list,
  };
}

/** Runs, the newest first. */
export function runsKind(host: FeedHost, threadId: string | undefined, limit: number): RowsKind<Run> {
  return {
    stream: "runs",
    id: (row) => row.runId,
    threadId: (row) => row.threadId,
    compare: (a, b) => b.createdAt - a.createdAt || (a.runId < b.runId ? 1 : -1),
    holds: () => true,
    merge: (known, row) => (known && isOver(known) && !isOver(row) ? known : { ...(known ?? { prompt: null }), ...row }),
    page: (page) => host.query("runs.list", { limit, page, ...(threadId && { threadId }) }),
  };
}

/** Permission requests or elicitations, pending ones first, then the newest. */
export function requestsKind<Row extends PermissionRow | ElicitationRow>(
  host: FeedHost, stream: "permissions" | "elicitations", threadId: string | undefined, limit: number,
): RowsKind<Row> {
  const isPending = (row: Row) => row.status === "pending";
  return {
    stream,
    id: (row) => row.requestId,
    threadId: (row) => row.threadId,
    compare: (a, b) => +isPending(b) - +isPending(a) || b.createdAt - a.createdAt || (a.requestId < b.requestId ? 1 : -1),
    holds: () => true,
    merge: laterRequest,
    page: (page) => host.query(`${stream}.list`, { limit, page, ...(threadId && { threadId }) }) as Promise<unknown> as Promise<RowsPage<Row>>,
  };
}
