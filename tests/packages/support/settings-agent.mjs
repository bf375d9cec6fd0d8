// An agent with a mode, options and ways to log in, as agents have them: the mode is told in both ways, an option has a type that nobody knows yet, and the
// model "none" is refused. With --locked it opens no session before it was logged in. It says what it is set to; the prompt "wait" it
// answers only when it is cancelled.
import { createInterface } from "node:readline";

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const refuse = (id, code, message) => send({ id, error: { code, message } });
const set = { mode: "ask", model: "large", effort: "default", web: true };
let waiting = null;
let isLocked = process.argv.includes("--locked");

const modes = [
  { id: "ask", name: "Ask", description: "Asks before it does anything" },
  { id: "plan", name: "Plan Mode", description: "Plans, and touches nothing" },
];
const settings = () => ({
  modes: { currentModeId: set.mode, availableModes: modes },
  configOptions: [
    { id: "mode", name: "Mode", category: "mode", type: "select", currentValue: set.mode, options: modes.map(({ id, ...more }) => ({ value: id, ...more })) },
    {
      id: "model", name: "Model", description: "Which model answers", category: "model", type: "select", currentValue: set.model,
      options: [
        { group: "new", name: "New", options: [{ value: "large", name: "Large (recommended)", description: "For hard work" }, { value: "small", name: "Small" }] },
        { group: "old", name: "Old", options: [{ value: "none", name: "None" }] },
      ],
    },
    {
      id: "effort", name: "Effort", category: "thought_level", type: "select", currentValue: set.effort,
      options: [{ value: "default", name: "Default" }, { value: "high", name: "High" }],
    },
    { id: "web", name: "Search the web", type: "boolean", currentValue: set.web },
    { id: "heat", name: "Heat", type: "slider", currentValue: 3 },
  ],
});

createInterface({ input: process.stdin }).on("close", () => process.exit(0)).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  switch (method) {
    case "initialize":
      return send({
        id,
        result: {
          protocolVersion: 1,
          authMethods: [
            { id: "account", name: "With an account", description: "Opens a browser" },
            { id: "key", name: "With a key", type: "env_var", vars: [{ name: "SETTINGS_KEY" }] },
            { id: "terminal", name: "In a terminal", type: "terminal", args: ["login", "--device code"] },
          ],
        },
      });
    case "authenticate":
      if (params.methodId !== "account") return refuse(id, -32602, "SETTINGS_KEY is not set");
      isLocked = false;
      return setTimeout(() => send({ id, result: {} }), 1_000);
    case "session/new":
      return isLocked ? refuse(id, -32000, "Authentication required") : send({ id, result: { sessionId: "s1", ...settings() } });
    case "session/set_config_option":
      if (params.value === "none") return refuse(id, -32602, "This account has no such model");
      set[params.configId] = params.value;
      return setTimeout(() => send({ id, result: { configOptions: settings().configOptions } }), 500);
    case "session/cancel":
      return send({ id: waiting, result: { stopReason: "cancelled" } });
    case "session/prompt":
      if (params.prompt[0].text === "wait") {
        waiting = id;
        return;
      }

      send({ method: "session/update", params: { sessionId: "s1", update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: JSON.stringify(set) } } } });
      return send({ id, result: { stopReason: "end_turn" } });
  }
});
