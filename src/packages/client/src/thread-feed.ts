import type { TinyvexError } from "./errors.js";
import { Feed, type FeedHost, type FeedStatus, type LiveFrame } from "./feed.js";
import type {
  ElicitationRow, FinalizeFrame, MessagesUpdate, PermissionRow, PlanRow, RunPatch, SnapshotFrame, StateRow, TerminalRow, TerminalsUpdate, ThreadRow,
  ThreadSnapshot, ToolCallPatch, ToolCallRow,
} from "./protocol.js";
import { laterRequest } from "./request-status.js";
import { isOver } from "./run-status.js";
import { tell } from "./tell.js";
import { appended, begun, changed, finalized, messageOf, printed, type Message, type Run, type ThreadItem } from "./thread-item.js";

/** All of one thread, as of one moment. */
export interface ThreadView {
  readonly status: FeedStatus;
  readonly error: TinyvexError | null;
  /** Null while it is loading, and where there is no such thread yet, or no more. */
  readonly thread: ThreadRow | null;
  readonly isDeleted: boolean;
  /** Messages, thoughts, tool calls, runs, terminals, permission requests and elicitations by `order`. Those that did not change are the same objects as before. */
  readonly items: readonly ThreadItem[];
  /** The keys of `items`: the same object for as long as none comes, goes or moves. */
  readonly keys: readonly string[];
  readonly plan: PlanRow | null;
  readonly state: StateRow | null;
  /** The run under way, else the one that began last. */
  readonly run: Run | null;
  /** Permission requests that wait for an answer. */
  readonly pending: readonly PermissionRow[];
  /** Forms and pages of the agent that wait for an answer. */
  readonly pendingElicitations: readonly ElicitationRow[];
  /** Whether there are older items that `loadOlder` brings. */
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
}

/** Updates of one message or terminal that wait while it is fetched whole. Beyond that only the last is kept, behind whose gap it is fetched again. */
const mostHeld = 256;

interface RequestRows {
  permissions: PermissionRow;
  elicitations: ElicitationRow;
}

const firstPage: { page: string | null; from: number } = { page: "", from: Infinity };

type Piece = MessagesUpdate | FinalizeFrame | TerminalsUpdate;

/** The stream `thread`. */
export class ThreadFeed extends Feed<ThreadView> {
  declare readonly threadId: string;
  #thread: ThreadRow | null = null;
  #isDeleted = false;
  /** By order. Replaced in place, and copied for each view. */
  #items: ThreadItem[] = [];
  readonly #at = new Map<string, number>();
  /** Null after an item has come, gone or moved. */
  #keys: readonly string[] | null = null;
  /** Those who read one item. */
  readonly #itemListeners = new Map<string, Set<() => void>>();
  /** Items that are read and have changed since the last view. */
  readonly #touchedKeys = new Set<string>();
  #plan: PlanRow | null = null;
  #state: StateRow | null = null;
  #nextPage: string | null = null;
  /** The order from which on all is loaded; of before it there is only what waits or runs. */
  #from = 0;
  /** How far requests are loaded: the next page of each list, and the order that was reached. */
  #requestPages = { permissions: firstPage, elicitations: firstPage };
  #loading: Promise<void> | null = null;
  /** Messages and terminals of which something is missing, each with what came since. */
  readonly #fetching = new Map<string, Piece[]>();
  /** Which snapshot this is built on. */
  #base = 0;
  #run: Run | null = null;
  #pending: readonly PermissionRow[] = [];
  #pendingElicitations: readonly ElicitationRow[] = [];
  #isSummarized = false;

  constructor(host: FeedHost, threadId: string, limit: number) {
    super(host, "thread", threadId, limit);
  }

