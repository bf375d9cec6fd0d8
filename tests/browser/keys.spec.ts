import type { Page } from "@playwright/test";
import { expect, show, test, type Stage } from "./console.ts";

/** Shows a turn that waits for an answer, so that there is one to cancel for as long as the test wants, and notes what the page asks to be cancelled. */
async function turn(stage: Stage, page: Page) {
  const { threadId, runId } = await stage.client.submit({ agent: "asking", text: "read", workingDirectory: stage.server.folder });
  await page.evaluate(() => {
    const { send } = WebSocket.prototype;
    const noted = window as { cancels?: unknown[] };
    noted.cancels = [];
    WebSocket.prototype.send = function (this: WebSocket, data) {
      if (String(data).includes('"run.cancel"')) noted.cancels!.push(JSON.parse(String(data)));
      return send.call(this, data);
    };
  });
  await show(page, threadId);
  await expect(page.getByTestId("permission")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Cancel/ })).toBeVisible();
  return {
    runId,
    cancels: () => page.evaluate(() => (window as { cancels?: unknown[] }).cancels),
    status: async () => (await stage.client.query("runs.list", { threadId })).rows[0]?.status,
  };
}

test("Esc closes the menu that is open, and only then cancels the turn", async ({ stage }) => {
  const page = await stage.open();
  const { runId, cancels, status } = await turn(stage, page);
  await page.locator(".page-header").getByRole("button", { name: /^Actions for/ }).click();
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page.locator(".page-header").getByRole("button", { name: /^Actions for/ })).toBeFocused();
  await page.locator(".page-header").getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await cancels()).toEqual([]);
  await page.getByRole("main").focus();
  await page.keyboard.press("Escape");
  // This agent ends a cancelled turn as any other.
  await expect.poll(status).not.toBe("running");
  // And names the run: of its thread the server would take the next prompt, where this turn has just ended.
  expect(await cancels()).toEqual([{ control: "run.cancel", id: expect.any(String), key: expect.any(String), runId }]);
});

test("Esc closes the drawer of a phone, wherever the focus is, and leaves the turn alone", async ({ stage }) => {
  const page = await stage.open({ width: 390, height: 844 });
  const { cancels } = await turn(stage, page);
  const drawer = page.locator(".sidebar");
  for (const isLost of [false, true]) {
    await page.getByRole("button", { name: "Threads and pages" }).click();
    await expect(drawer).toHaveClass(/open/);
    if (isLost) await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press("Escape");
    await expect(drawer).not.toHaveClass(/open/);
  }

  expect(await cancels()).toEqual([]);
});

test("Esc empties the search first, and is not the turn's", async ({ stage }) => {
  const page = await stage.open();
  const { cancels } = await turn(stage, page);
  await page.getByRole("main").focus();
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search messages" });
  await search.fill("read");
  await page.getByRole("link", { name: /You/ }).first().focus();
  await page.keyboard.press("Escape");
  await expect(search).toHaveValue("");
  expect(await cancels()).toEqual([]);
});

test("Esc leaves the prompt, where keys are text, and cancels nothing by that", async ({ stage }) => {
  const page = await stage.open();
  const { cancels } = await turn(stage, page);
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("hm");
  await page.keyboard.press("Escape");
  await expect(prompt).not.toBeFocused();
  await expect(prompt).toHaveValue("hm");
  expect(await cancels()).toEqual([]);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("Out of the prompt");
});

test("a call that its turn has left open waits no more", async ({ stage }) => {
  const page = await stage.open();
  const { runId } = await turn(stage, page);
  await expect(page.locator(".tool .badge")).toHaveText("waiting");
  await stage.client.cancel({ runId });
  await expect(page.locator(".tool .badge")).toHaveText("not finished");
});

test("a thread that is not there takes no prompt", async ({ stage }) => {
  const page = await stage.open();
  await show(page, "nothere");
  await expect(page.getByText("There is no such thread.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Prompt" })).toHaveCount(0);
  await page.getByRole("link", { name: "Begin a new one" }).click();
  await expect(page.getByRole("textbox", { name: "Prompt" })).toBeVisible();
});
