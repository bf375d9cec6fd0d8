import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("window.py", import.meta.url));
// The system's own Python has the bindings, whatever else is first in the PATH.
const python = "/usr/bin/python3";
const needs = `import gi; gi.require_version("Gtk", "3.0"); gi.require_version("WebKit2", "4.1"); gi.require_version("Soup", "3.0")`;

/** Whether this machine can show one: Debian's python3-gi, gir1.2-webkit2-4.1 and xvfb. */
export const canShowWindows =
  existsSync("/usr/bin/Xvfb") && existsSync(python) && spawnSync(python, ["-c", needs]).status === 0;

interface Said {
  ready?: { url: string; ws: string; token: string; pid: number };
  value?: unknown;
  error?: string;
}

/** A window of WebKitGTK on a screen of its own, around a server that it starts; `window.py` is the app. */
export class WebKitWindow {
  readonly #screen: ChildProcess;
  readonly #app: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  ready!: NonNullable<Said["ready"]>;

  private constructor(screen: ChildProcess, app: ChildProcess) {
    this.#screen = screen;
    this.#app = app;
    this.#lines = createInterface({ input: app.stdout! })[Symbol.asyncIterator]();
  }

  static async open(page: string, server: string[]): Promise<WebKitWindow> {
    const screen = spawn("/usr/bin/Xvfb", ["-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const [display] = (await once(createInterface({ input: screen.stdio[3] as NodeJS.ReadableStream }), "line")) as [string];
    const env = { ...process.env, DISPLAY: `:${display}`, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1", LIBGL_ALWAYS_SOFTWARE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
    delete (env as NodeJS.ProcessEnv)["TINYVEX_TOKEN"];
    const app = spawn(python, [script, page, ...server], { env, stdio: ["pipe", "pipe", "inherit"] });
    const window = new WebKitWindow(screen, app);
    try {
      window.ready = (await window.#said()).ready!;
    } catch (error) {
      await window.close();
      throw error;
    }
    return window;
  }

  load(url: string): void {
    this.#order({ load: url });
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    this.#order({ evaluate: expression });
    const { value, error } = await this.#said();
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string): Promise<void> {
    const end = Date.now() + 20_000;
    while ((await this.evaluate(`Boolean(${expression})`).catch(() => false)) !== true) {
      if (Date.now() > end) throw new Error(`'${expression}' is not so; the page is ${String(await this.evaluate("document.documentElement.outerHTML")).slice(0, 2_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** SIGKILL, as a crash of the app is. */
  async kill(): Promise<void> {
    this.#app.kill("SIGKILL");
    if (this.#app.signalCode === null) await once(this.#app, "exit");
  }

  async close(): Promise<void> {
    if (this.#app.exitCode === null && this.#app.signalCode === null) {
      this.#app.stdin!.end();
      await once(this.#app, "exit");
    }
    this.#screen.kill();
    if (this.#screen.exitCode === null && this.#screen.signalCode === null) await once(this.#screen, "exit");
  }

  #order(order: object): void {
    this.#app.stdin!.write(JSON.stringify(order) + "\n");
  }

  async #said(): Promise<Said> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the window is gone");
    return JSON.parse(value) as Said;
  }
}
