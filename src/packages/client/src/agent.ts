import { AgentRun, type AnswerOf } from "./agent-run.js";
import type { TinyvexClient } from "./client.js";
import { TinyvexError } from "./errors.js";
import type { ElicitationOutcome, PermissionOutcome, ServerFrame, StopReason } from "./protocol.js";
import { isOver } from "./run-status.js";

export { AgentRun, type RunEnd } from "./agent-run.js";

/**
 * Works on one prompt. What it returns ends the turn: a stop reason, `end_turn` where it returns nothing, `cancelled` where it was told to stop. What it
 * throws makes the run fail.
 */
export type AgentHandler = (run: AgentRun) => Promise<StopReason | void> | StopReason | void;

export interface AttachOptions {
  /** For people; the name where nothing is said. */
  title?: string;
  /** Is told what a handler threw, and what the server did not take. */
  onError?: (error: unknown, run: AgentRun | null) => void;
}

export interface AttachedAgent {
  /** Ends when prompts arrive here; fails where the name is taken for longer than a few seconds or is a configured agent's, with `refused` and with `closed`. */
  readonly ready: Promise<void>;
  /** The runs that are worked on. */
  readonly runs: ReadonlyMap<string, AgentRun>;
}

/** Milliseconds until a name that is taken is asked for again: a connection that was lost holds it until the server has seen so. */
const retryAfter = 1_000;
/** How often that is tried at first. Later it is tried until it works, as the name was ours. */
const firstTries = 5;
/** Answers kept for a request whose ack is still on its way. */
const mostEarly = 100;
/** Rows that are looked at to find out what became of a run: more than a thread's prompts that may wait behind it. */
const runsAsked = 200;

/** Runs an agent: prompts for `name` arrive at the handler, also after a lost connection. It lasts until the client is closed. */
export function attachAgent(client: TinyvexClient, name: string, handler: AgentHandler, options: AttachOptions = {}): AttachedAgent {
  const runs = new Map<string, AgentRun>();
  const waiting = new Map<string, (outcome: never) => void>();
  const early = new Map<string, PermissionOutcome | ElicitationOutcome>();
  // Which kind of outcome it is follows from who asks: an id is that of one question.
  const answerOf: AnswerOf = <Outcome extends PermissionOutcome | ElicitationOutcome>(requestId: string) =>
    new Promise<Outcome>((resolve) => {
      const outcome = early.get(requestId);
      early.delete(requestId);
      if (outcome) resolve(outcome as Outcome);
      else waiting.set(requestId, resolve);
    });
  let attempt = 0;
  let isAttached = false;
  let settle!: { resolve(): void; reject(error: unknown): void };
  const ready = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  ready.catch(() => {});

  const attach = async (): Promise<void> => {
    const mine = ++attempt;
    for (let tries = 1; mine === attempt && client.getStatus().state === "open"; tries++) {
      try {
        await client.request("agent.attach", { name, ...(options.title !== undefined && { title: options.title }) });
        isAttached = true;
        settle.resolve();
        await forgetLost();
        return;
      } catch (error) {
        // The next connection tries anew.
        if (!(error instanceof TinyvexError) || error.code === "disconnected" || error.code === "closed") return;
        if (!isAttached && (error.code !== "conflict" || tries === firstTries)) {
          settle.reject(error);
          stopFrames();
          stopStatus();
          return;
        }

        await new Promise((resolve) => setTimeout(resolve, retryAfter));
      }
    }
  };

  /** A server that was started anew knows nothing of what we work on. */
  const forgetLost = async (): Promise<void> => {
    for (const run of [...runs.values()]) {
      const { rows } = await client.query("runs.list", { threadId: run.threadId, limit: runsAsked });
      const row = rows.find(({ runId }) => runId === run.runId);
      if (!row || isOver(row)) run.lose();
    }
  };

  const work = async (run: AgentRun): Promise<void> => {
    runs.set(run.runId, run);
    try {
      const reason = await handler(run);
      await run.end(reason ?? (run.signal.aborted ? "cancelled" : "end_turn"));
    } catch (error) {
      // Many a way to stop in the middle is an error.
      if (!run.signal.aborted) options.onError?.(error, run);
      await run.end({ error: error instanceof Error ? error.message : String(error) }).catch((failure: unknown) => options.onError?.(failure, run));
    } finally {
      runs.delete(run.runId);
    }
  };

  const onFrame = (frame: ServerFrame): void => {
    switch (frame.type) {
      case "run.requested":
        // Asked for again on a new connection, while it is worked on.
        if (!runs.has(frame.runId)) void work(new AgentRun(client, frame, answerOf));
        break;
      case "run.cancel_requested":
        runs.get(frame.runId)?.cancel();
        break;
      case "permission.answered":
      case "elicitation.answered": {
        const answered = waiting.get(frame.requestId);
        waiting.delete(frame.requestId);
        if (answered) answered(frame.outcome as never);
        else if (early.size < mostEarly) early.set(frame.requestId, frame.outcome);
      }
    }
  };

  const stopFrames = client.onFrame(({ direction, frame }) => {
    if (direction === "in") onFrame(frame as ServerFrame);
  });
  /** The client was closed, and with it all that was worked on. */
  const close = (): void => {
    stopFrames();
    stopStatus();
    for (const run of [...runs.values()]) run.lose();
    settle.reject(new TinyvexError("closed", "the client was closed"));
  };
  let wasOpen = client.getStatus().state === "open";
  const stopStatus = client.onStatus(() => {
    const { state, reason } = client.getStatus();
    if (state === "refused") settle.reject(new TinyvexError("refused", `the server refuses the token: ${reason}`));
    if (state === "idle") close();
    const isOpen = state === "open";
    if (isOpen && !wasOpen) void attach().catch((error: unknown) => options.onError?.(error, null));
    wasOpen = isOpen;
  });
  if (wasOpen) void attach().catch((error: unknown) => options.onError?.(error, null));
  else client.connect();
  return { ready, runs };
}
