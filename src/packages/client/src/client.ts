import { Connection, type ConnectionStatus, type WebSocketConstructor } from "./connection.js";
import { TinyvexError } from "./errors.js";
import type { Feed, FeedHost, LiveFrame } from "./feed.js";
import { newKey } from "./key.js";
import { Outbox } from "./outbox.js";
import {
  broadcastSubprotocol, syncSubprotocol, type AckFrame, type AgentRow, type ControlName, type Controls, type ElicitationRow, type PermissionRow,
  type Queries, type QueryName, type QueryResultFrame, type RunSubmittedFrame, type ServerFrame, type ThreadRow,
} from "./protocol.js";
import { requestsKind, RowsFeed, runsKind, threadsKind } from "./rows-feed.js";
import { tell } from "./tell.js";
import { ThreadFeed } from "./thread-feed.js";
import type { Run } from "./thread-item.js";
import { onWake } from "./wake.js";

export interface TinyvexOptions {
  /** The server's `/ws`, as the ready line names it under `ws`. A function is asked before each attempt. */
  url: string | (() => string | Promise<string>);
  /** The server's token. With a function, a token that was refused is asked for again; a string that was refused ends the attempts. */
  token?: string | undefined | (() => string | undefined | Promise<string | undefined>);
  /** What answers and changes are signed with, such as `phone`: 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`. */
  name?: string | undefined;
  /** `sync` (the default) brings what is asked for; `broadcast` every update of every thread, for `onFrame`. */
  mode?: "sync" | "broadcast";
  /** Where there is no global WebSocket, as in Node 20: that of the package `ws`. */
  WebSocket?: WebSocketConstructor;
  /** Milliseconds of the first wait between attempts and of the longest: 250 and 15,000 where nothing is said. */
  backoff?: { first: number; longest: number };
  /** Milliseconds without a word from the server after which it is asked for one: 20,000. */
  silence?: number;
  /** Requests that wait for an answer or a connection: 1,000, of 16 MiB together as UTF-8. More are refused with `outbox_full`. */
  outbox?: { requests: number; bytes: number };
}

/** A frame that was sent or received, for whoever wants to look at the wire. */
export interface FrameEvent {
  readonly direction: "in" | "out";
  readonly frame: ServerFrame | { control: string; id?: string; [field: string]: unknown };
  /** UTF-16 units of its text. */
  readonly size: number;
}

export interface RequestOptions {
  /** Gives up waiting; what was sent may still happen. */
  signal?: AbortSignal;
}

/** Feeds that nobody reads are kept, to be taken up from their cursor: this many, those used last. */
const mostKept = 20;
/** A reader that leaves and comes back within this time, in milliseconds, costs nothing. */
const linger = 2_000;
/** The server asks to wait where it has too much to do; this long, in milliseconds. */
const overloadedWait = 1_000;
/** Frames kept for a subscription whose snapshot is on its way, in broadcast mode. */
const mostEarly = 1_000;

/** Those that take a key, by name, so that the compiler says which one is missing. */
type TakesKey<Fields> = string extends keyof Fields ? false : "key" extends keyof Fields ? true : false;
type Write = { [Control in ControlName]: TakesKey<Controls[Control]["request"]> extends true ? Control : never }[ControlName];
const writes: Record<Write, 1> = {
  "tvx.ingest": 1, "tvx.finalize": 1, "tvx.create_thread": 1, "tvx.update_thread": 1, "tvx.delete_thread": 1, "run.submit": 1, "run.cancel": 1,
  "permission.respond": 1, "elicitation.respond": 1, "tvx.begin_run": 1, "tvx.end_run": 1, "tvx.request_permission": 1, "tvx.request_elicitation": 1,
  "tvx.complete_elicitation": 1, "tvx.import": 1,
};
const reads = new Set<ControlName>(["tvx.query", "echo", "debug.echo", "debug.ping", "auth.code", "auth.token"]);

interface Following {
  /** The request that was sent last; an answer to another one is of the past. */
  request: string | null;
  /** Broadcast mode: what came before the snapshot. */
  early: LiveFrame[];
  ending: ReturnType<typeof setTimeout> | undefined;
}

