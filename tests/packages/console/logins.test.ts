import { TinyvexClient, type AgentRow } from "@tinyvex/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { news } from "../../../src/console/src/app/news.ts";
import { loginMethodsOf } from "../../../src/console/src/agents/login-methods.ts";
import { listenToLogins, logIn, loginOf, stopWaiting } from "../../../src/console/src/agents/logins.ts";
import { ScriptedServer } from "../support/scripted-server.ts";

const agent: AgentRow = {
  name: "codex", title: "Codex", command: "codex-acp", available: true, reason: null, version: null, default: true, source: "known", install: null, login: "codex login",
  wantsLogin: true, capabilities: null, authMethods: null,
};

describe("the ways to log in", () => {
  const methods = (authMethods: unknown, login: string | null = null) => loginMethodsOf({ ...agent, login, authMethods: authMethods as AgentRow["authMethods"] });

  it("name variables, and commands as a shell takes them", () => {
    expect(methods([{ id: "k", name: "Key", type: "env_var", vars: [{ name: "KEY" }, null, "no"] }])).toMatchObject([{ isForTerminal: false, variables: ["KEY"], command: null }]);
    expect(methods([{ id: "t", name: "T", type: "terminal", args: ["login", "it's"] }], "codex login")).toMatchObject([{ isForTerminal: true, command: null, args: "login 'it'\\''s'" }]);
    const _meta = { "terminal-auth": { command: "/opt/my agent", args: ["--cli"] } };
    expect(methods([{ id: "t", name: "T", type: "terminal", _meta }])).toMatchObject([{ command: "'/opt/my agent' --cli" }]);
    expect(methods([{ id: "t", name: "T", type: "terminal" }], "codex login")).toMatchObject([{ command: "codex login", args: null }]);
  });

  it("are without what is of another shape", () => {
    expect(methods([null, {}, { id: 3 }, { id: "a", name: 4, vars: 3, args: "x", _meta: 5 }])).toMatchObject([{ id: "a", name: "a", description: null, variables: [] }]);
    expect(methods(null)).toEqual([]);
  });
});

describe("a login", () => {
  let server: ScriptedServer;
  let client: TinyvexClient;

  beforeEach(async () => {
    server = new ScriptedServer();
    client = new TinyvexClient({ url: "ws://127.0.0.1:1/ws", WebSocket: server.WebSocket });
    client.connect();
    await new Promise((resolve) => setTimeout(resolve));
    server.socket.open();
  });

  afterEach(() => client.close());

  it("is waited for once, and fails with the reason", async () => {
    const done = logIn(client, agent, "chat");
    await logIn(client, agent, "key");
    expect(loginOf("codex")).toMatchObject({ methodId: "chat", isWaiting: true, problem: null });
    server.socket.answer("agent.authenticate", { type: "tinyvex.error", code: "agent_error", message: "the page was closed" });
    await done;
    expect(loginOf("codex")).toMatchObject({ isWaiting: false, problem: "Not logged in: the page was closed" });
    // Nobody looks at its place.
    expect(news().failures.map(({ text }) => text)).toEqual(["Codex: Not logged in: the page was closed"]);
  });

  it("is done with the server's answer", async () => {
    const stop = listenToLogins(() => undefined);
    const done = logIn(client, agent, "chat");
    expect(server.socket.last("agent.authenticate")).toMatchObject({ agent: "codex", methodId: "chat" });
    server.socket.answer("agent.authenticate", { type: "tinyvex.ack" });
    await done;
    expect(loginOf("codex")).toMatchObject({ isWaiting: false, problem: null });
    stop();
  });

  it("is waited for no longer where the person wants none", async () => {
    const done = logIn(client, agent, "chat");
    stopWaiting("codex");
    await done;
    expect(loginOf("codex")).toBeUndefined();
  });
});
