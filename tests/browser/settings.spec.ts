import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { settingsAgent } from "../packages/support/real-server.ts";
import { conversation, expect, show, test } from "./console.ts";

const screenshots = fileURLToPath(new URL("../../artifacts/screenshots/", import.meta.url));
test.use({ serverArguments: settingsAgent() });

const settings = (page: Page) => page.getByRole("group", { name: "Settings of the agent" });

test("the mode and the options of the agent are chosen at the prompt, and shown as the agent has them", async ({ stage }) => {
  const { threadId } = await stage.client.submit({ text: "Hello", agent: "settings" });
  const [page, other] = [await stage.open(), await stage.open()];
  await show(page, threadId);
  await show(other, threadId);
  const mode = settings(page).getByRole("combobox", { name: "Mode", exact: true });
  const model = settings(page).getByRole("combobox", { name: "Model" });
  // Told in both ways, it is shown once, and what is of no known type is not.
  await expect(settings(page).getByRole("combobox")).toHaveCount(2);
  await expect(mode).toHaveValue("ask");
  await expect(mode).toHaveAccessibleDescription("Asks before it does anything");
  await expect(model.locator("optgroup")).toHaveCount(2);

  await mode.selectOption("plan");
  await expect(mode).toHaveAttribute("aria-busy", "true");
  await expect(settings(other).getByRole("combobox", { name: "Mode", exact: true })).toHaveValue("plan");
  await expect(mode).toHaveAttribute("aria-busy", "false");
  await expect(mode).toHaveValue("plan");
  await expect(page.getByRole("alert")).toHaveCount(0);

  await model.selectOption("none");
  await expect(page.getByRole("alert")).toHaveText("Model was not changed to “None”: This account has no such model");
  await expect(model).toHaveValue("large");

  const more = settings(page).getByRole("button", { name: "More settings" });
  await expect(more).toHaveAccessibleName("More settings: Effort Default · Search the web on");
  await more.focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: "More settings" });
  await expect(panel.getByRole("combobox", { name: "Effort" })).toBeFocused();
  await panel.getByRole("combobox", { name: "Effort" }).selectOption("high");
  await page.keyboard.press("Tab");
  const web = panel.getByRole("switch", { name: "Search the web" });
  await expect(web).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(web).toHaveAttribute("aria-checked", "false");
  await expect(web).toHaveAttribute("aria-busy", "false");
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(more).toBeFocused();
  await expect(more).toHaveAccessibleName("More settings: Effort High · Search the web off");

  await page.getByRole("textbox", { name: "Prompt" }).fill("And now?");
  await page.keyboard.press("Enter");
  await expect(conversation(page)).toContainText('{"mode":"plan","model":"large","effort":"high","web":false}');
});

test("settings are changed in a turn too", async ({ stage }) => {
  const { threadId } = await stage.client.submit({ text: "wait", agent: "settings" });
  const page = await stage.open();
  await show(page, threadId);
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  const mode = settings(page).getByRole("combobox", { name: "Mode", exact: true });
  await mode.selectOption("plan");
  await expect(mode).toHaveAttribute("aria-busy", "true");
  await page.screenshot({ path: `${screenshots}settings-in-turn.png` });
  await expect(mode).toHaveAttribute("aria-busy", "false");
  await expect(mode).toHaveValue("plan");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(conversation(page)).toContainText("Cancelled after");
});

for (const scheme of ["light", "dark"] as const) {
  test(`settings can be used by everyone, on a phone too, ${scheme}`, async ({ stage }) => {
    const { threadId } = await stage.client.submit({ text: "Hello", agent: "settings" });
    const page = await stage.open();
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await show(page, threadId);
    await expect(settings(page).getByRole("combobox")).toHaveCount(2);
    await check("settings");
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(settings(page).getByRole("combobox")).toHaveCount(1);
    await check("settings-phone");
    await settings(page).getByRole("button", { name: "More settings" }).click();
    await expect(page.getByRole("dialog", { name: "More settings" }).getByRole("combobox")).toHaveCount(2);
    await check("settings-phone-more");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);

    async function check(name: string): Promise<void> {
      await page.screenshot({ path: `${screenshots}${name}-${scheme}.png` });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect.soft(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map((node) => node.html.slice(0, 200)).join(" ")}`)).toEqual([]);
    }
  });
}

test("settings are changed after the agent has ended, and not where nobody could", async ({ stage }) => {
  const { threadId } = await stage.client.submit({ text: "Hello", agent: "settings" });
  const page = await stage.open();
  await show(page, threadId);
  await expect(conversation(page)).toContainText('"mode":"ask"');
  await stage.client.request("session.close", { threadId });
  const mode = settings(page).getByRole("combobox", { name: "Mode", exact: true });
  await mode.selectOption("plan");
  await expect(mode).toHaveAttribute("aria-busy", "false");
  await expect(mode).toHaveValue("plan");

  // What an app has said of its own session, which is not here any more.
  const configOptions = [{ id: "web", name: "Web", type: "boolean" as const, currentValue: true }];
  await stage.client.request("tvx.ingest", { threadId: "app", provider: "my-app", update: { sessionUpdate: "config_option_update", configOptions } });
  await show(page, "app");
  await expect(settings(page).getByRole("switch", { name: "Web" })).toBeDisabled();
  await expect(settings(page)).toHaveAccessibleDescription("The agent is not available, so its settings stay as they are.");
  await page.screenshot({ path: `${screenshots}settings-fixed.png` });
  await stage.client.request("agent.attach", { name: "my-app" });
  await page.reload();
  await expect(settings(page)).toHaveAccessibleDescription("An app runs my-app, and only there its settings can be changed.");
});
