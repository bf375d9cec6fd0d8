import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { conversation, expect, show, test } from "./console.ts";

const agent = fileURLToPath(new URL("../packages/support/terminal-agent.mjs", import.meta.url));
test.use({ serverArguments: ["--agent", `terminal=node '${agent}'`, "--default-agent", "terminal"] });

test("what a command prints is seen in its tool call as it comes, and how it ended", async ({ stage }) => {
  const page = await stage.open();
  const line = "echo begun; while [ ! -e go ]; do sleep 0.02; done; seq 1 300; exit 3";
  const { threadId } = await stage.client.submit({ text: line, workingDirectory: stage.server.folder });
  await show(page, threadId);
  const terminal = conversation(page).locator("details.tool").getByTestId("terminal");
  await expect(terminal.locator("pre")).toHaveText("begun\n");
  await expect(terminal.locator("figcaption")).toContainText("running");
  writeFileSync(join(stage.server.folder, "go"), "");
  await expect(terminal.locator("figcaption")).toContainText("exit 3");
  await expect(terminal.locator("pre")).toContainText("\n300\n");
  await expect(terminal.locator("pre")).not.toContainText("begun");
  expect(await terminal.locator("pre").evaluate((pre) => pre.scrollHeight - pre.scrollTop - pre.clientHeight)).toBeLessThan(2);
  await terminal.getByRole("button", { name: "Show all of it" }).click();
  await expect(terminal.locator("pre")).toContainText("begun");
});

test("a command that no tool call names stands by itself, and cannot act on the page", async ({ stage }) => {
  const page = await stage.open();
  const { threadId } = await stage.client.submit({ text: "printf '<img src=x onerror=alert(1)>\\033[31mred\\033[0m\\033[2J'; : unnamed", workingDirectory: stage.server.folder });
  await show(page, threadId);
  await expect(conversation(page).getByTestId("terminal").locator("pre")).toHaveText("<img src=x onerror=alert(1)>red\\x1b[2J");
  await expect(conversation(page).locator("details.tool")).toHaveCount(0);
});
