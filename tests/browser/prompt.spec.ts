import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { binary } from "../packages/support/real-server.ts";
import { expect, show, test } from "./console.ts";

const recording = fileURLToPath(new URL("../transcripts/zed-codex-acp-reject.jsonl", import.meta.url));
const screenshots = fileURLToPath(new URL("../../artifacts/screenshots/", import.meta.url));
test.use({ serverArguments: ["--agent", `recorded="${binary}" replay --speed max "${recording}"`] });

test("the agent's commands are offered in the prompt, and taken by keys", async ({ stage }) => {
  const { threadId } = await stage.client.submit({ text: "Change the file", agent: "recorded" });
  const page = await stage.open();
  await show(page, threadId);
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  const options = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
  const active = () => prompt.evaluate((area) => document.getElementById(area.getAttribute("aria-activedescendant") ?? "")?.textContent ?? null);
  // What the agent offers is known once it has begun.
  await expect(prompt).toHaveAttribute("aria-haspopup", "listbox");

  await prompt.focus();
  await page.keyboard.type("/");
  await expect(options.first()).toContainText("/reviewoptional custom review instructionsReview my current changes");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  expect(await options.count()).toBe(6);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html.slice(0, 200)).join(" ")}`)).toEqual([]);

  await page.screenshot({ path: `${screenshots}commands.png` });

  await page.keyboard.press("ArrowUp");
  expect(await active()).toContain("/logout");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  expect(await active()).toContain("/review-branch");
  await page.keyboard.press("Enter");
  await expect(prompt).toHaveValue("/review-branch ");
  await expect(options).toHaveCount(0);
  await expect(prompt).toHaveAccessibleDescription("Takes: branch name");

  await prompt.fill("");
  await page.keyboard.type("/mpa");
  await expect(options).toHaveText([/^\/compact/]);
  await page.keyboard.press("Tab");
  await expect(prompt).toHaveValue("/compact ");
  await expect(prompt).toBeFocused();

  await prompt.fill("");
  await page.keyboard.type("/in");
  await expect(options).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(options).toHaveCount(0);
  await page.keyboard.type("i");
  await expect(options).toHaveCount(0);
  await expect(prompt).toHaveValue("/ini");
  await prompt.fill("see /in");
  await expect(options).toHaveCount(0);
});

test("a command is taken with the mouse, and sent once it is typed whole", async ({ stage }) => {
  const { threadId } = await stage.client.submit({ text: "Change the file", agent: "recorded" });
  const page = await stage.open({ width: 390, height: 844 });
  await show(page, threadId);
  const prompt = page.getByRole("textbox", { name: "Prompt" });
  const options = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
  await expect(prompt).toHaveAttribute("aria-haspopup", "listbox");
  await prompt.fill("/ the last one");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(options).toHaveCount(6);
  await page.screenshot({ path: `${screenshots}commands-phone.png` });
  await options.filter({ hasText: "/review-commit" }).click();
  await expect(prompt).toHaveValue("/review-commit the last one");
  await expect(prompt).toBeFocused();
  expect(await prompt.evaluate((area: HTMLTextAreaElement) => area.selectionStart)).toBe("/review-commit ".length);

  await prompt.fill("/init");
  await expect(options).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(prompt).toHaveValue("");
  const { rows } = await stage.client.query("runs.list", { threadId });
  expect(rows[0]!.prompt).toEqual([{ type: "text", text: "/init" }]);
});
