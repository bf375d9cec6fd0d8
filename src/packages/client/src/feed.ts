import type { TinyvexError } from "./errors.js";
import type { FinalizeFrame, Queries, QueryName, QueryResultFrame, SnapshotFrame, StreamName, UpdateFrame } from "./protocol.js";
import { tell } from "./tell.js";

/**
 * `idle`: nobody reads it · `loading`: asked for, nothing there yet · `live`: as the server has it · `offline`: what was there when the
 * connection was lost, which is taken up from its cursor once there is one again · `failed`: the server refuses it, see `error`.
 */
export type FeedStatus = "idle" | "loading" | "live" | "offline" | "failed";

export type LiveFrame = UpdateFrame | FinalizeFrame;

/** What a feed asks of its client. */
export interface FeedHost {
  query<Name extends QueryName>(name: Name, args: Queries[Name]["args"]): Promise<QueryResultFrame<Name>>;
  /** The feed has its first reader. */
  follow(feed: Feed<unknown>): void;
  /** The feed has lost its last reader. */
  unfollow(feed: Feed<unknown>): void;
  /** The feed has changed, and its readers are to be told soon. */
  changed(feed: Feed<unknown>): void;
  /** Asks for the feed once more from the beginning. */
  restart(feed: Feed<unknown>): void;
}

/**
 * One subscription and what is known of it, as an immutable value for each moment. `getSnapshot` and `subscribe` are the pair that
 * React's `useSyncExternalStore` takes; others call them just as well. It is subscribed on the server for as long as somebody listens.
 */
export abstract class Feed<View> {
  readonly stream: StreamName;
  readonly threadId: string | undefined;
  /** Rows of the snapshot. */
  readonly limit: number;
  /** The last place in the log up to which all was received; null before the first. */
  cursor: string | null = null;
  protected readonly host: FeedHost;
  protected status: FeedStatus = "idle";
  protected error: TinyvexError | null = null;
  readonly #listeners = new Set<() => void>();
  #readers = 0;
  #view: View | undefined;

  protected constructor(host: FeedHost, stream: StreamName, threadId: string | undefined, limit: number) {
    this.host = host;
    this.stream = stream;
    this.threadId = threadId;
    this.limit = limit;
  }

  get isFollowed(): boolean {
    return this.#readers > 0;
  }

  get isLive(): boolean {
    return this.status === "live";
  }

  /** The value of this moment: the same object until something changes, and then another. */
  readonly getSnapshot = (): View => (this.#view ??= this.build());

  /** Tells `listener` of each change, several that come together as one. Call what it returns to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.listen(this.#listeners, listener);

  /** Whether an update belongs to it. */
  abstract covers(frame: LiveFrame): boolean;

  /** Takes an update. It may come twice. */
  abstract apply(frame: LiveFrame): void;

  /** Takes a snapshot in place of all that was known. */
  abstract reset(snapshot: SnapshotFrame): void;

  protected abstract build(): View;

  setStatus(status: FeedStatus, error: TinyvexError | null = null): void {
    if (this.status === status && this.error === error) return;
    this.status = status;
    this.error = error;
    this.touch();
  }

  /** Makes the next view, and tells of it. */
  publish(): void {
    this.#view = this.build();
    tell(this.#listeners);
  }

  /** Adds a reader to one of the feed's lists of them. */
  protected listen(listeners: Set<() => void>, listener: () => void): () => void {
    // One function may listen twice, and stop twice.
    const mine = () => listener();
    listeners.add(mine);
    if (++this.#readers === 1) this.host.follow(this as Feed<unknown>);
    return () => {
      if (listeners.delete(mine) && --this.#readers === 0) this.host.unfollow(this as Feed<unknown>);
    };
  }

  protected touch(): void {
    this.host.changed(this as Feed<unknown>);
  }
}
