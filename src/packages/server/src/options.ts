import type { BinaryOptions } from "./binary.js";

/** How often a crashed server is started again. */
export interface RestartPolicy {
  /** Crashes within the window that are answered with a start; one more and it is given up. 5 by default. */
  readonly attempts?: number;
  /** 60 s by default. */
  readonly windowMs?: number;
  /** The first pause, which doubles with each crash. 250 ms by default. */
  readonly minDelayMs?: number;
  /** 10 s by default. */
  readonly maxDelayMs?: number;
}

export interface StartOptions extends BinaryOptions {
  /** The database file. Without it, the user's own, which the command line uses too. */
  readonly db?: string;
  /** A free one by default, which is kept when the server is started again. */
  readonly port?: number;
  /** What clients must show; 22 or more characters of `A-Z a-z 0-9 . _ ~ -`. `$TINYVEX_TOKEN`, or made, by default. */
  readonly token?: string;
  /** Agents by name: a command with its arguments, or one string that is split by its quotes and never given to a shell. */
  readonly agents?: Readonly<Record<string, string | readonly string[]>>;
  /** A file of agents, for those that need variables of their own. */
  readonly agentsFile?: string;
  /** The agent of threads that name none; the first one without it. */
  readonly defaultAgent?: string;
  /** Origins of pages that may connect, beside loopback ones and Tauri's: `app://bundle`, or `app://*`. */
  readonly allowOrigins?: readonly string[];
  /** More arguments of `tinyvex serve`. */
  readonly args?: readonly string[];
  /** Variables beside those of this process; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Gets each line that the server logs, from the first on. The token is never in it. */
  readonly logger?: (line: string) => void;
  /** false leaves a crashed server alone. */
  readonly restart?: false | RestartPolicy;
  /** How long the server may take until it listens. 30 s by default; a large database that is brought up to date takes longest. */
  readonly readyTimeoutMs?: number;
  /** How long it may take to end when it is stopped, before it is killed. 10 s by default. */
  readonly stopGraceMs?: number;
  /** Stops the server when it is aborted, or gives up starting it. */
  readonly signal?: AbortSignal;
}
