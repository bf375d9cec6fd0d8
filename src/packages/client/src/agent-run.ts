import type { TinyvexClient } from "./client.js";
import { TinyvexError, type ClientErrorCode } from "./errors.js";
import type {
  ContentBlock, ControlName, Controls, ElicitationOutcome, ElicitationRequest, PermissionOption, PermissionOutcome, PermissionToolCall, RunFailure, RunRequestedFrame, SessionUpdate, StopReason,
} from "./protocol.js";

/** What became of a question, by the kind of it. */
export type AnswerOf = <Outcome extends PermissionOutcome | ElicitationOutcome>(requestId: string) => Promise<Outcome>;

/** How a turn ends: by itself, or with why it failed. */
export type RunEnd = StopReason | { error: string | RunFailure };

interface Said {
  update: SessionUpdate;
  units: number;
  done(): void;
  failed(error: unknown): void;
}

/** Updates of one request, and about how many UTF-16 units of JSON: a server takes a frame of 16 MiB. */
const mostUpdates = 1_000;
const mostUnits = 1024 * 1024;
/** Milliseconds until what the server could not take for now is sent again. */
const retryAfter = 1_000;

const passing = new Set<ClientErrorCode>(["store_error", "overloaded", "outbox_full"]);
const over = new Set<ClientErrorCode>(["conflict", "not_found"]);

/** A prompt that an agent works on. */
export class AgentRun {
  readonly runId: string;
  readonly threadId: string;
  readonly prompt: readonly ContentBlock[];
  /** Null where the thread has none. */
  readonly workingDirectory: string | null;
  /** The prompt was given to a program before that was lost: what is in the thread of it may be half done. */
  readonly again: boolean;
  readonly #client: TinyvexClient;
  readonly #answerOf: AnswerOf;
  readonly #controller = new AbortController();
  readonly #said: Said[] = [];
  #saying: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #isLost = false;

  constructor(client: TinyvexClient, frame: RunRequestedFrame, answerOf: AnswerOf) {
    this.#client = client;
    this.#answerOf = answerOf;
    this.runId = frame.runId;
    this.threadId = frame.threadId;
    this.prompt = frame.prompt;
    this.workingDirectory = frame.workingDirectory;
    this.again = frame.again ?? false;
  }

  /** Aborted when the turn is to end: it was cancelled, or the server has given it up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The text of the prompt, without its other blocks. */
  get text(): string {
    return this.prompt.map((block) => (block.type === "text" ? block.text : "")).join("");
  }

  /**
   * Says something. The promise ends when it is stored: who awaits it is no faster than the store. What is said without is kept in
   * memory, in its order, and goes out together.
   */
  update(update: SessionUpdate): Promise<void> {
    // What is no JSON is this call's failure, and nobody else's.
    const stored = new Promise<void>((done, failed) => this.#said.push({ update, units: JSON.stringify(update).length, done, failed }));
    // Whoever does not await it hears of it by the run's end.
    stored.catch(() => {});
    this.#saying ??= this.#say();
    return stored;
  }

  /** Asks whoever looks at the thread. A cancelled turn's requests are answered with `cancelled`. */
  requestPermission(toolCall: PermissionToolCall, options: readonly PermissionOption[]): Promise<PermissionOutcome> {
    const ask = () => this.#persist("tvx.request_permission", { threadId: this.threadId, runId: this.runId, toolCall, options: [...options] });
    return this.#ask<PermissionOutcome>(ask, { outcome: "cancelled" });
  }

  /** Asks whoever looks at the thread to fill in a form or to visit a page. That of a cancelled turn is answered with `cancel`. */
  requestElicitation(request: ElicitationRequest): Promise<ElicitationOutcome> {
    const ask = () => this.#persist("tvx.request_elicitation", { threadId: this.threadId, runId: this.runId, request });
    return this.#ask<ElicitationOutcome>(ask, { action: "cancel" });
  }

  /** Says that what was to be done on a page is done; where it was still asked, it is accepted by that. */
  async completeElicitation(elicitationId: string): Promise<void> {
    await this.#saying;
    try {
      await this.#persist("tvx.complete_elicitation", { threadId: this.threadId, elicitationId });
    } catch (error) {
      // Its thread is gone, and all that was asked in it.
      if (!(error instanceof TinyvexError) || !over.has(error.code)) throw error;
    }
  }

  /** Ends the turn, once what was said is stored. Only the first end counts. */
  end(end: RunEnd): Promise<void> {
    return (this.#ending ??= this.#end(end));
  }

  /** The server wants the turn to end. */
  cancel(): void {
    this.#controller.abort();
  }

  /** The server has ended the turn, or the client was closed: nothing more is sent of it. */
  lose(): void {
    this.#isLost = true;
    this.#ending ??= Promise.resolve();
    this.#controller.abort();
  }

  async #end(end: RunEnd): Promise<void> {
    await this.#saying;
    const how = typeof end === "string" ? { stopReason: end } : { error: end.error };
    try {
      await this.#persist("tvx.end_run", { threadId: this.threadId, runId: this.runId, ...how } as Controls["tvx.end_run"]["request"]);
    } catch (error) {
      // The server was first.
      if (!(error instanceof TinyvexError) || !over.has(error.code)) throw error;
    }
  }

  async #ask<Outcome extends PermissionOutcome | ElicitationOutcome>(ask: () => Promise<{ requestId: string }>, cancelled: Outcome): Promise<Outcome> {
    await this.#saying;
    if (this.signal.aborted) return cancelled;
    try {
      // The server cancels it with the turn, and says so; one that was killed says nothing.
      return await Promise.race([ask().then(({ requestId }) => this.#answerOf<Outcome>(requestId)), this.#aborted().then(() => cancelled)]);
    } catch (error) {
      if (error instanceof TinyvexError && (over.has(error.code) || this.signal.aborted)) return cancelled;
      throw error;
    }
  }

  #aborted(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  async #say(): Promise<void> {
    // What is said in one go is sent in one go.
    await undefined;
    while (this.#said.length > 0) {
      let units = 0;
      let count = 0;
      while (count < this.#said.length && count < mostUpdates && units < mostUnits) units += this.#said[count++]!.units;
      await this.#ingest(this.#said.splice(0, count));
    }

    // At once, as what is said from now on needs another round.
    this.#saying = undefined;
  }

  async #ingest(batch: Said[]): Promise<void> {
    try {
      await this.#persist("tvx.ingest", { threadId: this.threadId, runId: this.runId, updates: batch.map(({ update }) => update) });
      for (const { done } of batch) done();
    } catch (error) {
      const isOver = error instanceof TinyvexError && over.has(error.code);
      if (isOver) this.lose();
      // All or nothing: so that only the wrong one is refused, each goes by itself.
      if (isOver || batch.length === 1 || !(error instanceof TinyvexError) || error.code === "closed") for (const { failed } of batch) failed(error);
      else for (const one of batch) await this.#ingest([one]);
    }
  }

  /** Sends a write until the server takes it, or will not. */
  async #persist<Control extends ControlName>(control: Control, fields: Controls[Control]["request"]): Promise<Controls[Control]["reply"]> {
    for (;;) {
      if (this.#isLost) throw new TinyvexError("closed", "the turn is over");
      try {
        return await this.#client.request(control, fields);
      } catch (error) {
        if (!(error instanceof TinyvexError) || !passing.has(error.code)) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryAfter));
      }
    }
  }
}
