import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ReadyLine } from "./ready-line.ts";

/** The server's own file, which the build names; without it, the tests that need one are skipped. */
export const binary = process.env["TINYVEX_BINARY"];

/** A server with a database of its own, on loopback, with the agent `replay`. It ends with the test at the latest. */
export class RealServer {
  readonly folder = mkdtempSync(join(tmpdir(), "tinyvex-packages-"));
  ready!: ReadyLine;
  #process!: ChildProcess;
  readonly #args: string[];

  private constructor(args: string[]) {
    this.#args = args;
  }

  static async start(...args: string[]): Promise<RealServer> {
    const server = new RealServer(args);
    await server.#run(0);
    return server;
  }

  async #run(port: number): Promise<void> {
    const agent = ["--agent", `replay="${binary}" replay --speed max`];
    this.#process = spawn(binary!, ["serve", "--db", join(this.folder, "t.db"), "--port", `${port}`, "--exit-with-stdin", ...agent, ...this.#args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, TINYVEX_TOKEN: token },
    });
    const [line] = (await once(createInterface({ input: this.#process.stdout! }), "line")) as [string];
    this.ready = { ...(JSON.parse(line) as ReadyLine), token };
  }

  /** SIGKILL, as a crash is. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await once(this.#process, "exit");
  }

  /** Starts again where it was: the same database, port and token. */
  restart(): Promise<void> {
    return this.#run(this.ready.port);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.stdin!.end();
      await once(this.#process, "exit");
    }

    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What makes an agent of `asking-agent.mjs` known, under the name `asking`. */
export const askingAgent = ["--agent", `asking="${process.execPath}" "${new URL("asking-agent.mjs", import.meta.url).pathname}"`];

/** The same for `settings-agent.mjs`, under another name where there are several. */
export function settingsAgent(name = "settings", ...args: string[]): string[] {
  return ["--agent", `${name}="${process.execPath}" "${new URL("settings-agent.mjs", import.meta.url).pathname}" ${args.join(" ")}`];
}

const token = "token-of-the-package-tests-0123456789";
