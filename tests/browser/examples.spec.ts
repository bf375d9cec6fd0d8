import { fileURLToPath } from "node:url";
import { createServer, type ViteDevServer } from "vite";
import { expect, test } from "./console.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let vite: ViteDevServer | undefined;

test.afterEach(async () => {
  await vite?.close();
  vite = undefined;
});

/** Serves a folder on loopback, as the examples say, and gives its address. */
async function serve(folder: string): Promise<string> {
  vite = await createServer({ root: folder, logLevel: "error", server: { host: "127.0.0.1", port: 0, hmr: false } });
  await vite.listen();
  const address = vite.httpServer!.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

for (const { name, folder, path } of [
  { name: "plain HTML", folder: root, path: "/examples/html/" },
  { name: "React with Vite", folder: `${root}examples/react-vite`, path: "/" },
]) {
  test(`the example of ${name} takes a turn`, async ({ stage, page }) => {
    const { ws, token } = stage.server.ready;
    await page.goto(`${await serve(folder)}${path}#ws=${ws}&token=${token}`);
    await expect(page.getByText("open")).toBeVisible();
    await page.getByRole("textbox", { name: "Prompt" }).fill("Why do cut titles end so?");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("button", { name: "Allow this edit" }).click();
    await expect(page.getByText("Fixed: titles are now cut")).toBeVisible();
    await expect(page.getByText("Edit src/cut.js")).toBeVisible();
  });
}
