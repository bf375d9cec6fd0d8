import type { RestartPolicy } from "./options.js";

export interface Pause {
  readonly delayMs: number;
  /** The how manieth start within the window follows. */
  readonly attempt: number;
}

/** Says after each crash how long to wait until the next start, or that enough is enough. */
export class Backoff {
  readonly #policy: Required<RestartPolicy>;
  readonly #now: () => number;
  readonly #random: () => number;
  #crashes: number[] = [];

  constructor(policy: RestartPolicy, now: () => number = () => performance.now(), random: () => number = Math.random) {
    this.#policy = { attempts: 5, windowMs: 60_000, minDelayMs: 250, maxDelayMs: 10_000, ...policy };
    this.#now = now;
    this.#random = random;
  }

  /** The pause before the next start; undefined when there were too many crashes. */
  next(): Pause | undefined {
    const { attempts, windowMs, minDelayMs, maxDelayMs } = this.#policy;
    const now = this.#now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < windowMs), now];
    const attempt = this.#crashes.length;
    if (attempt > attempts) return undefined;
    const full = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
    // Half of it is left to chance, so that apps that crashed together do not start together.
    return { delayMs: full * (0.5 + this.#random() / 2), attempt };
  }
}
