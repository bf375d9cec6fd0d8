import { existsSync } from "node:fs";
import { test as base, expect, type Browser, type Page } from "@playwright/test";
import { TinyvexClient } from "@tinyvex/client";
import { WebSocket } from "ws";
import { askingAgent, binary, RealServer } from "../packages/support/real-server.ts";

/** A server with a database of its own, a client beside the browser, and pages that are signed in by a link with a code. */
export interface Stage {
  server: RealServer;
  client: TinyvexClient;
  /** Opens the console in a window of its own, as another device would. */
  open(size?: { width: number; height: number }): Promise<Page>;
  /** What pages threw or wrote as errors. A test ends with none. */
  problems: string[];
}

export const test = base.extend<{ stage: Stage; serverArguments: string[] }>({
  serverArguments: [[], { option: true }],
  stage: async ({ browser, serverArguments }, use, info) => {
    const server = await RealServer.start(...askingAgent, ...serverArguments);
    const client = new TinyvexClient({ url: () => server.ready.ws, token: server.ready.token, WebSocket, backoff: { first: 20, longest: 200 } });
    const problems: string[] = [];
    const pages: Page[] = [];
    await use({
      server,
      client,
      problems,
      open: async (size) => {
        const page = await open(browser, server, client, problems, size);
        pages.push(page);
        return page;
      },
    });
    // A test that fails once in a hundred times has to say what it saw.
    if (info.status !== info.expectedStatus) for (const page of pages) console.log(await seen(page));
    client.close();
    await server.stop();
    expect(problems).toEqual([]);
  },
});

test.skip(!binary, "TINYVEX_BINARY names no server");
test.skip(!existsSync(process.env["CHROMIUM"] ?? "/usr/bin/chromium"), "there is no Chromium here");

async function open(browser: Browser, server: RealServer, client: TinyvexClient, problems: string[], viewport = { width: 1280, height: 800 }): Promise<Page> {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    // A lost connection is told by the browser itself.
    if (message.type() === "error" && !message.text().includes("WebSocket connection")) problems.push(message.text());
  });
  const { code } = await client.request("auth.code", {});
  await page.goto(`${server.ready.url}/#code=${code}`);
  await ready(page);
  return page;
}

async function seen(page: Page): Promise<string> {
  if (page.isClosed()) return "A page that was closed.";
  return `${page.url()}\n${(await page.locator("body").innerText()).slice(0, 2_000)}`;
}

/** Connected, and showing. */
export async function ready(page: Page): Promise<void> {
  await page.locator("html[data-tinyvex-ready]").waitFor();
}

export async function show(page: Page, threadId: string): Promise<void> {
  await page.evaluate((fragment) => (location.hash = fragment), `#/t/${encodeURIComponent(threadId)}`);
  await conversation(page).waitFor();
}

export const conversation = (page: Page) => page.getByRole("log", { name: "Conversation" });

/** What the agent has said, message by message. */
export async function said(page: Page): Promise<string[]> {
  return conversation(page).getByRole("article", { name: "Agent", exact: true }).evaluateAll((all) => all.map((one) => one.textContent ?? ""));
}

/** Says something as an agent that the test runs itself. */
export function say(client: TinyvexClient, threadId: string, ...texts: string[]): Promise<unknown> {
  const updates = texts.map((text) => ({ sessionUpdate: "agent_message_chunk" as const, content: { type: "text" as const, text } }));
  return client.request("tvx.ingest", { threadId, provider: "host", updates });
}

export { expect };
