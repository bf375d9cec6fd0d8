// node examples/node/main.mjs [prompt]
//
// Starts a server of its own, sends a prompt to it, and prints the turn as it comes. The agent plays a recording, so no
// account is needed; put the command of your own into `agents`. In this repository TINYVEX_BINARY has to name the server's
// file, such as artifacts/linux-x64/tinyvex; elsewhere npm brings it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TinyvexClient, isOver } from "@tinyvex/client";
import { getBinaryPath, startTinyvex } from "@tinyvex/server";
import { WebSocket } from "ws";

const folder = mkdtempSync(join(tmpdir(), "tinyvex-example-"));
const server = await startTinyvex({
  db: join(folder, "example.db"),
  agents: { replay: [getBinaryPath(), "replay"] },
});
const client = new TinyvexClient({ url: server.ws, token: server.token, WebSocket });

try {
  const prompt = process.argv[2] ?? "Cut titles sometimes end in �. Can you find out why and fix it?";
  const { threadId } = await client.submit({ text: prompt });
  await followed(client.thread(threadId));
} finally {
  client.close();
  await server.stop();
  rmSync(folder, { recursive: true });
}

/**
 * Prints a thread until its turn is over, and says yes to each permission request.
 *
 * @param {import("@tinyvex/client").ThreadFeed} thread
 */
async function followed(thread) {
  const printed = new Map();
  const answered = new Set();
  await new Promise((resolve, reject) => {
    const stop = thread.subscribe(() => {
      const { items, pending, run } = thread.getSnapshot();
      for (const { key, kind, row } of items) {
        const text = kind === "message" ? row.text : kind === "tool_call" ? `[${row.title}: ${row.status}]` : "";
        const before = printed.get(key) ?? "";
        if (text === before) continue;
        // Another item than the last, and a row that changed, begin a line.
        const grows = text.startsWith(before) && [...printed.keys()].at(-1) === key;
        process.stdout.write(grows ? text.slice(before.length) : `${printed.size ? "\n\n" : ""}${text}`);
        printed.delete(key);
        printed.set(key, text);
      }
      for (const { requestId, options } of pending) {
        if (answered.has(requestId) || !options[0]) continue;
        answered.add(requestId);
        client.respond({ requestId, optionId: options[0].optionId }).catch(reject);
      }
      if (!run || !isOver(run)) return;
      process.stdout.write(`\n\n${run.status}\n`);
      stop();
      resolve(undefined);
    });
  });
}
