import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTinyvex, type StartOptions, type TinyvexServer } from "@tinyvex/server";

interface Start {
  args: string[];
  token: string;
  pid: number;
}

/** A program that plays servers which misbehave; `fake-server.mjs` has its acts. */
export class FakeServer {
  readonly #folder = mkdtempSync(join(tmpdir(), "tinyvex-fake-"));
  readonly #log = join(this.#folder, "starts");
  #server: TinyvexServer | undefined;

  /** What it does, start by start. */
  constructor(readonly acts: string[]) {}

  async start(options: StartOptions = {}): Promise<TinyvexServer> {
    const env = { ...options.env, FAKE_ACTS: this.acts.join(","), FAKE_LOG: this.#log };
    const binary = fileURLToPath(new URL("fake-server.mjs", import.meta.url));
    return (this.#server = await startTinyvex({ binary, restart: { minDelayMs: 1, maxDelayMs: 10 }, ...options, env }));
  }

  get starts(): Start[] {
    return readFileSync(this.#log, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Start);
  }

  /** Whether the process of any start is still there. */
  get isAlive(): boolean {
    return this.starts.some(({ pid }) => exists(pid));
  }

  async end(): Promise<void> {
    await this.#server?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
