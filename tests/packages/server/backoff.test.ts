import { expect, test } from "vitest";
import { Backoff } from "../../../src/packages/server/src/backoff.ts";

test("pauses double up to the longest, and half of each is left to chance", () => {
  const policy = { attempts: 6, windowMs: 1_000, minDelayMs: 100, maxDelayMs: 1_000 };
  const pauses = (random: number) => {
    const backoff = new Backoff(policy, () => 0, () => random);
    return Array.from({ length: 6 }, () => backoff.next()?.delayMs);
  };
  expect(pauses(0)).toEqual([50, 100, 200, 400, 500, 500]);
  expect(pauses(1)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("crashes that are past the window are forgotten", () => {
  let now = 0;
  const backoff = new Backoff({ attempts: 2, windowMs: 1_000 }, () => now);
  const attempts = [0, 500, 999, 2_500, 2_600, 2_700].map((at) => {
    now = at;
    return backoff.next()?.attempt;
  });
  expect(attempts).toEqual([1, 2, undefined, 1, 2, undefined]);
});
