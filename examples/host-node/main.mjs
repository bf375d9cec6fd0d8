// node examples/host-node/main.mjs [database]
//
// An app with an agent of its own, which any client of the server can use: the console that it prints a link to, a phone, a
// terminal. It says back what it was told, word by word, asks before it shouts, and stops when it is told to. In this
// repository TINYVEX_BINARY has to name the server's file, such as artifacts/linux-x64/tinyvex; elsewhere npm brings it.
import { setTimeout as sleep } from "node:timers/promises";
import { TinyvexClient } from "@tinyvex/client";
import { attachAgent } from "@tinyvex/client/agent";
import { startTinyvex } from "@tinyvex/server";
import { WebSocket } from "ws";

const server = await startTinyvex({ db: process.argv[2] ?? "host-example.db" });
const client = new TinyvexClient({ url: () => server.ws, token: () => server.token, WebSocket });
await attachAgent(client, "echo", echo, { title: "Echo", onError: console.error }).ready;
const { code } = await client.request("auth.code", {});
console.log(`Ask 'echo' something at ${server.url}/#code=${code}`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    client.close();
    void server.stop();
  });
}

/**
 * One turn.
 *
 * @param {import("@tinyvex/client/agent").AgentRun} run
 */
async function echo(run) {
  const isShouted = /^shout /i.test(run.text) && (await mayShout(run));
  const answer = run.text.replace(/^shout /i, "") || "You said nothing.";
  for (const word of (isShouted ? `${answer.toUpperCase()}!` : answer).split(/(?<=\s)/)) {
    if (run.signal.aborted) return "cancelled";
    await run.update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: word } });
    await sleep(50);
  }
  return "end_turn";
}

/**
 * Asks whoever sees it first.
 *
 * @param {import("@tinyvex/client/agent").AgentRun} run
 */
async function mayShout(run) {
  const toolCall = { toolCallId: `shout-${run.runId}`, title: "Shout", kind: /** @type {const} */ ("other") };
  const outcome = await run.requestPermission(toolCall, [
    { optionId: "yes", name: "Shout", kind: "allow_once" },
    { optionId: "no", name: "Say it quietly", kind: "reject_once" },
  ]);
  const isAllowed = outcome.outcome === "selected" && outcome.optionId === "yes";
  await run.update({ sessionUpdate: "tool_call_update", toolCallId: toolCall.toolCallId, status: isAllowed ? "completed" : "failed" });
  return isAllowed;
}
