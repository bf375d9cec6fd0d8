import { randomBytes } from "node:crypto";
import { serverArguments } from "./arguments.js";
import { Backoff } from "./backoff.js";
import { getBinaryPath } from "./binary.js";
import type { StartOptions } from "./options.js";
import { ServerProcess } from "./server-process.js";
import { type Launch, TinyvexServer } from "./tinyvex-server.js";

/**
 * Starts a server as a child of this process and waits until it listens.
 *
 * @throws TinyvexStartError It cannot be started; its `code` says why.
 * @throws The signal's reason, where it was aborted meanwhile.
 */
export async function startTinyvex(options: StartOptions = {}): Promise<TinyvexServer> {
  const { readyTimeoutMs = 30_000, stopGraceMs = 10_000, restart = {}, signal = new AbortController().signal } = options;
  signal.throwIfAborted();
  const env = { ...process.env, ...options.env };
  const token = options.token || env["TINYVEX_TOKEN"] || randomBytes(32).toString("base64url");
  const binary = getBinaryPath(options);
  let server: TinyvexServer | undefined;
  const launch: Launch = {
    token,
    port: options.port,
    readyTimeoutMs,
    stopGraceMs,
    start: (port) =>
      new ServerProcess({
        binary,
        args: serverArguments(options, port),
        env,
        cwd: options.cwd,
        token,
        onLog: (line) => {
          options.logger?.(line);
          server?.emit("log", line);
        },
      }),
  };

  const child = launch.start(options.port ?? 0);
  const ready = await child.ready(readyTimeoutMs, stopGraceMs, signal);
  const started = new TinyvexServer(launch, restart === false ? undefined : new Backoff(restart), child, ready);
  server = started;
  const stop = () => void started.stop();
  signal.addEventListener("abort", stop);
  void started.closed.then(() => signal.removeEventListener("abort", stop));
  return started;
}
