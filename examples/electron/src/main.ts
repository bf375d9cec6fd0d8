import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BrowserWindow, app, dialog, ipcMain, net, protocol } from "electron";
import { startTinyvex, type StartOptions, type TinyvexServer } from "@tinyvex/server";

const origin = "app://bundle";
const folder = join(import.meta.dirname, "page");

// The origin of a page of a file is that of all files, so the server refuses it. A scheme of our own is ours alone.
protocol.registerSchemesAsPrivileged([{ scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true } }]);

if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

async function run(): Promise<void> {
  protocol.handle("app", servePage);
  let server: TinyvexServer;
  try {
    server = await startTinyvex(serverOptions());
  } catch (error) {
    dialog.showErrorBox("The server does not start", (error as Error).message);
    app.exit(1);
    return;
  }
  ipcMain.handle("server-address", ({ senderFrame }) => {
    if (senderFrame?.origin !== origin) throw new Error("only pages of this app may ask");
    return { ws: server.ws, token: server.token };
  });
  stopWithApp(server);
  openWindow();
  app.on("second-instance", () => BrowserWindow.getAllWindows()[0]?.focus());
}

export function serverOptions(): StartOptions {
  const file = process.platform === "win32" ? "tinyvex.exe" : "tinyvex";
  return {
    db: join(app.getPath("userData"), "tinyvex.db"),
    allowOrigins: [origin],
    logger: (line) => console.error(line),
    // Packaged, the file lies beside the archive, where "extraResources" puts it; until then it is the npm package's.
    ...(app.isPackaged && { binary: join(process.resourcesPath, "tinyvex", file) }),
  };
}

function stopWithApp(server: TinyvexServer): void {
  let stopped = false;
  app.on("will-quit", (event) => {
    if (stopped) return;
    event.preventDefault();
    void server.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
  server.on("exit", ({ code, restarting, error }) => {
    if (restarting || stopped || code === 0) return;
    dialog.showErrorBox("The server is gone", error?.message ?? `It ended with exit code ${code}.`);
  });
}

function openWindow(): void {
  const window = new BrowserWindow({
    webPreferences: { preload: join(import.meta.dirname, "preload.cjs"), sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  // What an agent writes may hold links; none of them leads this window elsewhere.
  window.webContents.on("will-navigate", (event) => event.preventDefault());
  window.webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  void window.loadURL(`${origin}/index.html`);
}

function servePage({ url }: Request): Response | Promise<Response> {
  const { host, pathname } = new URL(url);
  const name = pathname.slice(1);
  // The pages of the app are named, so that no path leads out of their folder.
  if (host !== "bundle" || !["index.html", "page.js"].includes(name)) return new Response(undefined, { status: 404 });
  return net.fetch(pathToFileURL(join(folder, name)).href);
}
