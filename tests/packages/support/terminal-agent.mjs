// An agent that runs what it is asked to run in a terminal of its client: a prompt is a line for a shell. One with "unnamed" in it is no tool call.
import { createInterface } from "node:readline";

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const waiting = new Map();
const ask = (method, params) => new Promise((answered) => {
  const id = `a${waiting.size}`;
  waiting.set(id, answered);
  send({ id, method, params: { sessionId: "s1", ...params } });
});
const update = (update) => send({ method: "session/update", params: { sessionId: "s1", update } });

async function prompt(text) {
  const { result } = await ask("terminal/create", { command: "sh", args: ["-c", text] });
  const content = [{ type: "terminal", terminalId: result.terminalId }];
  if (!text.includes("unnamed")) update({ sessionUpdate: "tool_call", toolCallId: result.terminalId, title: "Run it", kind: "execute", status: "in_progress", content });
  await ask("terminal/wait_for_exit", result);
  if (!text.includes("unnamed")) update({ sessionUpdate: "tool_call_update", toolCallId: result.terminalId, status: "completed" });
  await ask("terminal/release", result);
}

createInterface({ input: process.stdin }).on("close", () => process.exit(0)).on("line", async (line) => {
  const { id, method, params, result, error } = JSON.parse(line);
  if (method === "initialize") send({ id, result: { protocolVersion: 1, agentCapabilities: {} } });
  else if (method === "session/new") send({ id, result: { sessionId: "s1" } });
  else if (method === "session/prompt") {
    await prompt(params.prompt[0].text);
    send({ id, result: { stopReason: "end_turn" } });
  } else if (!method) waiting.get(id)?.({ result, error });
});
