import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TinyvexClient } from "@tinyvex/client";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { exists } from "../server/fake-server.ts";
import { binary } from "../support/real-server.ts";
import { root } from "./type-check.ts";
import { WebKitWindow, canShowWindows } from "./webkit-window.ts";

describe.skipIf(!binary || !canShowWindows)("in a window of WebKitGTK", () => {
  let folder: string;
  let window: WebKitWindow | undefined;

  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tinyvex-webkit-"))));
  afterEach(async () => {
    await window?.close();
    window = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(page: string): Promise<WebKitWindow> {
    const serve = [binary!, "serve", "--exit-with-stdin", "--port", "0", "--db", join(folder, "t.db")];
    return (window = await WebKitWindow.open(page, [...serve, "--agent", `replay="${binary}" replay --speed max`, "--log-level", "Warning"]));
  }

  async function serverEndsWith({ ready }: WebKitWindow): Promise<void> {
    expect(exists(ready.pid)).toBe(true);
    await window!.kill();
    await vi.waitFor(() => expect(exists(ready.pid)).toBe(false), { timeout: 10_000 });
  }

  test("the page of the Tauri example connects from its own origin, takes a turn, and the server ends with the window", async () => {
    const example = join(root, "examples/tauri");
    await build({ entryPoints: ["src/main.ts", "src/index.html"].map((path) => join(example, path)), bundle: true, format: "esm", loader: { ".html": "copy" }, outdir: folder, logLevel: "silent" });
    copyFileSync(join(example, "src-tauri/tauri.conf.json"), join(folder, "tauri.conf.json"));
    const shown = await open(folder);
    await shown.until(`document.getElementById("status")?.textContent === "open"`);
    expect(await shown.evaluate("location.origin")).toBe("tauri://localhost");
    await shown.evaluate(`(document.getElementById("prompt").value = "Hello from WebKit", document.getElementById("ask").requestSubmit())`);
    await shown.until(`document.getElementById("items").textContent.includes("Hello from WebKit")`);
    await shown.until(`document.getElementById("items").textContent.includes("Read src/cut.js")`);
    await serverEndsWith(shown);
  });

  test("the console is shown, and the server ends with the window", async ({ skip }) => {
    const shown = await open("console");
    const { url, ws, token } = shown.ready;
    if ((await fetch(url)).status === 404) skip("this server has no console");
    const client = new TinyvexClient({ url: ws, token, WebSocket });
    const { code } = await client.request("auth.code", {});
    client.close();
    shown.load(`${url}/#code=${code}`);
    await shown.until("document.documentElement.hasAttribute('data-tinyvex-ready')");
    expect(await shown.evaluate("document.getElementById('root').childElementCount")).toBeGreaterThan(0);
    expect(await shown.evaluate("location.hash")).not.toContain(code);
    await serverEndsWith(shown);
  });
});
