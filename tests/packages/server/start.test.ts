import { once } from "node:events";
import { inspect } from "node:util";
import { TinyvexStartError, startTinyvex } from "@tinyvex/server";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { FakeServer } from "./fake-server.ts";

beforeEach(() => void vi.stubEnv("TINYVEX_BINARY", ""));
afterEach(() => void vi.unstubAllEnvs());

// Windows starts no scripts by their first line; there the tests with a real server remain.
const describeFake = describe.skipIf(process.platform === "win32");

function fake(...acts: string[]): FakeServer {
  const server = new FakeServer(acts);
  onTestFinished(() => server.end());
  return server;
}

async function failure(start: Promise<unknown>): Promise<TinyvexStartError> {
  const error = await start.then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(TinyvexStartError);
  return error as TinyvexStartError;
}

describeFake("starting", () => {
  test("a ready line that arrives in pieces is read whole", async () => {
    const server = await fake("pieces").start();
    expect(server).toMatchObject({ url: `http://127.0.0.1:${server.port}`, ws: `ws://127.0.0.1:${server.port}/ws`, version: "1.2.3", storeId: "store" });
  });

  test("a server that ends before it listens is an error with its code and its last lines, without the token", async () => {
    const { code, exitCode, stderr, message } = await failure(fake("exit=1").start({ token: "a-token-that-is-long-enough" }));
    expect({ code, exitCode }).toEqual({ code: "exited", exitCode: 1 });
    expect(stderr).toHaveLength(50);
    expect(stderr.at(-1)).toBe("line 100 [token]");
    expect(message).toContain("line 100 [token]");
  });

  test("half a ready line before the end is no ready line", async () => {
    expect(await failure(fake("half=1").start())).toMatchObject({ code: "exited", exitCode: 1 });
  });

  test("a server that never listens is ended after the time-out", async () => {
    const server = fake("silent");
    expect(await failure(server.start({ readyTimeoutMs: 1_000 }))).toMatchObject({ code: "timeout", stderr: ["still thinking"] });
    expect(server.isAlive).toBe(false);
  });

  test.each(["garbage", "endless"])("another program's output is an error: %s", async (act) => {
    const server = fake(act);
    expect(await failure(server.start())).toMatchObject({ code: "bad_output" });
    expect(server.isAlive).toBe(false);
  });

  test("a database that another server holds is told with that server's address", async () => {
    const error = await failure(fake("running").start());
    expect(error).toMatchObject({ code: "already_running", exitCode: 3, running: { url: "http://127.0.0.1:9", pid: 9, db: "/t.db" } });
  });

  test("a file that cannot be run is an error with its cause", async () => {
    const error = await failure(startTinyvex({ binary: import.meta.dirname }));
    expect(error).toMatchObject({ code: "spawn_failed", cause: { code: "EACCES" } });
  });

  test("a start can be given up", async () => {
    const server = fake("silent");
    const giveUp = new AbortController();
    const start = server.start({ signal: giveUp.signal, logger: () => giveUp.abort(new Error("enough")) });
    await expect(start).rejects.toThrow("enough");
    expect(server.isAlive).toBe(false);
    await expect(server.start({ signal: giveUp.signal })).rejects.toThrow("enough");
  });

  test("options become arguments, and the token none of them", async () => {
    const server = fake("listen");
    const token = "a-token-that-is-long-enough";
    const started = await server.start({
      token,
      db: "x.db",
      agents: { codex: "npx codex-acp", own: ["/opt/my agent", 'say "hi"', "C:\\dir\\"] },
      defaultAgent: "own",
      allowOrigins: ["app://bundle"],
      args: ["--log-format", "json"],
    });
    expect(server.starts).toMatchObject([{
      token,
      args: [
        "serve", "--exit-with-stdin", "--port", "0", "--parent-pid", `${process.pid}`, "--db", "x.db",
        "--agent", "codex=npx codex-acp", "--agent", String.raw`own="/opt/my agent" "say \"hi\"" "C:\\dir\\"`,
        "--default-agent", "own", "--allow-origin", "app://bundle", "--log-format", "json",
      ],
    }]);
    expect(started.token).toBe(token);
    expect(inspect(started, { depth: 5 })).not.toContain(token);
  });

  test.each(["--token-file", "--port=1", "--auth", "--db", "--listen"])("an argument that an option stands for is refused: %s", async (argument) => {
    await expect(startTinyvex({ binary: import.meta.filename, args: [argument] })).rejects.toThrow(TypeError);
  });

  test("each server has a token of its own, unless TINYVEX_TOKEN says which", async () => {
    const [first, second] = [await fake("listen").start(), await fake("listen").start()];
    expect(first.token).toMatch(/^[\w-]{43}$/);
    expect(second.token).not.toBe(first.token);
    vi.stubEnv("TINYVEX_TOKEN", "the-token-of-the-environment");
    expect((await fake("listen").start()).token).toBe("the-token-of-the-environment");
  });
});

