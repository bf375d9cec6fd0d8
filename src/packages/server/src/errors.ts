/** Why a server could not be started. */
export type StartErrorCode =
  | "binary_not_found"
  | "spawn_failed"
  | "already_running"
  | "exited"
  | "timeout"
  | "bad_output";

/** A server that holds the database; its address is unknown where it was only just starting. */
export interface RunningServer {
  readonly url?: string;
  readonly ws?: string;
  readonly pid?: number;
  readonly db?: string;
}

export interface StartErrorDetails {
  /** The server's exit code, where it ended by itself. docs/protocol.md lists them. */
  readonly exitCode?: number | null;
  /** The signal that ended it. */
  readonly signal?: NodeJS.Signals | null;
  /** The last lines that it logged. */
  readonly stderr?: readonly string[];
  /** With `already_running`: who holds the database. */
  readonly running?: RunningServer;
  readonly cause?: unknown;
}

/** A server could not be started; `code` says why, `message` also what helps. */
export class TinyvexStartError extends Error {
  readonly code: StartErrorCode;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: readonly string[];
  readonly running: RunningServer | undefined;

  constructor(code: StartErrorCode, message: string, details: StartErrorDetails = {}) {
    const last = details.stderr?.slice(-5).join("\n");
    super(last ? `${message}\n${last}` : message, { cause: details.cause });
    this.name = "TinyvexStartError";
    this.code = code;
    this.exitCode = details.exitCode ?? null;
    this.signal = details.signal ?? null;
    this.stderr = details.stderr ?? [];
    this.running = details.running;
  }
}
