import { conversation, expect, show, test } from "./console.ts";

test("a form is filled in, and a page is opened by nobody but the person", async ({ stage }) => {
  const [page, other] = [await stage.open(), await stage.open({ width: 390, height: 844 })];
  const { threadId } = await stage.client.submit({ agent: "asking", text: "form", workingDirectory: stage.server.folder });
  await show(page, threadId);
  await expect(other.getByRole("region", { name: "Requests in other threads" })).toContainText("Where shall it go?");
  await show(other, threadId);
  const card = page.getByTestId("elicitation");
  await expect(card.getByRole("heading", { name: "Where shall it go?" })).toBeVisible();
  await card.getByRole("button", { name: "Send" }).click();
  // The browser asks for what is required, and nothing was sent.
  await expect(card.getByLabel("Branch (required)")).toBeFocused();
  await card.getByLabel("Branch (required)").fill("main");
  await card.getByLabel("Remote (required)").selectOption({ label: "My fork" });
  await card.getByLabel("Depth").fill("2");
  await card.getByRole("group", { name: "Tags" }).getByLabel("b").check();
  await card.getByLabel("Push").check();
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await card.getByRole("button", { name: "Send" }).click();
  await expect(conversation(page)).toContainText('{"action":"accept","content":{"branch":"main","remote":"fork","depth":2,"tags":["b"],"push":true}}');
  await expect(other.getByTestId("elicitation")).toHaveCount(0);
  await expect(conversation(other)).toContainText("by console");

  await stage.client.submit({ threadId, text: "page" });
  await expect(card.getByTestId("elicitation-url")).toHaveText("https://login.example.org/device?code=1");
  await expect(card.getByRole("link", { name: "Open the page" })).toHaveAttribute("rel", "noopener noreferrer");
  await expect(card).toContainText("login.example.org");
  await card.getByRole("button", { name: "Decline" }).click();
  await expect(conversation(page)).toContainText('{"action":"decline"}');
});

test("what the agent may do is chosen in the thread, and all of it only after a warning", async ({ stage }) => {
  const page = await stage.open();
  const { threadId } = await stage.client.submit({ agent: "asking", text: "read", workingDirectory: stage.server.folder });
  await show(page, threadId);
  await expect(page.getByTestId("permission")).toContainText("Read notes.txt");
  const policy = page.getByRole("combobox", { name: "What the agent may do without asking" });
  await expect(policy).toHaveValue("ask");
  await policy.selectOption("allow-all");
  await page.getByRole("button", { name: "Keep asking" }).click();
  await expect(policy).toHaveValue("ask");
  await policy.selectOption("allow-reads");
  await expect(page.getByTestId("permission")).toHaveCount(0);
  await expect(conversation(page)).toContainText("by the policy allow-reads");
  await policy.selectOption("allow-all");
  await page.getByRole("button", { name: "Allow everything" }).click();
  await expect(policy).toHaveValue("allow-all");
  expect((await stage.client.query("threads.get", { threadId })).rows[0]).toMatchObject({ policy: "allow-all", policySetBy: "client:console" });
});