  /** Brings the page before the oldest item. Without effect where there is none. */
  loadOlder(): Promise<void> {
    return (this.#loading ??= this.#loadOlder().finally(() => {
      this.#loading = null;
      this.touch();
    }));
  }

  /** Brings the whole of a message, tool call or terminal that says it is `truncated`. */
  async loadWhole(item: ThreadItem): Promise<void> {
    const { threadId } = this;
    const base = this.#base;
    if (item.kind === "terminal") return this.#fetch(item.row);
    const whole =
      item.kind === "message" ? (await this.host.query("messages.get", { threadId, itemId: item.row.itemId })).rows.map((row) => message(messageOf(row)))
      : item.kind === "tool_call" ? (await this.host.query("tool_calls.get", { threadId, toolCallId: item.row.toolCallId })).rows.map(toolCall)
      : [];
    if (base !== this.#base || !whole[0]) return;
    this.#put(whole[0]);
    this.touch();
  }

  /** One item of the view of this moment. */
  readonly getItem = (key: string): ThreadItem | undefined => {
    const { items } = this.getSnapshot();
    const item = items[this.#at.get(key) ?? -1];
    // The places are those of the next view, when an item has come since.
    return item?.key === key ? item : items.find((other) => other.key === key);
  };

  /** As `subscribe`, but tells of changes of one item alone, which costs the others nothing. */
  readonly subscribeItem = (key: string, listener: () => void): (() => void) => {
    const listeners = this.#itemListeners.get(key) ?? new Set();
    this.#itemListeners.set(key, listeners);
    const stop = this.listen(listeners, listener);
    return () => {
      stop();
      if (listeners.size === 0 && this.#itemListeners.get(key) === listeners) this.#itemListeners.delete(key);
    };
  };

  override publish(): void {
    super.publish();
    const touched = [...this.#touchedKeys];
    this.#touchedKeys.clear();
    for (const key of touched) tell(this.#itemListeners.get(key) ?? []);
  }

  covers(frame: LiveFrame): boolean {
    return (frame.stream === "threads" && frame.row ? frame.row.id : (frame as { threadId: string }).threadId) === this.threadId;
  }

  reset(snapshot: SnapshotFrame): void {
    const { thread, messages, toolCalls, runs, permissions, elicitations, terminals, plan, state, nextPage } = snapshot as ThreadSnapshot;
    this.#clear();
    this.#thread = thread;
    this.#isDeleted &&= thread === null;
    this.#plan = plan;
    this.#state = state;
    this.#nextPage = nextPage;
    this.#from = lowestOrder([...messages, ...toolCalls, ...runs], 0);
    this.#requestPages = { permissions: firstPage, elicitations: firstPage };
    this.#items = [
      ...messages.map((row) => message(messageOf(row))),
      ...toolCalls.map(toolCall),
      ...runs.map(run),
      ...permissions.map(permission),
      // A server of before has none of these.
      ...(elicitations ?? []).map(elicitation),
      ...(terminals ?? []).map(terminal),
    ].sort((a, b) => a.order - b.order);
    this.#index(0);
    this.touch();
  }

  apply(frame: LiveFrame): void {
    switch (frame.stream) {
      case "messages":
        this.#takeMessage(frame);
        break;
      case "tool_calls":
        this.#takeToolCall(frame.row);
        break;
      case "runs":
        this.#takeRun(frame.row);
        break;
      case "permissions":
        this.#takeRequest(permission(frame.row));
        break;
      case "elicitations":
        this.#takeRequest(elicitation(frame.row));
        break;
      case "terminals":
        this.#takeTerminal(frame);
        break;
      case "plan":
        this.#plan = frame.row;
        break;
      case "state":
        this.#state = frame.row;
        break;
      case "threads":
        if (frame.deleted) this.#delete();
        else this.#takeThread(frame.row);
        break;
    }

    this.touch();
  }

  protected build(): ThreadView {
    const items = this.#items.slice();
    this.#summarize(items);
    return {
      status: this.status,
      error: this.error,
      thread: this.#thread,
      isDeleted: this.#isDeleted,
      items,
      keys: (this.#keys ??= items.map(({ key }) => key)),
      plan: this.#plan,
      state: this.#state,
      run: this.#run,
      pending: this.#pending,
      pendingElicitations: this.#pendingElicitations,
      hasOlder: this.#nextPage !== null,
      isLoadingOlder: this.#loading !== null,
    };
  }

  /** Looked for only after a run or a request has changed, as each means a look at all items. */
  #summarize(items: readonly ThreadItem[]): void {
    if (this.#isSummarized) return;
    this.#isSummarized = true;
    const runs = items.flatMap((item) => (item.kind === "run" ? [item.row] : []));
    this.#run = runs.find((row) => row.status === "running") ?? runs.find((row) => row.status === "queued") ?? runs.at(-1) ?? null;
    this.#pending = pendingOf(items, "permission", this.#pending);
    this.#pendingElicitations = pendingOf(items, "elicitation", this.#pendingElicitations);
  }

  #takeThread(row: ThreadRow): void {
    this.#isDeleted = false;
    if (!this.#thread || row.updatedAt >= this.#thread.updatedAt) this.#thread = row;
  }

  #takeMessage(frame: MessagesUpdate | FinalizeFrame): void {
    const held = this.#fetching.get(frame.itemId);
    if (held) {
      held[Math.min(held.length, mostHeld - 1)] = frame;
      return;
    }

    const known = this.#find(`m:${frame.itemId}`)?.row as Message | undefined;
    // An older one that is not loaded is not to be begun in the middle.
    if (!known && frame.type === "tinyvex.update" && this.#isBeforeLoaded(frame.order)) return;
    const next =
      frame.type === "tinyvex.finalize" ? known && finalized(known, frame)
      : known ? appended(known, frame)
      : begun(frame);
    if (next) {
      if (next !== known) this.#put(message(next));
    } else if (known || frame.type === "tinyvex.update") {
      void this.#fetch(frame);
    }
  }

  #takeTerminal(frame: TerminalsUpdate): void {
    const held = this.#fetching.get(frame.terminalId);
    if (held) {
      held[Math.min(held.length, mostHeld - 1)] = frame;
      return;
    }

    const known = this.#find(`x:${frame.terminalId}`)?.row as TerminalRow | undefined;
    if (!known && frame.row && this.#isBeforeLoaded(frame.row.order)) return;
    const next = frame.row ? changed(known, frame.row) : known && printed(known, frame);
    if (!next) void this.#fetch(frame);
    else if (next !== known) this.#put(terminal(next));
  }

  /** What is shown stays as it is until the whole message or terminal is there. */
  async #fetch(missing: Piece | TerminalRow): Promise<void> {
    const { threadId } = this;
    const id = "terminalId" in missing ? missing.terminalId : missing.itemId;
    const base = this.#base;
    const held: Piece[] = "type" in missing ? [missing] : [];
    this.#fetching.set(id, held);
    try {
      const whole =
        "terminalId" in missing ?
          (await this.host.query("terminals.get", { threadId, terminalId: id })).rows.map(terminal)
        : (await this.host.query("messages.get", { threadId, itemId: id })).rows.map((row) => message(messageOf(row)));
      if (base !== this.#base) return;
      if (whole[0]) this.#put(whole[0]);
    } catch (error) {
      // One that is gone is told of by its thread's end. One that could not be asked for is asked for again with its next update.
      if (base === this.#base && (error as TinyvexError).code !== "not_found") this.setStatus(this.status, error as TinyvexError);
      return;
    } finally {
      if (base === this.#base) this.#fetching.delete(id);
    }

    for (const one of held) {
      if ("terminalId" in one) this.#takeTerminal(one);
      else this.#takeMessage(one);
    }

    this.touch();
  }

  #takeToolCall(row: ToolCallPatch): void {
    const known = this.#find(`t:${row.toolCallId}`)?.row as ToolCallRow | undefined;
    if (known && row.updatedAt < known.updatedAt) return;
    if (!known && this.#isBeforeLoaded(row.order)) return;
    const { truncated, ...fields } = { content: null, rawInput: null, rawOutput: null, ...known, ...row };
    this.#put(toolCall(row.truncated || (known?.truncated && truncated) ? { ...fields, truncated: true } : fields));
  }

  #takeRun(row: RunPatch): void {
    const known = this.#find(`r:${row.runId}`)?.row as Run | undefined;
    // States of runs overtake what is large, and come again in their place.
    if (known && isOver(known) && !isOver(row)) return;
    if (!known && this.#isBeforeLoaded(row.order)) return;
    this.#put(run({ prompt: null, ...known, ...row }));
  }

  #takeRequest(item: RequestItem): void {
    const known = this.#find(item.key) as RequestItem | undefined;
    if (laterRequest(known?.row, item.row) === item.row) this.#put(item);
  }

  #delete(): void {
    this.#clear();
    this.#isDeleted = true;
    // It may have been made anew since, of which this connection was perhaps told already.
    this.host.restart(this as Feed<unknown>);
  }

  #clear(): void {
    this.#base++;
    this.#thread = this.#plan = this.#state = null;
    this.#nextPage = null;
    this.#items = [];
    this.#at.clear();
    this.#keys = null;
    for (const key of this.#itemListeners.keys()) this.#tell(key);
    this.#fetching.clear();
    this.#isSummarized = false;
  }

  async #loadOlder(): Promise<void> {
    const base = this.#base;
    if (this.#nextPage === null) return;
    this.touch();
    const { rows, nextPage } = await this.host.query("timeline.list", { threadId: this.threadId, limit: this.limit, page: this.#nextPage });
    if (base !== this.#base) return;
    const older = rows.map((one) => (one.kind === "message" ? message(messageOf(one.row)) : one.kind === "tool_call" ? toolCall(one.row) : one.kind === "terminal" ? terminal(one.row) : run(one.row)));
    for (const { key } of older) this.#tell(key);
    const from = nextPage == null ? 0 : lowestOrder(older, this.#from);
    const [permissions, elicitations] = await Promise.all([this.#loadRequests("permissions", from), this.#loadRequests("elicitations", from)]);
    older.push(...permissions.map(permission), ...elicitations.map(elicitation));
    if (base !== this.#base) return;
    this.#items = [...older.filter((item) => !this.#at.has(item.key)), ...this.#items].sort((a, b) => a.order - b.order);
    this.#index(0);
    this.#nextPage = nextPage ?? null;
    this.#from = from;
    this.#isSummarized = false;
  }

  /** What was asked since an order: lists of their own, from which as many pages are read as that takes. */
  async #loadRequests<Stream extends "permissions" | "elicitations">(stream: Stream, from: number): Promise<RequestRows[Stream][]> {
    const found: RequestRows[Stream][] = [];
    const base = this.#base;
    for (let at = this.#requestPages[stream]; at.page !== null && at.from > from && base === this.#base; ) {
      const { rows, nextPage } = await this.host.query(`${stream}.list`, { threadId: this.threadId, limit: this.limit, ...(at.page && { page: at.page }) });
      found.push(...(rows as RequestRows[Stream][]));
      // Those that wait come first, whenever they were asked.
      at = { page: nextPage ?? null, from: lowestOrder(rows.filter(({ status }) => status !== "pending"), at.from) };
      if (base === this.#base) this.#requestPages[stream] = at;
    }

    return found;
  }

  #find(key: string): ThreadItem | undefined {
    const at = this.#at.get(key);
    return at === undefined ? undefined : this.#items[at];
  }

  #isBeforeLoaded(order: number): boolean {
    return this.#nextPage !== null && order < this.#from;
  }

  #put(item: ThreadItem): void {
    if (item.kind === "run" || item.kind === "permission" || item.kind === "elicitation") this.#isSummarized = false;
    this.#tell(item.key);
    const at = this.#at.get(item.key);
    if (at !== undefined) {
      this.#items[at] = item;
      return;
    }

    let place = this.#items.length;
    while (place > 0 && this.#items[place - 1]!.order > item.order) place--;
    this.#items.splice(place, 0, item);
    this.#index(place);
  }

  #tell(key: string): void {
    if (this.#itemListeners.has(key)) this.#touchedKeys.add(key);
  }

  #index(from: number): void {
    for (let i = from; i < this.#items.length; i++) this.#at.set(this.#items[i]!.key, i);
    this.#keys = null;
  }
}

function lowestOrder(of: readonly { order: number }[], without: number): number {
  return of.length === 0 ? without : Math.min(...of.map(({ order }) => order));
}

function message(row: Message): ThreadItem {
  return { kind: "message", key: `m:${row.itemId}`, order: row.order, row };
}

function toolCall(row: ToolCallRow): ThreadItem {
  return { kind: "tool_call", key: `t:${row.toolCallId}`, order: row.order, row };
}

function run(row: Run): ThreadItem {
  return { kind: "run", key: `r:${row.runId}`, order: row.order, row };
}

type RequestItem = Extract<ThreadItem, { kind: "permission" | "elicitation" }>;

function permission(row: PermissionRow): RequestItem {
  return { kind: "permission", key: `p:${row.requestId}`, order: row.order, row };
}

function terminal(row: TerminalRow): ThreadItem {
  return { kind: "terminal", key: `x:${row.terminalId}`, order: row.order, row };
}

function elicitation(row: ElicitationRow): RequestItem {
  return { kind: "elicitation", key: `e:${row.requestId}`, order: row.order, row };
}

/** Rows of one kind that wait for an answer: the same list as before where they are the same. */
function pendingOf<Row>(items: readonly ThreadItem[], kind: RequestItem["kind"], before: readonly Row[]): readonly Row[] {
  const pending = items.flatMap((item) => (item.kind === kind && (item as RequestItem).row.status === "pending" ? [item.row as Row] : []));
  return pending.length === before.length && pending.every((row, i) => row === before[i]) ? before : pending;
}