/** A client of one Tinyvex server. It connects on the first use, and stays connected until it is closed. */
export class TinyvexClient {
  readonly #mode: "sync" | "broadcast";
  readonly #WebSocket: WebSocketConstructor | undefined;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #host: FeedHost;
  readonly #feeds = new Map<string, Feed<any>>();
  readonly #following = new Map<Feed<unknown>, Following>();
  readonly #changed = new Set<Feed<unknown>>();
  readonly #statusListeners = new Set<() => void>();
  readonly #frameListeners = new Set<(event: FrameEvent) => void>();
  #stopWaking: (() => void) | undefined;
  #publishing: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(options: TinyvexOptions) {
    const { url, token, name, mode = "sync", silence = 20_000 } = options;
    this.#mode = mode;
    this.#WebSocket = options.WebSocket;
    this.#outbox = new Outbox(options.outbox ?? { requests: 1_000, bytes: 16 * 1024 * 1024 });
    this.#connection = new Connection({
      target: async () => {
        const shown = typeof token === "function" ? await token() : token;
        const protocols = [mode === "sync" ? syncSubprotocol : broadcastSubprotocol];
        if (shown) protocols.push(`tinyvex.token.${shown}`);
        const to = typeof url === "function" ? await url() : url;
        return { url: name ? `${to}${to.includes("?") ? "&" : "?"}client=${name}` : to, protocols };
      },
      WebSocket: () => this.#Socket(),
      retryRefused: typeof token === "function",
      backoff: options.backoff ?? { first: 250, longest: 15_000 },
      silence,
      onStatus: (status) => this.#onStatus(status),
      onOpen: () => this.#onOpen(),
      onText: (text) => this.#onText(text),
      onLost: () => this.#onLost(),
    });
    this.#host = {
      query: (name, args) => this.query(name, args),
      follow: (feed) => this.#follow(feed),
      unfollow: (feed) => this.#unfollow(feed),
      changed: (feed) => this.#touch(feed),
      restart: (feed) => this.#restart(feed),
    };
  }

  /** Whether it is connected: an object that is another one after each change. */
  readonly getStatus = (): ConnectionStatus => this.#connection.status;

  /** Tells of each change of `getStatus`. Call what it returns to stop. */
  readonly onStatus = (listener: () => void): (() => void) => listen(this.#statusListeners, listener);

  /** Tells of each frame, both ways. Call what it returns to stop. */
  readonly onFrame = (listener: (event: FrameEvent) => void): (() => void) => listen(this.#frameListeners, listener);

  /** Connects, where that has not happened yet; also after `close`, and after the token was refused. */
  connect(): void {
    this.#Socket();
    this.#stopWaking ??= onWake(() => this.wake(), () => this.#connection.check());
    this.#connection.connect();
  }

  /** To be called where the system tells that the app is in front again, if that is not a browser's `online` or `visibilitychange`. */
  wake(): void {
    this.#connection.wake();
  }

  /** Ends the connection, until it is used again. What waits for an answer fails with `closed`. */
  close(): void {
    this.#stopWaking?.();
    this.#stopWaking = undefined;
    this.#connection.close();
    this.#outbox.fail(new TinyvexError("closed", "the client was closed"));
  }

  /** Everything of one thread. */
  thread(threadId: string, { limit = 100 }: { limit?: number } = {}): ThreadFeed {
    return this.#feed(`thread ${threadId}`, () => new ThreadFeed(this.#host, threadId, limit));
  }

  /** Threads, the one that changed last first. */
  threads({ archived = false, limit = 50 }: { archived?: boolean | "all"; limit?: number } = {}): RowsFeed<ThreadRow> {
    return this.#feed(`threads ${archived}`, () => new RowsFeed(this.#host, threadsKind(this.#host, archived, limit), undefined, limit));
  }

  /** Runs of a thread or of all, the newest first. */
  runs({ threadId, limit = 50 }: { threadId?: string; limit?: number } = {}): RowsFeed<Run> {
    return this.#feed(`runs ${threadId ?? ""}`, () => new RowsFeed(this.#host, runsKind(this.#host, threadId, limit), threadId, limit));
  }

  /** Permission requests of a thread or of all, pending ones first. */
  permissions({ threadId, limit = 50 }: { threadId?: string; limit?: number } = {}): RowsFeed<PermissionRow> {
    return this.#feed(`permissions ${threadId ?? ""}`, () => this.#requests("permissions", threadId, limit));
  }

  /** Forms and pages that agents ask for, of a thread or of all, pending ones first. */
  elicitations({ threadId, limit = 50 }: { threadId?: string; limit?: number } = {}): RowsFeed<ElicitationRow> {
    return this.#feed(`elicitations ${threadId ?? ""}`, () => this.#requests("elicitations", threadId, limit));
  }

  /** What is followed on the server at this moment, each with its cursor. */
  followed(): readonly Feed<unknown>[] {
    return [...this.#following.keys()];
  }

  /** Sends a prompt. The run's fate is told by the thread. */
  submit(request: Controls["run.submit"]["request"], options?: RequestOptions): Promise<RunSubmittedFrame> {
    return this.request("run.submit", request, options);
  }

  /** Cancels the turn under way in a thread, or one run. */
  cancel(request: Controls["run.cancel"]["request"], options?: RequestOptions): Promise<AckFrame> {
    return this.request("run.cancel", request, options);
  }

  /** Answers a permission request. Where another client was first it fails with `conflict`, whose `data` has the answer that stands. */
  respond(request: Controls["permission.respond"]["request"], options?: RequestOptions): Promise<AckFrame> {
    return this.request("permission.respond", request, options);
  }

  /** Answers an elicitation: a form, a page to visit. As `respond`, it fails with `conflict` where another client was first. */
  answer(request: Controls["elicitation.respond"]["request"], options?: RequestOptions): Promise<AckFrame> {
    return this.request("elicitation.respond", request, options);
  }

  /** The agents that are configured. */
  async agents(options?: RequestOptions): Promise<AgentRow[]> {
    return (await this.query("agents.list", {}, options)).rows;
  }

  query<Name extends QueryName>(
    name: Name, args: Queries[Name]["args"], options?: RequestOptions,
  ): Promise<QueryResultFrame<Name>> {
    return this.request("tvx.query", { name, args } as Controls["tvx.query"]["request"], options) as Promise<QueryResultFrame<Name>>;
  }

  /**
   * Sends any request. One that is made without a connection waits for it. Writes get a key where they have none, and like reads are sent again
   * after a lost connection until they are answered, so they happen once.
   * @throws {TinyvexError} the server's error; `disconnected`, `closed`, `refused`, `too_large` or `outbox_full` where it had none to give.
   */
  async request<Control extends ControlName>(
    control: Control, fields: Controls[Control]["request"], { signal }: RequestOptions = {},
  ): Promise<Controls[Control]["reply"]> {
    signal?.throwIfAborted();
    this.connect();
    const id = `c${++this.#lastId}`;
    const isWrite = control in writes;
    const request = { control, id, ...fields, ...(isWrite && { key: (fields as { key?: string }).key ?? newKey() }) };
    return new Promise((resolve, reject) => {
      const aborted = () => {
        if (this.#outbox.take(id)) reject(signal!.reason);
      };
      const settled = <T>(settle: (value: T) => void) => (value: T) => {
        signal?.removeEventListener("abort", aborted);
        settle(value);
      };
      this.#outbox.add(id, {
        text: JSON.stringify(request),
        isSent: false,
        isRepeatable: isWrite || reads.has(control),
        answered: settled(resolve as (frame: ServerFrame) => void),
        failed: settled(reject),
      });
      signal?.addEventListener("abort", aborted);
      this.#flush();
    });
  }

  /** Looked for only now, as a page that is rendered on a server makes a client that never connects. */
  #Socket(): WebSocketConstructor {
    const found = this.#WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (!found) throw new TypeError("There is no WebSocket here. Pass one as the option WebSocket, such as that of the package 'ws'.");
    return found;
  }

  #requests<Row extends PermissionRow | ElicitationRow>(stream: "permissions" | "elicitations", threadId: string | undefined, limit: number): RowsFeed<Row> {
    return new RowsFeed<Row>(this.#host, requestsKind(this.#host, stream, threadId, limit), threadId, limit);
  }

  #feed<F extends Feed<any>>(name: string, make: () => F): F {
    let feed = this.#feeds.get(name) as F | undefined;
    this.#feeds.delete(name);
    this.#feeds.set(name, (feed ??= make()));
    let surplus = this.#feeds.size - this.#following.size - mostKept;
    for (const [other, { isFollowed }] of this.#feeds) {
      if (surplus <= 0) break;
      if (isFollowed || other === name) continue;
      this.#feeds.delete(other);
      surplus--;
    }

    return feed;
  }

  #follow(feed: Feed<unknown>): void {
    const known = this.#following.get(feed);
    if (known) {
      clearTimeout(known.ending);
      return;
    }

    this.#following.set(feed, { request: null, early: [], ending: undefined });
    feed.setStatus(feed.cursor === null ? "loading" : "offline");
    this.connect();
    if (this.#connection.status.state === "open") this.#subscribe(feed);
  }

  #unfollow(feed: Feed<unknown>): void {
    const following = this.#following.get(feed);
    if (following) following.ending = setTimeout(() => this.#end(feed), linger);
  }

  #end(feed: Feed<unknown>): void {
    this.#following.delete(feed);
    feed.setStatus("idle");
    if (this.#at(feed).length > 0 || this.#connection.status.state !== "open") return;
    // Nothing depends on the answer: what still comes is for nobody.
    this.#send({ control: "tvx.unsubscribe", ...place(feed) });
  }

  /** Those who read the same subscription. */
  #at({ stream, threadId }: Feed<unknown>): Feed<unknown>[] {
    return [...this.#following.keys()].filter((one) => one.stream === stream && one.threadId === threadId);
  }

  #restart(feed: Feed<unknown>): void {
    feed.cursor = null;
    if (this.#following.has(feed) && this.#connection.status.state === "open") this.#subscribe(feed);
  }

  #subscribe(feed: Feed<unknown>): void {
    const following = this.#following.get(feed);
    if (!following) return;
    const id = `s${++this.#lastId}`;
    following.request = id;
    following.early = [];
    // A subscription has one place in the log: where its readers are at different ones, all begin with a snapshot.
    const isOne = this.#at(feed).every(({ cursor }) => cursor === feed.cursor);
    const since = this.#mode === "sync" && isOne ? feed.cursor : null;
    this.#send({ control: "tvx.subscribe", id, ...place(feed), limit: feed.limit, ...(since !== null && { since }) });
  }

  #onSubscribed(feed: Feed<unknown>, following: Following, frame: ServerFrame): void {
    following.request = null;
    switch (frame.type) {
      case "tinyvex.snapshot":
        // A subscription that is asked for again goes on from the new snapshot, for all who read it.
        for (const one of this.#at(feed)) {
          one.reset(frame);
          one.cursor = frame.cursor;
          one.setStatus("live");
        }

        break;
      case "tinyvex.resumed":
        feed.setStatus("live");
        break;
      case "tinyvex.error":
        if (frame.code === "overloaded") {
          setTimeout(() => {
            if (following.request === null && this.#connection.status.state === "open") this.#subscribe(feed);
          }, overloadedWait);
        } else {
          feed.setStatus("failed", new TinyvexError(frame.code, frame.message, frame.data));
        }
    }

    if (following.early.length > mostEarly) this.#subscribe(feed);
    else for (const early of following.early.splice(0)) this.#apply(feed, early);
  }

  #onStatus({ state, reason }: ConnectionStatus): void {
    for (const feed of this.#following.keys()) {
      if (state !== "open" && feed.isLive) feed.setStatus("offline");
    }

    if (state === "refused") this.#outbox.fail(new TinyvexError("refused", `the server refuses the token: ${reason}`));
    tell(this.#statusListeners);
  }

  #onOpen(): void {
    for (const feed of this.#following.keys()) this.#subscribe(feed);
    this.#flush();
  }

  #onLost(): void {
    this.#outbox.lost();
    for (const following of this.#following.values()) following.request = null;
  }

  #onText(text: string): void {
    const frame = JSON.parse(text) as ServerFrame;
    this.#tell("in", frame, text.length);
    const id = "id" in frame ? frame.id : undefined;
    if (typeof id === "string") {
      for (const [feed, following] of this.#following) {
        if (following.request === id) return this.#onSubscribed(feed, following, frame);
      }

      this.#outbox.settle(id, frame);
      return;
    }

    if (frame.type !== "tinyvex.update" && frame.type !== "tinyvex.finalize") return;
    for (const [feed, following] of this.#following) {
      if (!feed.covers(frame)) continue;
      if (following.request === null) this.#apply(feed, frame);
      else if (this.#mode === "broadcast" && following.early.length <= mostEarly) following.early.push(frame);
    }
  }

  #apply(feed: Feed<unknown>, frame: LiveFrame): void {
    if (!feed.isLive) return;
    if (frame.cursor !== undefined) feed.cursor = frame.cursor;
    feed.apply(frame);
  }

  #flush(): void {
    if (this.#connection.status.state === "open") this.#outbox.flush((text) => this.#sendText(text));
  }

  #send(request: { control: ControlName; [field: string]: unknown }): void {
    this.#sendText(JSON.stringify(request));
  }

  #sendText(text: string): void {
    if (this.#frameListeners.size > 0) this.#tell("out", JSON.parse(text) as FrameEvent["frame"], text.length);
    this.#connection.send(text);
  }

  #tell(direction: "in" | "out", frame: FrameEvent["frame"], size: number): void {
    tell(this.#frameListeners, { direction, frame, size });
  }

  /** Frames that arrive together are shown together. */
  #touch(feed: Feed<unknown>): void {
    this.#changed.add(feed);
    this.#publishing ??= setTimeout(() => {
      this.#publishing = undefined;
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const one of changed) one.publish();
    }, 0);
  }
}

function place({ stream, threadId }: Feed<unknown>): { stream: string; threadId?: string } {
  return { stream, ...(threadId !== undefined && { threadId }) };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
