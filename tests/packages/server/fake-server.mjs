#!/usr/bin/env node
// Plays a server that misbehaves. FAKE_ACTS names what it does, start by start, the last one for ever; FAKE_LOG gets a
// line of JSON for each start.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";

const { FAKE_ACTS: acts, FAKE_LOG: log, TINYVEX_TOKEN: token } = process.env;
const args = process.argv.slice(2);
const past = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").length : 0;
appendFileSync(log, JSON.stringify({ args, token, pid: process.pid }) + "\n");
const list = acts.split(",");
const [act, value] = list[Math.min(past, list.length - 1)].split("=");

const endWithStdin = () => process.stdin.resume().on("end", () => process.exit(0));
const listening = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(Number(args[args.indexOf("--port") + 1]), "127.0.0.1", () => resolve(server.address().port));
  });
const ready = async () => {
  const port = await listening();
  const line = { type: "tinyvex.ready", url: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws`, port, pid: process.pid };
  return JSON.stringify({ ...line, version: "1.2.3", storeId: "store", db: "/t.db" }) + "\n";
};

switch (act) {
  case "listen":
    process.stdout.write(await ready());
    endWithStdin();
    break;
  case "pieces": {
    for (const piece of (await ready()).match(/[^]{1,40}/g)) {
      process.stdout.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    endWithStdin();
    break;
  }
  case "deaf":
    process.stdout.write(await ready());
    process.stdin.resume();
    setInterval(() => undefined, 1_000_000);
    break;
  case "silent":
    console.error("still thinking");
    endWithStdin();
    break;
  case "half":
    process.stdout.write('{"type":"tinyvex.ready","url":', () => process.exit(Number(value)));
    break;
  case "garbage":
    console.log("Hello, I am another program.");
    endWithStdin();
    break;
  case "endless":
    process.stdout.write("x".repeat(1_000_000) + "\n");
    endWithStdin();
    break;
  case "running":
    console.log(JSON.stringify({ type: "tinyvex.already_running", url: "http://127.0.0.1:9", ws: "ws://127.0.0.1:9/ws", pid: 9, db: "/t.db" }));
    process.exitCode = 3;
    break;
  case "exit":
    for (let i = 1; i <= 100; i++) console.error(`line ${i} ${token}`);
    process.exitCode = Number(value);
    break;
  case "endAfterReady":
    process.stdout.write(await ready(), () => process.exit(Number(value)));
    break;
  default:
    throw new Error(`no act '${act}'`);
}
