import { TinyvexClient } from "@tinyvex/client";
import { attachAgent } from "@tinyvex/client/agent";
import { WebSocket } from "ws";
import { conversation, expect, say, show, test, type Stage } from "./console.ts";

/** A thread of an agent that an app ran, and that is gone with it. */
async function threadOfGoneAgent(stage: Stage): Promise<string> {
  const app = new TinyvexClient({ url: stage.server.ready.ws, token: stage.server.ready.token, WebSocket });
  await attachAgent(app, "mine", async (run) => void (await run.update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: "Hello from the app" } }))).ready;
  const { threadId } = await stage.client.submit({ agent: "mine", text: "Who is there?" });
  await expect.poll(async () => (await stage.client.query("runs.list", { threadId })).rows[0]?.status).toBe("completed");
  app.close();
  await expect.poll(async () => (await stage.client.agents()).some(({ name }) => name === "mine")).toBe(false);
  return threadId;
}

test("a prompt for an agent that is gone goes to no other one", async ({ stage }) => {
  const threadId = await threadOfGoneAgent(stage);
  const page = await stage.open();
  await show(page, threadId);
  const agent = page.getByRole("combobox", { name: "Agent", exact: true });
  await expect(agent).toHaveValue("mine");
  await expect(agent.locator("option:checked")).toHaveText("mine (not available)");
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("And now?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("form", { name: "Prompt" }).getByRole("alert")).toContainText("The prompt was not sent");
  await expect(prompt).toHaveValue("And now?");
  expect((await stage.client.query("runs.list", { threadId })).rows).toHaveLength(1);
  // One that the person has chosen is asked.
  await agent.selectOption("replay");
  await prompt.press("Enter");
  await expect.poll(async () => (await stage.client.query("runs.list", { threadId })).rows[0]?.agent).toBe("replay");
});

test("a prompt that fails after its page was left is told of, and is found where it was written", async ({ stage }) => {
  const threadId = await threadOfGoneAgent(stage);
  const page = await stage.open();
  await show(page, threadId);
  await stage.server.kill();
  await expect(page.getByRole("region", { name: "Offline" })).toBeVisible();
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("Not to be lost");
  await page.keyboard.press("Enter");
  await expect(prompt).toHaveValue("");
  await expect(page.getByRole("list", { name: "Prompts that wait" })).toContainText("Not to be lost");
  // A page that is there without the server.
  await page.evaluate(() => (location.hash = "#/"));
  await expect(page.getByRole("heading", { level: 1, name: "What shall the agent do?" })).toBeVisible();
  await expect(prompt).toHaveValue("");
  await stage.server.restart();
  const alert = page.getByRole("alert").filter({ hasText: "The prompt was not sent" });
  await expect(alert).toBeVisible({ timeout: 30_000 });
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await expect(alert).toHaveCount(0);
  await show(page, threadId);
  await expect(prompt).toHaveValue("Not to be lost");
  // Another address has the browser ask for the icon again, of a server that is not there.
  expect(stage.problems.splice(0).filter((problem) => !problem.includes("net::ERR_CONNECTION"))).toEqual([]);
});

test("a prompt that waits for the connection is a draft again after a reload", async ({ stage }) => {
  await say(stage.client, "t1", "Hello");
  const page = await stage.open();
  await show(page, "t1");
  // Nothing that the page sends arrives, as when the connection is lost at that moment.
  await page.evaluate(() => (WebSocket.prototype.send = () => undefined));
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  await prompt.fill("Keep me");
  await page.keyboard.press("Enter");
  await expect(prompt).toHaveValue("");
  await page.reload();
  await expect(prompt).toHaveValue("Keep me");
});

test("what an agent sent in a shape of its own leaves the rest to be read", async ({ stage }) => {
  const updates = [
    { sessionUpdate: "tool_call", toolCallId: "c1", title: "Look around", status: "completed", content: [null, { type: "content", content: null }] },
    { sessionUpdate: "plan", entries: [null, { content: "Test it", status: "pending", priority: "low" }, { content: { odd: true }, status: "pending", priority: "low" }] },
  ];
  await stage.client.request("tvx.ingest", { threadId: "t1", provider: "host", updates: updates as never });
  await say(stage.client, "t1", "Still here");
  const page = await stage.open();
  await show(page, "t1");
  await expect(conversation(page)).toContainText("Still here");
  await conversation(page).getByText("Look around").click();
  await expect(conversation(page)).toContainText("Still here");
  await expect(page.getByRole("textbox", { name: "Prompt" })).toBeVisible();
  await expect(page.getByText("The plan could not be shown")).toBeVisible();
  // A better plan is shown, without a reload.
  await stage.client.request("tvx.ingest", {
    threadId: "t1", provider: "host", updates: [{ sessionUpdate: "plan", entries: [null, { content: "Test it", status: "pending", priority: "low" }] as never }],
  });
  await expect(page.getByText("0 of 1 done")).toBeVisible();
  // React writes what its boundaries have caught into the console.
  stage.problems.splice(0);
});

test("Back leads to a thread that was deleted while it was shown, and says so", async ({ stage }) => {
  await say(stage.client, "t1", "Hello");
  const page = await stage.open();
  await show(page, "t1");
  await expect(conversation(page)).toContainText("Hello");
  await stage.client.request("tvx.delete_thread", { threadId: "t1" });
  await expect(page.getByText("This thread was deleted.")).toBeVisible();
  await page.evaluate(() => (location.hash = "#/agents"));
  await expect(page.getByRole("heading", { level: 1, name: "Agents" })).toBeVisible();
  await page.goBack();
  await expect(page.getByText("This thread was deleted.")).toBeVisible();
  await expect(page.getByText("could not be shown")).toHaveCount(0);
});
