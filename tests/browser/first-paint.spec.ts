import type { Browser } from "@playwright/test";
import { expect, ready, test } from "./console.ts";

/** Milliseconds from asking for the page until something of it is seen. */
const longest = 300;
const loads = 5;
/** Other work on the machine can only add to a time, so one series that holds is enough. */
const mostSeries = 3;

test(`something is seen within ${longest} ms of a first visit`, async ({ stage, browser }) => {
  const medians: number[] = [];
  while (medians.length < mostSeries && !(Math.min(...medians) < longest)) {
    const times: number[] = [];
    for (let i = 0; i < loads; i++) {
      const { code } = await stage.client.request("auth.code", {});
      times.push(Math.round(await firstPaint(browser, `${stage.server.ready.url}/#code=${code}`)));
    }

    console.log(`    first contentful paint: ${times.join(", ")} ms`);
    medians.push(times.sort((a, b) => a - b)[Math.floor(loads / 2)]!);
  }

  expect(Math.min(...medians)).toBeLessThan(longest);
});

/** The time of the first paint with content, in a window that has nothing of the page in its cache. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await ready(page);
  const time = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // Also where it was painted before this looks.
        new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") resolve(startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
  await context.close();
  return time;
}
