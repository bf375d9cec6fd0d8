import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TinyvexClient } from "@tinyvex/client";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { binary } from "../support/real-server.ts";
import { until } from "../support/until.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const example = join(root, "examples/host-node/main.mjs");
const token = "token-of-the-host-example-0123456789";

test.skipIf(!binary)("the example of a host in Node says back, asks, stops, and ends in order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinyvex-host-"));
  const app = spawn(process.execPath, [example, join(folder, "t.db")], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TINYVEX_TOKEN: token } });
  const exited = once(app, "exit");
  onTestFinished(async () => {
    app.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const [line] = (await once(createInterface({ input: app.stdout }), "line")) as [string];
  expect(line).toMatch(/^Ask 'echo' something at http:\/\/127\.0\.0\.1:\d+\/#code=\S+$/);
  const url = line.replace(/^.* at http(.*)\/#.*$/, "ws$1/ws");
  const phone = new TinyvexClient({ url, token, WebSocket });
  onTestFinished(() => phone.close());

  const said = await phone.submit({ text: "hello there", agent: "echo" });
  const thread = phone.thread(said.threadId);
  const texts = () => thread.getSnapshot().items.flatMap((item) => (item.kind === "message" ? [item.row.text] : []));
  await until(thread, ({ run }) => run?.status === "completed");
  expect(texts()).toEqual(["hello there", "hello there"]);

  await phone.submit({ text: "shout hello", threadId: said.threadId });
  const { pending } = await until(thread, (view) => view.pending.length > 0);
  await phone.respond({ requestId: pending[0]!.requestId, optionId: "yes" });
  await until(thread, ({ run, items }) => run?.status === "completed" && items.some((item) => item.kind === "message" && item.row.text === "HELLO!"));

  await phone.submit({ text: "on ".repeat(10_000), threadId: said.threadId });
  await until(thread, ({ items }) => items.at(-1)?.kind === "message" && texts().at(-1)!.startsWith("on on") && texts().at(-1)!.length < 1_000);
  await phone.cancel({ threadId: said.threadId });
  await until(thread, ({ run }) => run?.status === "cancelled");

  app.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

test.skipIf(!binary || process.platform === "win32")("the program in the document answers over stdin", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinyvex-host-"));
  const [, python] = /^```python\n([^]*?)^```$/m.exec(readFileSync(join(root, "docs/host-agents.md"), "utf8"))!;
  writeFileSync(join(folder, "app.py"), python!);
  mkdirSync(join(folder, "bin"));
  symlinkSync(binary!, join(folder, "bin/tinyvex"));
  const app = spawn("python3", ["app.py"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, TINYVEX_TOKEN: token, PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}` },
  });
  const exited = once(app, "exit");
  onTestFinished(async () => {
    app.kill("SIGKILL");
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const [line] = (await once(createInterface({ input: app.stdout }), "line")) as [string];
  const phone = new TinyvexClient({ url: line.replace("clients connect to ", ""), token, WebSocket });
  onTestFinished(() => phone.close());

  await expect.poll(async () => (await phone.agents()).some(({ name }) => name === "my-app")).toBe(true);
  const { threadId } = await phone.submit({ text: "hello", agent: "my-app" });
  const { items } = await until(phone.thread(threadId), ({ run }) => run?.status === "completed");
  expect(items.flatMap((item) => (item.kind === "message" ? [item.row.text] : []))).toEqual(["hello", "You said hello"]);
});
