import { conversation, expect, ready, said, say, show, test } from "./console.ts";

test("a turn streams, asks, is answered, and ends", async ({ stage }) => {
  const page = await stage.open();
  await page.getByRole("textbox", { name: "Prompt" }).fill("Cut titles end in �. Why?");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/t\//);
  await expect(conversation(page).getByRole("article", { name: "You" })).toContainText("Cut titles end in");
  await page.getByTestId("permission").getByRole("button", { name: "Allow this edit" }).click();
  await expect(conversation(page)).toContainText("Fixed: titles are now cut");
  await expect(page.getByTestId("permission")).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Threads", exact: true })).toContainText("Cut titles end in");
});

test("the code of the link is gone from the address, and was good once", async ({ stage, browser }) => {
  const { code } = await stage.client.request("auth.code", {});
  const page = await (await browser.newContext()).newPage();
  const link = `${stage.server.ready.url}/#code=${code}`;
  await page.goto(link);
  await ready(page);
  expect(page.url()).not.toContain(code);
  await page.reload();
  await ready(page);
  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await expect(other.getByRole("alert")).toBeVisible();
  await expect(other.getByRole("heading", { name: "Tinyvex" })).toBeVisible();
});

test("two windows and a phone show the same", async ({ stage }) => {
  const pages = [await stage.open(), await stage.open(), await stage.open({ width: 390, height: 844 })];
  await say(stage.client, "t1", "Hello ");
  for (const page of pages) await show(page, "t1");
  for (let i = 0; i < 200; i++) await say(stage.client, "t1", `word${i} `);
  await stage.client.request("tvx.finalize", { threadId: "t1" });
  for (const page of pages) await expect(conversation(page)).toContainText("word199");
  const texts = await Promise.all(pages.map(said));
  expect(texts[1]).toEqual(texts[0]);
  expect(texts[2]).toEqual(texts[0]);
  expect(await pages[2]!.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test("a reload in the middle of a stream shows all of it", async ({ stage }) => {
  const page = await stage.open();
  await say(stage.client, "t1", "begin ");
  await show(page, "t1");
  let isOver = false;
  const streaming = (async () => {
    for (let i = 0; i < 400; i++) await say(stage.client, "t1", `w${i} `);
    isOver = true;
  })();
  await expect(conversation(page)).toContainText("w20 ");
  await page.reload();
  await ready(page);
  await expect(conversation(page)).toContainText("w21 ");
  await streaming;
  expect(isOver).toBe(true);
  await expect(conversation(page)).toContainText("w399");
  expect((await said(page)).join("")).toContain(Array.from({ length: 400 }, (_, i) => `w${i}`).join(" "));
});

test("a server that is killed and started again under an open page loses nothing of it", async ({ stage }) => {
  const page = await stage.open();
  await say(stage.client, "t1", "before the crash ");
  await show(page, "t1");
  await expect(conversation(page)).toContainText("before the crash");
  await stage.server.kill();
  await expect(page.getByRole("region", { name: "Offline" })).toBeVisible();
  await expect(conversation(page)).toContainText("before the crash");
  await stage.server.restart();
  await say(stage.client, "t1", "after it");
  await expect(page.getByRole("region", { name: "Offline" })).toHaveCount(0, { timeout: 30_000 });
  await expect(conversation(page)).toContainText("after it");
});

test("a permission that is answered in another window is answered here", async ({ stage }) => {
  const { threadId } = await stage.client.submit({ text: "Fix it" });
  const [one, two] = [await stage.open(), await stage.open()];
  for (const page of [one, two]) {
    await show(page, threadId);
    await expect(page.getByTestId("permission")).toBeVisible();
  }

  await two.getByTestId("permission").getByRole("button", { name: "Reject" }).click();
  await expect(one.getByTestId("permission")).toHaveCount(0);
  const { rows } = await stage.client.query("permissions.list", { threadId });
  expect(rows[0]!.outcome).toEqual({ outcome: "selected", optionId: "no" });
});

test("offline and back", async ({ stage }) => {
  const page = await stage.open();
  await say(stage.client, "t1", "one ");
  await show(page, "t1");
  await expect(conversation(page)).toContainText("one");
  // Chromium leaves open sockets alone when it goes offline, so the server's end is cut as well.
  await page.context().setOffline(true);
  await stage.server.kill();
  await expect(page.getByRole("region", { name: "Offline" })).toBeVisible();
  await stage.server.restart();
  await say(stage.client, "t1", "two");
  await page.context().setOffline(false);
  await expect(conversation(page)).toContainText("two");
});

test("a thread of 5,000 messages scrolls, and loads what is older on the way", async ({ stage }) => {
  for (let i = 0; i < 50; i++) {
    const updates = Array.from({ length: 100 }, (_, n) => ({
      sessionUpdate: n % 2 ? ("agent_message_chunk" as const) : ("user_message_chunk" as const),
      content: { type: "text" as const, text: `message ${i * 100 + n}` },
    }));
    await stage.client.request("tvx.ingest", { threadId: "t1", provider: "host", updates });
  }

  const page = await stage.open();
  await show(page, "t1");
  await expect(conversation(page).getByText("message 4999", { exact: true })).toBeInViewport();
  await conversation(page).hover();
  for (let seen = 4_800; seen >= 4_000; seen -= 200) {
    await expect(async () => {
      await page.mouse.wheel(0, -5_000);
      await expect(conversation(page).getByText(`message ${seen}`, { exact: true })).toBeAttached({ timeout: 200 });
    }).toPass();
  }

  await say(stage.client, "t1", "the newest");
  await page.getByRole("button", { name: /latest/i }).click();
  await expect(conversation(page).getByText("the newest")).toBeInViewport();
});

test("a hostile message stays text", async ({ stage }) => {
  const page = await stage.open();
  const hostile = [
    "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'><style>body { display: none }</style>\n\n",
    "[link](javascript:window.hacked=3) ![image](http://127.0.0.1:9/x.png)\n\n",
    "\u001b[31mred\u001b[0m \u202Eevil\u202C مرحبا\n\n",
    `${"x".repeat(50_000)}\n\n`,
    "the end",
  ];
  await say(stage.client, "t1", ...hostile);
  await stage.client.request("tvx.finalize", { threadId: "t1" });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await show(page, "t1");
  await expect(conversation(page)).toContainText("the end");
  await expect(conversation(page)).toContainText("<script>window.hacked = 1</script>");
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.locator("a[href^='javascript']").count()).toBe(0);
  expect(requests.filter((url) => !url.startsWith(stage.server.ready.url))).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280);
});
