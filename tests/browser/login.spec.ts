import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { settingsAgent } from "../packages/support/real-server.ts";
import { conversation, expect, show, test } from "./console.ts";

const screenshots = fileURLToPath(new URL("../../artifacts/screenshots/", import.meta.url));
test.use({ serverArguments: settingsAgent("locked", "--locked") });

test("an agent that wants a login gets it on its page", async ({ stage }) => {
  const page = await stage.open();
  await page.emulateMedia({ reducedMotion: "reduce" });
  const { threadId } = await stage.client.submit({ text: "Hello", agent: "locked" });
  await show(page, threadId);
  await conversation(page).getByRole("link", { name: "Log in on the page Agents" }).click();
  const agent = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "locked" }) });
  await expect(agent).toContainText("wants a login");
  await expect(agent).toContainText("with login '--device code' behind it");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html.slice(0, 200)).join(" ")}`)).toEqual([]);

  await agent.getByRole("button", { name: "With a key" }).click();
  await expect(agent.getByRole("alert")).toHaveText("Not logged in: SETTINGS_KEY is not set");
  await page.screenshot({ path: `${screenshots}login.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.screenshot({ path: `${screenshots}login-phone.png` });
  await page.setViewportSize({ width: 1280, height: 800 });
  const account = agent.getByRole("button", { name: "With an account" });
  await expect(account).toHaveAccessibleDescription("Opens a browser");
  await account.click();
  await expect(account).toBeDisabled();
  await expect(agent).toContainText("Waiting for locked");
  // It goes on while another page is looked at.
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.screenshot({ path: `${screenshots}login-waiting.png` });
  await expect(agent).toContainText("Logged in.");
  await expect(agent).not.toContainText("wants a login");
  await stage.client.submit({ threadId, text: "Hello again" });
  await show(page, threadId);
  await expect(conversation(page)).toContainText('"mode":"ask"');
});
