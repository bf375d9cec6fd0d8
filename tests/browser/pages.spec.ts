import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { expect, say, show, test } from "./console.ts";

/** What a person looks at: a picture of each page. */
const screenshots = fileURLToPath(new URL("../../artifacts/screenshots/", import.meta.url));

const pages = [
  { name: "new", fragment: "#/", shows: "What shall the agent do?" },
  { name: "agents", fragment: "#/agents", shows: "Agents" },
  { name: "inspector", fragment: "#/inspector", shows: "Inspector" },
  { name: "server", fragment: "#/server", shows: "Server" },
];

for (const scheme of ["light", "dark"] as const) {
  test(`every page can be used by everyone, ${scheme}`, async ({ stage }) => {
    const { threadId } = await stage.client.submit({ text: "Cut titles end in �. Why?" });
    const page = await stage.open();
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await show(page, threadId);
    await expect(page.getByTestId("permission")).toBeVisible();
    await check("conversation");
    await page.getByTestId("permission").getByRole("button", { name: "Allow this edit" }).click();
    await expect(page.getByRole("log")).toContainText("Fixed: titles are now cut");
    await check("conversation-ended");
    for (const text of ["form", "page"]) {
      await show(page, (await stage.client.submit({ agent: "asking", text, policy: "allow-all" })).threadId);
      await expect(page.getByTestId("elicitation")).toBeVisible();
      await check(`elicitation-${text}`);
    }

    for (const { name, fragment, shows } of pages) {
      await page.evaluate((to) => (location.hash = to), fragment);
      await expect(page.getByRole("heading", { level: 1, name: shows })).toBeVisible();
      await check(name);
    }

    await page.setViewportSize({ width: 390, height: 844 });
    await show(page, threadId);
    await check("phone");

    async function check(name: string): Promise<void> {
      await page.screenshot({ path: `${screenshots}${name}-${scheme}.png` });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect.soft(violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map((node) => node.html.slice(0, 200)).join(" ")}`)).toEqual([]);
    }
  });
}

test("the keyboard is enough", async ({ stage }) => {
  await say(stage.client, "t1", "Hello");
  const page = await stage.open();
  // A new thread begins in the prompt, where keys are text.
  await expect(page.getByRole("textbox", { name: "Prompt" })).toBeFocused();
  await page.getByRole("main").focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("shortcuts", { ignoreCase: true });
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page.getByRole("heading", { name: "Agents" })).toBeVisible();
  await page.keyboard.press("n");
  await page.keyboard.press("c");
  await expect(page.getByRole("textbox", { name: "Prompt" })).toBeFocused();
});

test("nothing is asked of anybody else, and no inline code would run", async ({ stage }) => {
  const response = await fetch(stage.server.ready.url);
  expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
  const page = await stage.open();
  const refused = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.hacked = true";
        document.body.append(script);
      }),
  );
  expect(refused).toBe("script-src-elem");
  expect(stage.problems.splice(0).join()).toContain("Content Security Policy");
});
