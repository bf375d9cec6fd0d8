import { isOver, type PermissionRow, type Run, type ThreadItem } from "@tinyvex/client";

export type TurnItem = Exclude<ThreadItem, { kind: "run" | "terminal" | "elicitation" }>;

/** One of assistant-ui's messages: a prompt, or all that the agent said, thought and did until the next one. */
export interface Turn {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly items: readonly TurnItem[];
  /** The run that it belongs to; null where a client wrote the thread by itself. */
  readonly run: Run | null;
  /** Whether it is a prompt that waits for its run. It has no message of its own until then, and never one where its run ended before it began. */
  readonly isQueued: boolean;
  /** Whether the agent is at it. */
  readonly isRunning: boolean;
  /** The last request that waits for an answer. */
  readonly pending: PermissionRow | null;
}

/** Cuts a thread into turns. A turn that did not change is the same object as before, so that it is converted and rendered once. */
export class Turns {
  #before = new Map<string, Turn>();

  of(items: readonly ThreadItem[]): readonly Turn[] {
    const runs = items.flatMap((item) => (item.kind === "run" ? [item.row] : []));
    const turns = this.#cut(items, startedInOrder(runs));
    for (const run of runs.filter(hasNeverBegun)) {
      turns.splice(placeOf(run, turns), 0, turnOf("user", `r:${run.runId}`, [], run), turnOf("assistant", `e:${run.runId}`, [], run));
    }

    for (const run of runs) if (run.status === "queued") turns.push(turnOf("user", `r:${run.runId}`, [], run, true));
    const result = turns.map((turn) => this.#sameAsBefore(turn));
    this.#before = new Map(result.map((turn) => [turn.id, turn]));
    return result;
  }

  #cut(items: readonly ThreadItem[], started: readonly Run[]): Turn[] {
    const turns: Turn[] = [];
    let open: TurnItem[] = [];
    let reached = -1;
    const runAt = (time: number) => {
      while (reached + 1 < started.length && started[reached + 1]!.startedAt! <= time) reached++;
      return started[reached] ?? null;
    };
    const close = () => {
      if (open.length > 0) turns.push(turnOf("assistant", this.#idOf(open), open, runAt(timeOf(open[0]!))));
      open = [];
      // A run that came to nothing is still to be told of.
      const last = turns.at(-1);
      if (last?.role === "user" && last.run && isToBeTold(last.run)) turns.push(turnOf("assistant", `r:${last.run.runId}`, [], last.run));
    };

    for (const item of items) {
      // A terminal is shown by the tool call that names it, as `useTerminal` has it.
      if (item.kind === "run" || item.kind === "terminal" || item.kind === "elicitation") continue;
      if (item.kind === "message" && item.row.role === "user") {
        close();
        turns.push(turnOf("user", item.key, [item], runAt(timeOf(item))));
      } else {
        open.push(item);
      }
    }

    close();
    const last = turns.at(-1);
    if (last?.role === "assistant" && last.run && !isOver(last.run)) turns[turns.length - 1] = { ...last, isRunning: true };
    return turns;
  }

  /** The first item's key; but where older items were loaded in front of a turn, the name that it had before. */
  #idOf(items: readonly TurnItem[]): string {
    return (items.find(({ key }) => this.#before.has(key)) ?? items[0]!).key;
  }

  #sameAsBefore(turn: Turn): Turn {
    const before = this.#before.get(turn.id);
    return before && before.run === turn.run && before.isRunning === turn.isRunning && before.items.length === turn.items.length
        && before.items.every((item, i) => item === turn.items[i])
      ? before
      : turn;
  }
}

function turnOf(role: Turn["role"], id: string, items: readonly TurnItem[], run: Run | null, isQueued = false): Turn {
  const pending = items.findLast((item) => item.kind === "permission" && item.row.status === "pending");
  return { id, role, items, run, isQueued, isRunning: false, pending: pending ? (pending.row as PermissionRow) : null };
}

/** By the time at which they began, as a run that waits is ordered before what is said meanwhile. */
function startedInOrder(runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ startedAt }) => startedAt !== null).sort((a, b) => a.startedAt! - b.startedAt!);
}

/** Whether a run was cancelled, or failed, while it waited. Of one that is not loaded the end alone may be known, which says nothing without its prompt. */
function hasNeverBegun(run: Run): boolean {
  return run.startedAt === null && run.prompt !== null && (run.status === "cancelled" || run.status === "failed");
}

/** Where it waited when it ended: behind all that had begun by then. */
function placeOf({ finishedAt, createdAt }: Run, turns: readonly Turn[]): number {
  const next = turns.findIndex(({ role, items }) => role === "user" && items[0] !== undefined && timeOf(items[0]) > (finishedAt ?? createdAt));
  return next < 0 ? turns.length : next;
}

function isToBeTold(run: Run): boolean {
  return run.status === "failed" || (isOver(run) && run.stopReason !== null && run.stopReason !== "end_turn" && run.stopReason !== "cancelled");
}

export function timeOf(item: TurnItem): number {
  return item.kind === "message" ? item.row.ts : item.row.createdAt;
}
