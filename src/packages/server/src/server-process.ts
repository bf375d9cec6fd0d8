import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { type ReadyLine, parseAnnouncement } from "./announcement.js";
import { type RunningServer, type StartErrorCode, type StartErrorDetails, TinyvexStartError } from "./errors.js";
import { readLines } from "./lines.js";

const alreadyRunning = 3;
const maxReadyLine = 64 * 1024;
const maxLogLine = 4 * 1024;
const keptLogLines = 50;
/** What a process logged last may arrive after its end, but whoever inherited its stderr may hold that open. */
const drainMs = 500;

export interface ServerCommand {
  readonly binary: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string | undefined;
  /** Reaches the server through its environment, and is taken out of all that it logs. */
  readonly token: string;
  readonly onLog: (line: string) => void;
}

/** How a process ended: with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines that it logged. */
  readonly stderr: readonly string[];
}

/** One process of the server, from its start to its end. */
export class ServerProcess {
  /** Never rejects. */
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #stderr: string[] = [];
  readonly #firstLine: Promise<string>;
  #spawnError: Error | undefined;

  constructor(command: ServerCommand) {
    const { binary, args, cwd, token, onLog } = command;
    const child = spawn(binary, args, { env: { ...command.env, TINYVEX_TOKEN: token }, cwd, stdio: "pipe", windowsHide: true });
    const log = (raw: string) => {
      const line = raw.replaceAll(token, "[token]");
      this.#stderr.push(line);
      if (this.#stderr.length > keptLogLines) this.#stderr.shift();
      onLog(line);
    };
    this.#child = child;
    this.#firstLine = new Promise((resolve) => {
      // All lines are read, so that a server which says more than one never waits for a reader. Half a line says nothing.
      readLines(child.stdout, maxReadyLine, resolve, () => undefined);
    });
    readLines(child.stderr, maxLogLine, log);
    // A pipe to a process that is gone breaks when it is closed; that it is gone is told by its exit.
    child.stdin.on("error", () => undefined);
    this.exited = new Promise((resolve) => {
      const end = () => resolve({ code: child.exitCode, signal: child.signalCode, stderr: [...this.#stderr] });
      const closed = new Promise((drained) => child.on("close", drained));
      child.on("exit", () => void within(drainMs, closed).then(end));
      child.on("error", (error) => {
        if (child.pid !== undefined) return log(`the server cannot be signalled: ${error.message}`);
        this.#spawnError = error;
        end();
      });
    });
  }

  /**
   * Waits until the server listens.
   *
   * @throws TinyvexStartError It does not; the process has ended by then.
   */
  async ready(timeoutMs: number, graceMs: number, signal: AbortSignal): Promise<ReadyLine> {
    const first = await within(timeoutMs, Promise.race([this.#firstLine, this.exited]), signal);
    if (signal.aborted) {
      await this.stop(graceMs);
      throw signal.reason;
    }
    if (first === undefined) {
      await this.stop(0);
      throw this.#error("timeout", `the server did not listen within ${timeoutMs} ms`);
    }
    if (typeof first !== "string") throw this.#failure(first);
    const said = parseAnnouncement(first);
    if (said?.type === "tinyvex.ready") return said;
    if (said !== undefined) throw this.#failure(await this.stop(graceMs), said);
    await this.stop(0);
    throw this.#error("bad_output", "the first line on stdout is not a Tinyvex server's; is the file one?");
  }

  /** Ends it in order, and by force where that takes longer than the grace. */
  async stop(graceMs: number): Promise<ProcessExit> {
    this.#child.stdin.end();
    if (graceMs === 0 || (await within(graceMs, this.exited)) === undefined) this.#child.kill("SIGKILL");
    return this.exited;
  }

  #failure({ code, signal }: ProcessExit, running?: RunningServer): TinyvexStartError {
    if (this.#spawnError !== undefined) {
      return this.#error("spawn_failed", `the server cannot be started: ${this.#spawnError.message}`, { cause: this.#spawnError });
    }
    if (running !== undefined || code === alreadyRunning) {
      const where = running?.url ? ` at ${running.url}` : "";
      return this.#error("already_running", `another server${where} holds the database ${running?.db ?? ""}`.trimEnd(), running && { running });
    }
    return this.#error("exited", `the server ended with ${signal ?? `exit code ${code}`} before it listened`);
  }

  #error(code: StartErrorCode, message: string, details: StartErrorDetails = {}): TinyvexStartError {
    const { exitCode, signalCode: signal } = this.#child;
    return new TinyvexStartError(code, message, { exitCode, signal, stderr: [...this.#stderr], ...details });
  }
}

/** What a promise gives, or undefined where it takes too long or the signal comes first. */
async function within<T>(ms: number, promise: Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  const done = new AbortController();
  const end = AbortSignal.any(signal === undefined ? [done.signal] : [done.signal, signal]);
  try {
    return await Promise.race([promise, setTimeout(ms, undefined, { signal: end }).catch(() => undefined)]);
  } finally {
    done.abort();
  }
}
