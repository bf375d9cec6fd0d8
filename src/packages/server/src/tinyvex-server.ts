import { EventEmitter } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { ReadyLine } from "./announcement.js";
import type { Backoff, Pause } from "./backoff.js";
import { TinyvexStartError } from "./errors.js";
import type { ProcessExit, ServerProcess } from "./server-process.js";

/** Exit codes that another start would not change: asked to stop, and what only the app or its user can put right. */
const finalExitCodes: ReadonlySet<number | null> = new Set([0, 2, 3, 4, 5]);
const addressUnusable = 5;

/** Where a server listens, and what to show it. */
export interface ServerAddress {
  readonly url: string;
  readonly ws: string;
  readonly token: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly storeId: string;
  readonly db: string;
}

export interface ServerExit extends ProcessExit {
  /** Whether another process will be started. */
  readonly restarting: boolean;
  /** Why this one never listened, where it did not. */
  readonly error?: TinyvexStartError;
}

export interface TinyvexServerEvents {
  /** It was started again and listens; clients that are open connect again by themselves where the address is the same. */
  ready: [address: ServerAddress];
  /** Its process ended. */
  exit: [exit: ServerExit];
  /** Another process will be started after a pause. */
  restart: [restart: Pause];
  /** It logged a line. */
  log: [line: string];
}

/** What is the same for all processes of a server. */
export interface Launch {
  readonly token: string;
  /** The port that was asked for; without one any will do. */
  readonly port: number | undefined;
  readonly readyTimeoutMs: number;
  readonly stopGraceMs: number;
  /** Starts a process on a port, 0 for any. */
  start(port: number): ServerProcess;
}

/**
 * A server that runs as a child of this process, and is started again when it crashes.
 *
 * It ends with this process, however that ends: the server stops when its stdin does.
 */
export class TinyvexServer extends EventEmitter<TinyvexServerEvents> implements AsyncDisposable {
  /** Fulfilled with the last exit when no process runs any more and none will be started. Never rejects. */
  readonly closed: Promise<ProcessExit>;
  readonly #launch: Launch;
  /** Undefined where a crash is not to be answered. */
  readonly #backoff: Backoff | undefined;
  readonly #stopping = new AbortController();
  #process: ServerProcess;
  #address: ServerAddress;
  /** The port of the next start: the one before, so that clients find the server again. */
  #nextPort: number;

  /** @internal */
  constructor(launch: Launch, backoff: Backoff | undefined, process: ServerProcess, ready: ReadyLine) {
    super();
    this.#launch = launch;
    this.#backoff = backoff;
    this.#process = process;
    this.#address = addressOf(ready, launch.token);
    this.#nextPort = ready.port;
    this.closed = this.#supervise();
  }

  /** `http://127.0.0.1:PORT`, where the console is. */
  get url(): string {
    return this.#address.url;
  }

  /** Where clients connect to. */
  get ws(): string {
    return this.#address.ws;
  }

  /** What clients show. Whoever has it can make an agent run commands. */
  get token(): string {
    return this.#address.token;
  }

  get port(): number {
    return this.#address.port;
  }

  get pid(): number {
    return this.#address.pid;
  }

  get version(): string {
    return this.#address.version;
  }

  /** The id of the database; the same for as long as that file exists. */
  get storeId(): string {
    return this.#address.storeId;
  }

  get db(): string {
    return this.#address.db;
  }

  /** Stops it in order: runs are cancelled, agents ended. It is killed where that takes too long. Safe to call again. */
  async stop(): Promise<ProcessExit> {
    this.#stopping.abort();
    await this.#process.stop(this.#launch.stopGraceMs);
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #supervise(): Promise<ProcessExit> {
    let exit = await this.#process.exited;
    let error: TinyvexStartError | undefined;
    for (;;) {
      const pause = this.#pauseAfter(exit);
      this.#tell("exit", { ...exit, restarting: pause !== undefined, ...(error && { error }) });
      if (pause === undefined) return exit;
      this.#tell("restart", pause);
      if (!(await this.#waited(pause.delayMs))) return exit;
      error = await this.#startAgain();
      exit = await this.#process.exited;
    }
  }

  /** The pause before the next start, or undefined where there is to be none. */
  #pauseAfter({ code }: ProcessExit): Pause | undefined {
    if (this.#stopping.signal.aborted) return undefined;
    const portIsGone = code === addressUnusable && this.#launch.port === undefined && this.#nextPort !== 0;
    // Another program has the port by now. Nobody has asked for this one, so any other serves.
    if (portIsGone) this.#nextPort = 0;
    else if (finalExitCodes.has(code)) return undefined;
    return this.#backoff?.next();
  }

  /** False where the server was stopped meanwhile. */
  async #waited(ms: number): Promise<boolean> {
    const { signal } = this.#stopping;
    try {
      await setTimeout(ms, undefined, { signal });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  /** Starts one more process and waits until it listens, or returns why it does not. */
  async #startAgain(): Promise<TinyvexStartError | undefined> {
    const { signal } = this.#stopping;
    const { start, readyTimeoutMs, stopGraceMs, token } = this.#launch;
    this.#process = start(this.#nextPort);
    try {
      const ready = await this.#process.ready(readyTimeoutMs, stopGraceMs, signal);
      this.#address = addressOf(ready, token);
      this.#nextPort = ready.port;
      this.#tell("ready", this.#address);
      return undefined;
    } catch (error) {
      if (error instanceof TinyvexStartError) return error;
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Later, so that a listener that throws fails as an uncaught exception, as any does, and not the watch over the server. */
  #tell<Name extends keyof TinyvexServerEvents>(name: Name, ...values: TinyvexServerEvents[Name]): void {
    process.nextTick(() => (this.emit as (name: string, ...values: unknown[]) => boolean).call(this, name, ...values));
  }
}

function addressOf({ url, ws, port, pid, version, storeId, db }: ReadyLine, token: string): ServerAddress {
  return { url, ws, token, port, pid, version, storeId, db };
}