describeFake("crashes", () => {
  test("a crashed server is started again on the same port with the same token", async () => {
    const server = fake("listen");
    const started = await server.start();
    const { port, pid } = started;
    const events: string[] = [];
    started.on("exit", ({ signal, restarting }) => events.push(`exit ${signal} ${restarting}`));
    started.on("restart", ({ attempt }) => events.push(`restart ${attempt}`));
    process.kill(pid, "SIGKILL");
    const [address] = await once(started, "ready");
    expect(events).toEqual(["exit SIGKILL true", "restart 1"]);
    expect(address).toMatchObject({ port, token: started.token, pid: started.pid });
    expect(started.pid).not.toBe(pid);
    const [first, second] = server.starts;
    expect(second).toMatchObject({ token: first!.token, args: first!.args.with(3, `${port}`) });
  });

  test("a start that fails is tried again, and what it failed with is told", async () => {
    const started = await fake("listen", "half=1", "listen").start();
    const exits: unknown[] = [];
    started.on("exit", (exit) => exits.push(exit));
    process.kill(started.pid, "SIGKILL");
    await once(started, "ready");
    expect(exits).toMatchObject([{ signal: "SIGKILL", restarting: true }, { code: 1, restarting: true, error: { code: "exited" } }]);
  });

  test("a server that goes on crashing is given up", async () => {
    const server = fake("endAfterReady=1");
    const started = await server.start({ restart: { attempts: 3, minDelayMs: 1, maxDelayMs: 2 } });
    const exits: boolean[] = [];
    started.on("exit", ({ restarting }) => exits.push(restarting));
    expect(await started.closed).toMatchObject({ code: 1 });
    expect(server.starts).toHaveLength(4);
    await vi.waitFor(() => expect(exits).toEqual([true, true, true, false]));
  });

  test.each([0, 2, 3, 4, 5])("exit code %i is final", async (code) => {
    const server = fake(`endAfterReady=${code}`);
    const started = await server.start({ port: 0 });
    expect(await started.closed).toMatchObject({ code });
    expect(server.starts).toHaveLength(1);
  });

  test("where the port is taken meanwhile, another one serves", async () => {
    const server = fake("listen", "exit=5", "listen");
    const started = await server.start();
    const { port } = started;
    process.kill(started.pid, "SIGKILL");
    await once(started, "ready");
    expect(server.starts.map(({ args }) => args[3])).toEqual(["0", `${port}`, "0"]);
  });

  test("a crash is left alone where that is wanted", async () => {
    const server = fake("endAfterReady=1");
    const started = await server.start({ restart: false });
    expect(await started.closed).toMatchObject({ code: 1 });
    expect(server.starts).toHaveLength(1);
  });

  test("a listener that throws does not end the watch over the server", async () => {
    const started = await fake("listen").start();
    const listeners = process.listeners("uncaughtException");
    onTestFinished(() => listeners.forEach((listener) => process.on("uncaughtException", listener)));
    process.removeAllListeners("uncaughtException");
    const thrown = new Promise((resolve) => process.once("uncaughtException", ({ message }) => resolve(message)));
    started.on("restart", () => {
      throw new Error("of the app");
    });
    process.kill(started.pid, "SIGKILL");
    await once(started, "ready");
    expect(await thrown).toBe("of the app");
  });
});

describeFake("stopping", () => {
  test("stopping twice is stopping once, and nothing is started again", async () => {
    const server = fake("listen");
    const started = await server.start();
    const exits: unknown[] = [];
    started.on("exit", (exit) => exits.push(exit));
    const [first, second] = await Promise.all([started.stop(), started.stop()]);
    expect(first).toMatchObject({ code: 0 });
    expect(second).toBe(first);
    expect(await started.stop()).toBe(first);
    await vi.waitFor(() => expect(exits).toMatchObject([{ code: 0, restarting: false }]));
    expect(server.isAlive).toBe(false);
  });

  test("a server that does not stop is killed after the grace", async () => {
    const server = fake("deaf");
    const started = await server.start({ stopGraceMs: 200 });
    expect(await started.stop()).toMatchObject({ signal: "SIGKILL" });
    expect(server.isAlive).toBe(false);
  });

  test("disposing stops it", async () => {
    const server = fake("listen");
    const started = await server.start();
    await started[Symbol.asyncDispose]();
    expect(server.isAlive).toBe(false);
  });

  test("aborting stops it", async () => {
    const server = fake("listen");
    const end = new AbortController();
    const started = await server.start({ signal: end.signal });
    end.abort();
    expect(await started.closed).toMatchObject({ code: 0 });
    expect(server.isAlive).toBe(false);
  });

  test("stopping between a crash and the next start ends the waiting", async () => {
    const server = fake("listen");
    const started = await server.start({ restart: { minDelayMs: 1_000_000, maxDelayMs: 1_000_000 } });
    process.kill(started.pid, "SIGKILL");
    await once(started, "restart");
    expect(await started.stop()).toMatchObject({ signal: "SIGKILL" });
    expect(server.starts).toHaveLength(1);
  });

  test("stopping while it starts again ends that too", async () => {
    const server = fake("listen", "silent");
    const started = await server.start();
    const thinking = once(started, "log");
    process.kill(started.pid, "SIGKILL");
    expect(await thinking).toEqual(["still thinking"]);
    expect(await started.stop()).toMatchObject({ code: 0 });
    expect(server.isAlive).toBe(false);
  });
});
